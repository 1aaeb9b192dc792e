"""The doctor's page: for system administrators alone, kept by nobody."""

import pytest
from ckan.tests import factories

from ckanext.sdopen.guard.doctor import report
from ckanext.sdopen.guard.doctor.rules.findings import Area, Finding, Severity

pytestmark = pytest.mark.usefixtures("clean_portal")
PAGE = "/sdopen/doctor"


def headers(account):
    return {"Authorization": account["token"]}


def test_strangers_and_accounts_are_refused_before_anything_is_looked_at(portal_app, monkeypatch):
    monkeypatch.setattr(report, "findings", lambda: pytest.fail("looked"))
    member = factories.UserWithToken()
    editor = factories.UserWithToken()
    factories.Organization(region="370100", users=[{"name": editor["name"], "capacity": "admin"}])
    answers = [
        portal_app.get(PAGE),
        portal_app.get(PAGE, headers=headers(member)),
        portal_app.get(PAGE, headers=headers(editor)),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not any("PostgreSQL" in answer.text for answer in answers)


def test_an_administrator_reads_what_is_wrong_and_what_to_do(portal_app):
    operator = factories.SysadminWithToken()
    answer = portal_app.get(PAGE, headers=headers(operator))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "未设置备份。" in answer.text
    assert "ckanext.sdopen.doctor.backup_file" in answer.text
    english = portal_app.get(f"/en{PAGE}", headers=headers(operator))
    assert "No backup is set up." in english.text
    assert "only-for-tests" not in answer.text + english.text


def test_what_a_finding_tells_is_escaped(portal_app, monkeypatch):
    odd = Finding(Area.WORK, "tasks_never", Severity.ERROR, {"tasks": "<b>odd</b>"})
    monkeypatch.setattr(report, "findings", lambda: [odd])
    text = portal_app.get(PAGE, headers=headers(factories.SysadminWithToken())).text
    assert "&lt;b&gt;odd&lt;/b&gt;" in text
    assert "<b>odd" not in text


def test_the_pages_of_administration_lead_there(portal_app):
    operator = factories.SysadminWithToken()
    text = portal_app.get("/ckan-admin/", headers=headers(operator)).text
    assert f'href="{PAGE}"' in text
