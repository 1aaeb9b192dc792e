"""The steps of a login after the password: a second factor, a password that is too old."""

import re
import time

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy import text

from ckanext.sdopen.guard.accounts import second_factor
from ckanext.sdopen.guard.accounts.login import steps
from ckanext.sdopen.guard.accounts.login.steps import Step
from ckanext.sdopen.guard.accounts.rules import totp
from ckanext.sdopen.tests.corpus.examples import as_site, authority
from ckanext.sdopen.tests.guard.accounts.corpus.people import (
    OTHER,
    PASSWORD,
    Browser,
    logged_in,
    person,
)

pytestmark = pytest.mark.usefixtures("nothing_counted")

REQUIRED = "ckanext.sdopen.guard.second_factor_required"


def codes_of(secret, steps_from_now=0):
    return totp.hotp(secret, totp.step(time.time()) + steps_from_now)


def secret_of(body):
    shown = re.search(r"<p class=\"sd-key\"><code>([A-Z2-7 ]+)</code>", body).group(1)
    plain = shown.replace(" ", "")
    return totp.base64.b32decode(plain + "=" * (-len(plain) % 8))


def recovery_codes(body):
    return re.findall(r"<li><code>([0-9a-f]{8}-[0-9a-f]{8})</code></li>", body)


def used_long_ago(user):
    """As if the last code had been taken long ago: the test goes on within the same half minute."""
    model.Session.execute(
        text("UPDATE sdopen_account SET totp_step = 0 WHERE user_id = :id"), {"id": user["id"]}
    )
    model.Session.commit()


def enrolled(app, user):
    """(secret, recovery codes) of an account that sets up its second factor."""
    browser = logged_in(app, user)
    secret = secret_of(browser.get("/user/second-factor").body)
    answer = browser.post("/user/second-factor", {"code": codes_of(secret)})
    codes = recovery_codes(answer.body)
    assert len(codes) == 10
    used_long_ago(user)
    return secret, codes


@pytest.mark.parametrize(
    ("enrolled", "required", "expired", "done", "step"),
    [
        (False, False, False, (), None),
        (True, False, False, (), Step.CODE),
        (True, False, False, ("code",), None),
        (False, True, False, (), Step.ENROL),
        (True, True, False, ("enrol",), None),
        (True, True, True, ("code",), Step.RENEW),
        (False, False, True, (), Step.RENEW),
        (False, False, True, ("renew",), None),
    ],
)
def test_which_step_is_left(enrolled, required, expired, done, step):
    assert steps.next_step(enrolled, required, expired, done) == step


def test_with_a_second_factor_the_password_alone_opens_nothing(portal_app):
    user = person()
    secret, _ = enrolled(portal_app, user)
    browser = Browser(portal_app)
    answer = browser.login(user["name"])
    assert answer.headers["Location"].endswith("/user/login/code")
    assert not browser.is_in()
    assert "错误" in browser.post("/user/login/code", {"code": "000000x"}).body
    assert not browser.is_in()
    browser.post("/user/login/code", {"code": codes_of(secret)})
    assert browser.is_in()


def test_no_code_is_taken_twice(portal_app):
    user = person()
    secret, codes = enrolled(portal_app, user)
    code = codes_of(secret, 1)
    outcomes = []
    for typed in (code, code, codes[3], codes[3].upper(), codes[4]):
        browser = Browser(portal_app)
        browser.login(user["name"])
        browser.post("/user/login/code", {"code": typed})
        outcomes.append(browser.is_in())
    assert outcomes == [True, False, True, False, True]


def test_codes_are_not_to_be_guessed(portal_app):
    user = person()
    secret, codes = enrolled(portal_app, user)
    for _ in range(5):
        browser = Browser(portal_app)
        # the right password forgives no wrong code
        browser.login(user["name"])
        browser.post("/user/login/code", {"code": "wrong"})
    browser = Browser(portal_app)
    browser.login(user["name"])
    for code in (codes_of(secret), codes[0]):
        assert "15 分钟" in browser.post("/user/login/code", {"code": code}).body
    assert not browser.is_in()


def test_secret_and_recovery_codes_stand_nowhere_in_the_clear(portal_app):
    user = person()
    secret, codes = enrolled(portal_app, user)
    row = model.Session.execute(
        text("SELECT totp_secret, recovery_codes FROM sdopen_account WHERE user_id = :id"),
        {"id": user["id"]},
    ).one()
    kept = f"{row.totp_secret} {row.recovery_codes}"
    assert totp.written(secret) not in kept
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]
    assert second_factor.unsealed(row.totp_secret) == secret
    shown = call_action("user_show", as_site(), id=user["id"], include_plugin_extras=True)
    assert not any("totp" in key or "recovery" in key for key in shown)


def test_it_is_removed_with_the_password(portal_app):
    user = person()
    secret, _ = enrolled(portal_app, user)
    browser = Browser(portal_app)
    browser.login(user["name"])
    browser.post("/user/login/code", {"code": codes_of(secret)})
    assert "不正确" in browser.post("/user/second-factor/remove", {"password": OTHER}).body
    assert second_factor.is_enrolled(user["id"])
    browser.post("/user/second-factor/remove", {"password": PASSWORD})
    assert not second_factor.is_enrolled(user["id"])
    assert logged_in(portal_app, user).is_in()


def test_administrators_set_it_up_before_they_come_in(portal_app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, REQUIRED, True)
    admin, citizen = authority(), person()
    model.User.get(admin["id"]).password = PASSWORD
    model.Session.commit()
    assert logged_in(portal_app, citizen).is_in()
    browser = Browser(portal_app)
    answer = browser.login(admin["name"])
    assert answer.headers["Location"].endswith("/user/login/enrol")
    secret = secret_of(browser.get("/user/login/enrol").body)
    assert not browser.is_in()
    assert "不符" in browser.post("/user/login/enrol", {"code": "12"}).body
    assert not browser.is_in()
    answer = browser.post("/user/login/enrol", {"code": codes_of(secret)})
    assert len(recovery_codes(answer.body)) == 10
    browser.get("/user/login/next")
    assert browser.is_in()


def aged(user, days):
    model.Session.execute(
        text(
            "INSERT INTO sdopen_account (user_id, password_changed)"
            " VALUES (:id, timezone('utc', now()) - make_interval(days => :days))"
            " ON CONFLICT (user_id) DO UPDATE SET password_changed = excluded.password_changed"
        ),
        {"id": user["id"], "days": days},
    )
    model.Session.commit()


def test_a_password_of_ninety_days_is_renewed_at_login(portal_app):
    user = person()
    aged(user, 89)
    assert logged_in(portal_app, user).is_in()
    aged(user, 91)
    browser = Browser(portal_app)
    assert browser.login(user["name"]).headers["Location"].endswith("/user/login/renew")
    assert not browser.is_in()

    def sent(first, second):
        return browser.post("/user/login/renew", {"password1": first, "password2": second})

    assert "不一致" in sent(OTHER, PASSWORD).body
    assert "容易被猜中" in sent("Shandong@2024", "Shandong@2024").body
    assert "最近 5 次" in sent(PASSWORD, PASSWORD).body
    assert not browser.is_in()
    sent(OTHER, OTHER)
    assert browser.is_in()
    assert Browser(portal_app).login(user["name"], PASSWORD).status_code == 200
    again = Browser(portal_app)
    again.login(user["name"], OTHER)
    assert again.is_in()


def test_a_password_never_ends_where_a_setting_says_so(portal_app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.password_days", 0)
    user = person()
    aged(user, 10_000)
    assert logged_in(portal_app, user).is_in()


def test_an_account_whose_password_never_changed_is_as_old_as_itself(portal_app):
    user = person()
    model.Session.execute(
        text("UPDATE \"user\" SET created = now() - interval '100 days' WHERE id = :id"),
        {"id": user["id"]},
    )
    model.Session.commit()
    browser = Browser(portal_app)
    assert browser.login(user["name"]).headers["Location"].endswith("/user/login/renew")


@pytest.mark.parametrize("page", ["code", "enrol", "renew", "next"])
def test_the_steps_are_nobodys_without_a_login_under_way(portal_app, page):
    answer = Browser(portal_app).get(f"/user/login/{page}", follow_redirects=False)
    assert answer.headers["Location"].endswith("/user/login")


def test_a_login_under_way_ends_after_ten_minutes_and_with_the_password(portal_app):
    user = person()
    secret, _ = enrolled(portal_app, user)
    browser = Browser(portal_app)
    browser.login(user["name"])
    with browser.session() as kept:
        kept["sdopen_login"] = {**kept["sdopen_login"], "until": time.time() - 1}
    browser.post("/user/login/code", {"code": codes_of(secret)})
    assert not browser.is_in()
    browser.login(user["name"])
    model.User.get(user["id"]).password = OTHER
    model.Session.commit()
    browser.post("/user/login/code", {"code": codes_of(secret)})
    assert not browser.is_in()
