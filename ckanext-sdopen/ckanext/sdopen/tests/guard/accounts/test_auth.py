"""Who sees accounts, and which exist."""

import json

import ckan.logic
import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.tests.corpus.examples import catalog, created, department, editor_of
from ckanext.sdopen.tests.guard.accounts.corpus.people import (
    PASSWORD,
    Browser,
    logged_in,
    person,
)

pytestmark = pytest.mark.usefixtures("clean_portal")

SHOWN = "zqofficerqz"


@pytest.fixture(scope="module")
def world(clean_portal):
    """A department with an officer whose name is a canary, a colleague elsewhere, a citizen."""
    bureau, other = department("某局"), department("另局")
    officer, colleague = editor_of(bureau, "admin"), editor_of(other)
    citizen = person()
    for user in (officer, colleague):
        model.User.get(user["id"]).password = PASSWORD
    model.User.get(officer["id"]).fullname = SHOWN
    model.Session.commit()
    entry = created(catalog(bureau["id"]), officer)
    return {
        "bureau": bureau,
        "officer": officer,
        "colleague": colleague,
        "citizen": citizen,
        "entry": entry,
    }


def pages(world):
    name, bureau = world["officer"]["name"], world["bureau"]["name"]
    return [
        "/user/",
        f"/user/{name}",
        f"/user/{name}/organizations",
        f"/user/activity/{name}",
        f"/user/followers/{name}",
        f"/organization/members/{bureau}",
        f"/organization/admins/{bureau}",
        f"/organization/followers/{bureau}",
        f"/api/2/util/user/autocomplete?q={name}",
    ]


def test_members_of_the_public_see_no_account(portal_app, world):
    citizen = logged_in(portal_app, world["citizen"])
    for browser in (Browser(portal_app), citizen):
        for page in pages(world):
            answer = browser.get(page)
            assert (page, answer.status_code) == (page, 403)
            assert SHOWN not in answer.body


def test_nor_who_did_something(portal_app, world):
    citizen = logged_in(portal_app, world["citizen"])
    for browser in (Browser(portal_app), citizen):
        for page in (
            f"/organization/activity/{world['bureau']['name']}",
            f"/dataset/activity/{world['entry']['name']}",
            f"/organization/{world['bureau']['name']}",
            f"/organization/about/{world['bureau']['name']}",
        ):
            body = browser.get(page).body
            assert SHOWN not in body
            assert f"/user/{world['officer']['name']}" not in body


def test_an_account_and_none_are_refused_alike(portal_app, world):
    for page in ("/user/{}", "/user/{}/organizations", "/user/activity/{}", "/user/followers/{}"):
        answers = [
            Browser(portal_app).get(page.format(name))
            for name in (world["officer"]["name"], "nobody-bears-this")
        ]
        assert [answer.status_code for answer in answers] == [403, 403]


def test_government_accounts_see_accounts(portal_app, world):
    browser = logged_in(portal_app, world["colleague"])
    assert SHOWN in browser.get(f"/user/{world['officer']['name']}").body
    assert SHOWN in browser.get("/user/").body
    assert SHOWN in browser.get(f"/organization/admins/{world['bureau']['name']}").body


def test_everybody_sees_himself(portal_app, world):
    citizen = world["citizen"]
    browser = logged_in(portal_app, citizen)
    assert browser.get(f"/user/{citizen['name']}").status_code == 200
    assert browser.get(f"/user/edit/{citizen['name']}").status_code == 200
    context = {"user": citizen["name"], "ignore_auth": False}
    assert call_action("user_show", dict(context))["name"] == citizen["name"]
    assert call_action("organization_list_for_user", dict(context)) == []


def test_administrators_see_all(world):
    context = {"user": factories.Sysadmin()["name"], "ignore_auth": False}
    names = {one["name"] for one in call_action("user_list", dict(context))}
    assert {world["officer"]["name"], world["citizen"]["name"]} <= names
    found = call_action("user_list", dict(context), email=world["citizen"]["email"])
    assert [one["name"] for one in found] == [world["citizen"]["name"]]


def test_no_mail_address_is_found_by_government_accounts(world):
    context = {"user": world["colleague"]["name"], "ignore_auth": False}
    with pytest.raises(tk.NotAuthorized):
        call_action("user_list", context, email=world["citizen"]["email"])


def get_actions():
    tk.get_action("package_show")
    names = ckan.logic._actions.items()
    return sorted(name for name, one in names if getattr(one, "side_effect_free", False))


def answer(name, reader, asked):
    """(kind, text) of what an action answers to a reader; the name that was asked for is X."""
    user = model.User.get(reader) if reader else None
    context = {"user": reader, "auth_user_obj": user, "ignore_auth": False}
    try:
        found = tk.get_action(name)(context, dict(asked))
    except Exception as error:  # noqa: BLE001 CKAN's own fail in many ways where words are odd
        model.Session.rollback()
        return type(error).__name__, str(error)
    if isinstance(found, dict):
        found = {key: value for key, value in found.items() if key != "until"}
    return "answered", json.dumps(found, ensure_ascii=False, default=str)


@pytest.mark.slow
@pytest.mark.parametrize("reader", ["", "citizen"])
def test_no_action_tells_the_public_which_accounts_exist(portal_app, world, reader):
    asks = world[reader]["name"] if reader else ""
    officer, told = world["officer"], []
    with portal_app.flask_app.test_request_context():
        for name in get_actions():
            for key in ("id", "user", "user_id", "q", "query", "name"):
                more = {"include_users": True, "all_fields": True, "object_type": "user"}
                kinds = []
                for typed in (officer["name"], "nobody-bears-this"):
                    kind, text = answer(name, asks, {**more, key: typed})
                    kinds.append((kind, text.replace(typed, "X")))
                if kinds[0] != kinds[1]:
                    told.append((name, key, kinds))
            for reference in (world["bureau"]["id"], world["entry"]["id"]):
                _, text = answer(name, asks, {"id": reference, "include_users": True})
                if SHOWN in text or officer["name"] in text:
                    told.append((name, reference, text[:200]))
    assert told == []
