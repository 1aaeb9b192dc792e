"""What is done and refused stands in the audit log, in the transaction of what it tells."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories
from ckan.tests.helpers import CKANCliRunner, call_action
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ckanext.sdopen.audit import log
from ckanext.sdopen.audit.kinds import Kind, Result
from ckanext.sdopen.audit.log import Event
from ckanext.sdopen.tests.bulk.corpus.sending import bulk
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    authority,
    catalog,
    created,
    department,
    editor_of,
)
from ckanext.sdopen.tests.corpus.planted import called


@pytest.fixture(scope="module")
def owner(clean_portal):
    return department("省气象局")


def test_the_life_of_an_entry(owner, told):
    user, reviewer = editor_of(owner), authority()
    before = len(told())
    entry = created(catalog(owner["id"], resource_code="307001/990001"), user)
    called("package_patch", user["name"], id=entry["id"], notes="新的摘要")
    called("sdopen_entry_publish", reviewer["name"], id=entry["id"])
    closed = {"opening": "none", "closing_basis": "《条例》第九条"}
    called("package_patch", reviewer["name"], id=entry["id"], **closed)
    called("sdopen_entry_withdraw", reviewer["name"], id=entry["id"], reason="有误")
    called("package_delete", user["name"], id=entry["id"])
    done = [row for row in told()[before:] if row[3] == entry["id"]]
    assert done == [
        ("entry_create", "done", user["name"], entry["id"]),
        ("entry_update", "done", user["name"], entry["id"]),
        ("publish", "done", reviewer["name"], entry["id"]),
        ("class_change", "done", reviewer["name"], entry["id"]),
        ("withdraw", "done", reviewer["name"], entry["id"]),
        ("entry_delete", "done", user["name"], entry["id"]),
    ]


def test_a_write_that_fails_leaves_no_row(owner, told):
    user = editor_of(owner)
    before = told()
    with pytest.raises(tk.ValidationError):
        called("package_create", user["name"], **catalog(owner["id"], sharing="perhaps"))
    model.Session.commit()
    assert told() == before


def test_each_record_of_a_batch_has_its_row(owner, told):
    user = editor_of(owner)
    one = catalog(owner["id"], resource_code="307001/990002")
    wrong = catalog(owner["id"], resource_code="307001/990003", sharing="perhaps")
    before = len(told())
    answer = bulk(user, [one, wrong])
    bulk(user, [{**one, "notes": "新的摘要"}])
    bulk(user, [{**one, "notes": "新的摘要"}])
    entry_id = answer["records"][0]["id"]
    found = [row[:3] for row in told()[before:]]
    assert found == [
        ("entry_create", "done", user["name"]),
        ("entry_create", "refused", user["name"]),
        ("entry_update", "done", user["name"]),
    ]
    assert told()[before][3] == entry_id


def test_without_the_log_nothing_is_written(owner, monkeypatch):
    user = editor_of(owner)
    monkeypatch.setattr(log, "_INSERT", text("INSERT INTO sdopen_audit_gone VALUES (:kind)"))
    with pytest.raises(DBAPIError):
        created(catalog(owner["id"], resource_code="307001/990004"), user)
    model.Session.rollback()
    monkeypatch.undo()
    code = model.Package.extras["resource_code"].astext
    assert model.Session.query(model.Package).filter(code == "307001/990004").count() == 0


def test_roles_tokens_accounts_and_settings(owner, told):
    user = factories.User()
    site = as_site()["user"]
    member = {"id": owner["id"], "username": user["name"], "role": "editor"}
    call_action("organization_member_create", as_site(), **member)
    token = call_action("api_token_create", as_site(), user=user["name"], name="一")
    found = model.Session.query(model.ApiToken).filter_by(user_id=user["id"]).one()
    call_action("api_token_revoke", as_site(), jti=found.id)
    call_action("user_patch", as_site(), id=user["id"], password="Correct-Horse-9")
    call_action("config_option_update", as_site(), **{"ckan.site_description": "目录"})
    call_action("user_delete", as_site(), id=user["id"])
    assert token["token"]
    done = [row[:3] for row in told()]
    assert done == [
        ("user_create", "done", done[0][2]),
        ("role_change", "done", site),
        ("token_issue", "done", site),
        ("token_revoke", "done", site),
        ("password_change", "done", site),
        ("config_change", "done", site),
        ("user_disable", "done", site),
    ]
    said = str(told("details", "object_id"))
    assert "Correct-Horse-9" not in said
    assert "目录" not in said


@pytest.fixture
def browser(portal_app):
    """A browser that nobody used, from an address that nobody locked."""
    model.Session.execute(text("DELETE FROM sdopen_attempt"))
    model.Session.commit()
    return portal_app.app.test_client()


def test_logins_and_refusals_of_requests(owner, told, browser):
    user = factories.User(password="Correct-Horse-9")
    before = len(told())
    form = {"login": user["name"], "password": "Wrong-Horse-9"}
    assert browser.post("/api/3/action/config_option_list", json={}).status_code == 403
    assert browser.post("/api/3/action/sdopen_entry_publish", json={"id": "x"}).status_code == 404
    browser.post("/user/login", data=form)
    browser.post("/user/login", data={**form, "password": "Correct-Horse-9"})
    kinds = [row[0] for row in told()[before:]]
    assert kinds == ["access_denied", "login_failed", "login"]
    names = {row[0]: row[2] for row in told()[before:]}
    assert names["login_failed"] == names["login"] == user["name"]
    addresses = told("address", "request_id")[before:]
    assert all(address and request for address, request in addresses)
    assert len({request for _, request in addresses}) == len(addresses)


def test_locks_and_unlocks(owner, told, browser):
    user = factories.User(password="Correct-Horse-9")
    before = len(told())
    for _ in range(6):
        browser.post("/user/login", data={"login": user["name"], "password": "Wrong-Horse-9"})
    CKANCliRunner().invoke(ckan, ["sdopen", "account", "unlock", user["name"]])
    kinds = [row[0] for row in told()[before:]]
    assert kinds == [*["login_failed"] * 5, "lock", "login_failed", "unlock"]
    assert {row[3] for row in told()[before:]} == {user["id"]}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sdopen_audit SET kind = 'x'",
        "DELETE FROM sdopen_audit",
        "TRUNCATE sdopen_audit",
        "UPDATE sdopen_audit_block SET number = 0",
        "DELETE FROM sdopen_audit_block",
        "TRUNCATE sdopen_audit_block",
    ],
)
def test_the_database_refuses_to_change_it(owner, statement):
    log.record_now([Event(Kind.LOCK, "x", "user", Result.DONE)])
    from ckanext.sdopen.audit import chain

    chain.seal_all()
    with pytest.raises(DBAPIError, match="is not changed"), model.meta.engine.begin() as connection:
        connection.execute(text(statement))


def test_what_somebody_typed_is_kept_as_far_as_it_is_text(owner, told):
    odd = Event(Kind.LOGIN_FAILED, "a\x00b\ud800", "user", Result.REFUSED, {"x": "y" * 9_000})
    log.record_now([odd], "\x00" + "名" * 900)
    account, object_id, details = told("account", "object_id", "details")[-1]
    assert account == "名" * 200
    assert object_id == "ab?"
    assert len(str(details)) < 9_000
