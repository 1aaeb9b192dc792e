"""Sessions and tokens end when they should, wherever copies of them are."""

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from flask_login.utils import encode_cookie
from sqlalchemy import event

from ckanext.sdopen.guard.accounts import sessions
from ckanext.sdopen.tests.guard.accounts.corpus.people import (
    OTHER,
    OWN,
    PASSWORD,
    Browser,
    logged_in,
    person,
    token_of,
    token_works,
)

pytestmark = pytest.mark.usefixtures("clean_portal")

MINUTE = 60


def edited(browser, user, **more):
    """The answer to the form in which people change their password."""
    form = {"name": user["name"], "email": user["email"], "old_password": PASSWORD, "save": "1"}
    return browser.post(f"/user/edit/{user['name']}", {**form, **more})


def by_form(app, browser, user):
    answer = edited(browser, user, password1=OTHER, password2=OTHER)
    assert answer.status_code == 200
    assert browser.is_in()


def by_api(app, browser, user):
    context = {"user": user["name"], "ignore_auth": False}
    call_action("user_update", context, id=user["id"], email=user["email"], password=OTHER)


def by_row(app, browser, user):
    model.User.get(user["id"]).password = OTHER
    model.Session.commit()


def disabled(app, browser, user):
    call_action("user_delete", {"user": factories.Sysadmin()["name"]}, id=user["id"])


def logged_out(app, browser, user):
    browser.get("/user/_logout")
    assert not browser.is_in()


ENDS = {
    "logout": logged_out,
    "form": by_form,
    "api": by_api,
    "command line": by_row,
    "disabling": disabled,
}


@pytest.mark.parametrize("end", ENDS)
def test_no_copy_of_a_session_outlives_what_ends_it(portal_app, end):
    user = person()
    browser, elsewhere = logged_in(portal_app, user), logged_in(portal_app, user)
    copies = [browser.copy(), elsewhere.copy()]
    assert all(copy.is_in() for copy in copies)
    ENDS[end](portal_app, browser, user)
    assert [copy.is_in() for copy in (*copies, elsewhere)] == [False] * 3


@pytest.mark.parametrize("end", ["form", "api", "command line", "disabling"])
def test_tokens_end_with_the_password_and_the_account(portal_app, end):
    user = person()
    token, browser = token_of(user), logged_in(portal_app, user)
    assert token_works(portal_app, token)
    ENDS[end](portal_app, browser, user)
    assert not token_works(portal_app, token)
    assert not model.Session.query(model.ApiToken).filter_by(user_id=user["id"]).count()


def test_tokens_stay_when_somebody_logs_out(portal_app):
    user = person()
    token, browser = token_of(user), logged_in(portal_app, user)
    logged_out(portal_app, browser, user)
    assert token_works(portal_app, token)


def test_another_account_and_other_changes_end_nothing(portal_app):
    user, colleague = person(), person()
    browser, token = logged_in(portal_app, user), token_of(user)
    by_row(portal_app, None, colleague)
    call_action("user_patch", {"user": user["name"]}, id=user["id"], fullname="张三")
    assert browser.is_in()
    assert token_works(portal_app, token)


@pytest.mark.parametrize(
    ("since", "used", "lasts"),
    [
        (0, 0, True),
        (29, 29, True),
        (31, 31, False),
        (7 * 60 + 59, 0, True),
        (8 * 60 + 1, 0, False),
        (8 * 60 + 1, 31, False),
    ],
)
def test_a_session_ends_after_half_an_hour_unused_and_after_eight_hours(
    portal_app, since, used, lasts
):
    browser = logged_in(portal_app, person())
    with browser.session() as kept:
        began, last, epoch = kept["sdopen_session"]
        kept["sdopen_session"] = [began - since * MINUTE, last - used * MINUTE, epoch]
    assert browser.is_in() is lasts


def test_use_keeps_a_session_and_its_end_is_said(portal_app):
    browser = logged_in(portal_app, person())
    with browser.session() as kept:
        began, last, epoch = kept["sdopen_session"]
        kept["sdopen_session"] = [began - 20 * MINUTE, last - 20 * MINUTE, epoch]
    assert browser.is_in()
    with browser.session() as kept:
        used = kept["sdopen_session"]
        assert used[0] == began - 20 * MINUTE
        assert used[1] >= last
        kept["sdopen_session"] = [used[0], used[1] - 31 * MINUTE, epoch]
    assert "会话已结束" in browser.get("/about").body
    assert not browser.is_in()


@pytest.mark.parametrize("stamps", [None, "", [], [1, 2], ["a", "b", "c"], {"since": 1}])
def test_a_session_without_its_stamps_is_nobodys(portal_app, stamps):
    browser = logged_in(portal_app, person())
    with browser.session() as kept:
        kept["sdopen_session"] = stamps
    assert not browser.is_in()


def test_nobody_is_remembered(portal_app):
    user = person()
    browser = Browser(portal_app)
    form = {"login": user["name"], "password": PASSWORD, "remember": "63072000"}
    browser.post("/user/login", form, follow_redirects=False)
    assert browser.is_in()
    assert list(browser.cookies()) == ["ckan"]
    with portal_app.flask_app.test_request_context():
        # as an earlier release issued them
        forged = encode_cookie(user["id"])
    assert not Browser(portal_app, {"remember_token": forged}).is_in()
    assert "field-remember" not in Browser(portal_app).get("/user/login").body


def test_a_token_that_does_not_count_does_not_revive_a_session(portal_app):
    user = person()
    browser, token = logged_in(portal_app, user), token_of(user)
    copy = browser.copy()
    logged_out(portal_app, browser, user)
    for wrong in ("nonsense", token + "x"):
        answer = copy.copy().get(OWN, headers={"Authorization": wrong})
        assert answer.status_code == 401
    asked = copy.get("/api/3/action/sdopen_account_show", headers={"Authorization": token})
    assert asked.json["result"]["name"] == user["name"]


def test_a_token_decides_over_a_session(portal_app):
    browser, other = logged_in(portal_app, person()), person()
    headers = {"Authorization": token_of(other)}
    asked = browser.get("/api/3/action/sdopen_account_show", headers=headers)
    assert asked.json["result"]["name"] == other["name"]


def test_who_is_logged_in_costs_one_query(portal_app):
    browser, seen = logged_in(portal_app, person()), []

    def note(connection, cursor, statement, parameters, context, many):
        seen.append(statement)

    event.listen(model.meta.engine, "before_cursor_execute", note)
    try:
        assert browser.is_in()
    finally:
        event.remove(model.meta.engine, "before_cursor_execute", note)
    asked = [one for one in seen if "sdopen_account" in one and '"user"' in one]
    assert len(asked) == 1


def test_a_changed_password_that_is_not_saved_ends_nothing(portal_app):
    user = person()
    browser = logged_in(portal_app, user)
    model.User.get(user["id"]).password = OTHER
    model.Session.flush()
    model.Session.rollback()
    assert sessions.epoch_of(user["id"]) == 0
    assert browser.is_in()
