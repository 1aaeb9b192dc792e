"""Failures that are counted: for an account, for an address, by every worker."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from ckan import model
from sqlalchemy import text

from ckanext.sdopen.guard.accounts import settings
from ckanext.sdopen.guard.accounts.login import lockout
from ckanext.sdopen.services.layout import ROOT
from ckanext.sdopen.services.servers import web
from ckanext.sdopen.tests.guard.accounts.corpus.people import PASSWORD, Browser, person

pytestmark = pytest.mark.usefixtures("nothing_counted")

WRONG = "Wr0ng-kestrel_9Q"


def later(minutes: int) -> None:
    """Let time pass: all that was counted was counted so much earlier."""
    earlier = "UPDATE sdopen_attempt SET last = last - make_interval(mins => :minutes),"
    earlier += " until = until - make_interval(mins => :minutes)"
    model.Session.execute(text(earlier), {"minutes": minutes})
    model.Session.commit()


def came_in(app, name, password=PASSWORD, address="198.51.100.1"):
    browser = Browser(app)
    browser.login(name, password, headers={"X-Forwarded-For": address})
    return browser.is_in()


def test_the_sixth_try_is_refused_even_with_the_right_password(portal_app):
    name = person()["name"]
    for number in range(5):
        assert not came_in(portal_app, name, WRONG, f"198.51.100.{number}")
    # whatever address it comes from, or says it comes from
    assert not came_in(portal_app, name, address="203.0.113.99")
    later(10)
    assert not came_in(portal_app, name, address="203.0.113.98")
    later(6)
    assert came_in(portal_app, name)


def test_four_failures_are_forgiven_by_the_right_password(portal_app):
    name = person()["name"]
    for _ in range(3):
        for _ in range(4):
            assert not came_in(portal_app, name, WRONG)
        assert came_in(portal_app, name)


def test_name_and_mail_address_are_one_account(portal_app):
    user = person()
    for typed in (user["name"], user["email"], user["email"].upper(), user["name"], user["email"]):
        assert not came_in(portal_app, typed, WRONG)
    assert not came_in(portal_app, user["name"])


def test_names_that_nobody_bears_are_locked_in_the_same_words(portal_app):
    known, said = person()["name"], {}
    for name in (known, "nobody-bears-this"):
        answers = [Browser(portal_app).login(name, WRONG).body for _ in range(7)]
        said[name] = [("15 分钟" in body, "登录失败" in body) for body in answers]
        model.Session.execute(text("DELETE FROM sdopen_attempt WHERE key LIKE 'address:%'"))
        model.Session.commit()
    assert said[known] == [(False, True)] * 5 + [(True, False)] * 2
    assert said["nobody-bears-this"] == said[known]


def test_an_address_is_locked_after_five_accounts_and_others_are_not(portal_app):
    honest = person()["name"]
    for number in range(5):
        assert not came_in(portal_app, f"guess{number}", WRONG)
    assert not came_in(portal_app, honest)
    assert came_in(portal_app, honest, address="198.51.100.2")
    later(16)
    assert came_in(portal_app, honest)


def test_whoever_forgot_a_password_does_not_lock_out_colleagues(portal_app):
    forgetful, colleague = person()["name"], person()["name"]
    for _ in range(8):
        assert not came_in(portal_app, forgetful, WRONG)
    assert came_in(portal_app, colleague)
    # nor do many who need two tries
    for name in [person()["name"] for _ in range(7)]:
        assert not came_in(portal_app, name, WRONG)
        assert came_in(portal_app, name)
    assert came_in(portal_app, colleague)


def test_a_refused_try_does_not_prolong_the_lock(portal_app):
    name = person()["name"]
    for number in range(5):
        came_in(portal_app, name, WRONG, f"198.51.100.{number}")
    later(10)
    assert not came_in(portal_app, name)
    later(6)
    assert came_in(portal_app, name)


def test_a_stranger_cannot_choose_the_address_that_is_counted(portal_app):
    stranger = {"REMOTE_ADDR": "203.0.113.7"}
    for number in range(6):
        browser = Browser(portal_app)
        said = {"X-Forwarded-For": f"192.0.2.{number}"}
        browser.login(f"guess{number}", WRONG, headers=said, environ_overrides=stranger)
    keys = model.Session.scalars(text("SELECT key FROM sdopen_attempt WHERE key LIKE 'address%'"))
    assert list(keys) == ["address:203.0.113.7"]


def test_tries_made_at_once_are_counted_before_they_are_made():
    account, source = lockout.account_key(None, "many at once"), lockout.address_key("192.0.2.1")
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: lockout.take(account, source), range(40)))
    assert sum(taken) == settings.lockout()[0]


def test_the_password_of_the_edit_form_is_counted_too(portal_app):
    user = person()
    browser = Browser(portal_app)
    browser.login(user["name"])
    form = {"name": user["name"], "email": "other@example.com", "save": "1"}
    for _ in range(5):
        browser.post(f"/user/edit/{user['name']}", {**form, "old_password": WRONG})
    browser.post(f"/user/edit/{user['name']}", {**form, "old_password": PASSWORD})
    assert model.User.get(user["id"]).email == user["email"]


def test_rows_of_long_ago_are_swept():
    for number in range(30):
        lockout.take(f"name:{number}", f"address:192.0.2.{number}")
    later(120)
    lockout.take("name:new", "address:192.0.2.200")
    left = model.Session.scalars(text("SELECT key FROM sdopen_attempt"))
    kept = sorted(left)
    assert len(kept) <= 12
    lockout.take("name:newer", "address:192.0.2.201")
    kept = sorted(model.Session.scalars(text("SELECT key FROM sdopen_attempt")))
    assert kept == [
        "address:192.0.2.200",
        "address:192.0.2.201",
        "name:new",
        "name:newer",
    ]


@pytest.mark.slow
def test_it_holds_in_every_worker_and_without_redis(tmp_path):
    name = person()["name"]
    dead = {"CKAN_REDIS_URL": "redis://127.0.0.1:1/0"}
    with web.serve(ROOT / "test.ini", tmp_path / "web.log", dead) as url:

        def login(password):
            # a connection of its own reaches whichever worker is free
            form = {"login": name, "password": password}
            answer = requests.post(f"{url}/user/login", form, allow_redirects=False, timeout=120)
            return answer.status_code

        assert login(PASSWORD) == 302
        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(login, [WRONG] * 8)) == {200}
        assert [login(PASSWORD) for _ in range(6)] == [200] * 6
        later(16)
        assert login(PASSWORD) == 302
