"""A login costs the same, and says the same, whoever has an account."""

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from passlib.handlers import pbkdf2
from passlib.hash import pbkdf2_sha512
from sqlalchemy import event, text

from ckanext.sdopen.guard.accounts.login import credentials
from ckanext.sdopen.tests.corpus.examples import as_site
from ckanext.sdopen.tests.guard.accounts.corpus.people import PASSWORD, Browser, person

pytestmark = pytest.mark.usefixtures("nothing_counted")


@pytest.fixture
def rounds(monkeypatch):
    """The rounds of each hash that is computed."""
    computed, real = [], pbkdf2.pbkdf2_hmac

    def counted(digest, secret, salt, rounds, keylen=None):
        computed.append(rounds)
        return real(digest, secret, salt, rounds, keylen)

    monkeypatch.setattr(pbkdf2, "pbkdf2_hmac", counted)
    return computed


def invited():
    """An account that was never given a password."""
    user = person()
    model.Session.execute(
        text('UPDATE "user" SET password = NULL WHERE id = :id'), {"id": user["id"]}
    )
    model.Session.commit()
    return user["name"]


def disabled():
    user = person()
    call_action("user_delete", as_site(), id=user["id"])
    return user["name"]


CASES = {
    "a wrong password": lambda: person()["name"],
    "a mail address": lambda: person()["email"],
    "no password yet": invited,
    "disabled": disabled,
    "nobody": lambda: "nobody-bears-this",
    "nobody's mail": lambda: "nobody@example.com",
    "no name": lambda: "",
    "a long name": lambda: "x" * 5000,
}


@pytest.mark.parametrize("case", CASES)
def test_each_failed_login_costs_one_hash_and_says_the_same(portal_app, rounds, case):
    typed = CASES[case]()
    rounds.clear()
    answer = Browser(portal_app).login(typed, "Wr0ng-kestrel_9Q")
    assert rounds == [pbkdf2_sha512.default_rounds]
    assert answer.status_code == 200
    assert "登录失败：用户名或密码不正确" in answer.body
    assert typed == "" or typed not in answer.body


def test_a_name_that_nothing_can_store_is_refused_before_the_form_reads_it(portal_app, rounds):
    answer = Browser(portal_app).login("a\0b", "Wr0ng-kestrel_9Q")
    assert answer.status_code == 400
    assert rounds == []
    assert credentials.account_of("a\0b") is None


def test_an_empty_password_costs_the_same(portal_app, rounds):
    for typed in (person()["name"], "nobody-bears-this"):
        rounds.clear()
        Browser(portal_app).login(typed, "")
        assert rounds == [pbkdf2_sha512.default_rounds]


def test_a_failed_login_asks_the_database_the_same(portal_app):
    asked = {}
    for typed in (person()["name"], "nobody-bears-this"):
        seen = asked.setdefault(typed, [])

        def note(connection, cursor, statement, parameters, context, many, seen=seen):
            seen.append(statement.split("WHERE")[0])

        event.listen(model.meta.engine, "before_cursor_execute", note)
        try:
            Browser(portal_app).login(typed, "Wr0ng-kestrel_9Q")
        finally:
            event.remove(model.meta.engine, "before_cursor_execute", note)
    known, unknown = asked.values()
    assert known == unknown
    assert known


def test_the_right_password_comes_in_by_name_and_mail(portal_app):
    user = person()
    for typed in (user["name"], user["email"].upper()):
        browser = Browser(portal_app)
        assert browser.login(typed, PASSWORD).status_code == 302
        assert browser.is_in()


def test_a_mail_address_finds_the_account_that_is_in_use(portal_app):
    first = person(email="shared@example.com")
    call_action("user_delete", as_site(), id=first["id"])
    second = person(email="shared@example.com")
    browser = Browser(portal_app)
    browser.login("Shared@example.com", PASSWORD)
    assert second["name"] in browser.get("/user/edit").body


def test_a_login_leads_to_pages_of_the_portal_only(portal_app):
    name = person()["name"]
    form = {"login": name, "password": PASSWORD}
    for target, led in (("/about", "/about"), ("https://example.org/", "/dashboard/")):
        browser = Browser(portal_app)
        answer = browser.post(f"/user/login?next={target}", form, follow_redirects=False)
        assert answer.headers["Location"].startswith(f"http://test.sdopen.example{led}")
