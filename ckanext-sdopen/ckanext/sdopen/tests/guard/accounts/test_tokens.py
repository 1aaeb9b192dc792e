"""API tokens end, and a clock that goes a little wrong does no harm."""

import time

import jwt
import pytest
from ckan import model
from ckan.lib import api_token
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.guard.accounts import tokens
from ckanext.sdopen.tests.guard.accounts.corpus.people import (
    PASSWORD,
    logged_in,
    person,
    token_of,
    token_works,
)

pytestmark = pytest.mark.usefixtures("clean_portal")

DAY = 86_400


def life(token):
    """How many seconds a token lasts from when it was made."""
    held = jwt.decode(token, options={"verify_signature": False})
    return held["exp"] - held["iat"]


def made(user, **more):
    context = {"user": user["name"], "ignore_auth": False}
    return call_action("api_token_create", context, user=user["name"], name="t", **more)["token"]


def changed(token, **claims):
    """The same token, signed by the portal, with other times."""
    held = jwt.decode(token, options={"verify_signature": False})
    return api_token.encode_token({**held, **claims})


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ({}, 365),
        ({"expires_in": 7, "unit": DAY}, 7),
        ({"expires_in": 2 * DAY}, 2),
        ({"expires_in": 10_000, "unit": DAY}, 365),
    ],
)
def test_a_token_lasts_as_asked_and_a_year_at_most(asked, days):
    token = made(person(), **asked)
    assert abs(life(token) - days * DAY) <= 60


def test_the_default_is_a_setting(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.token_days", 30)
    assert abs(life(made(person())) - 30 * DAY) <= 60


def test_a_token_that_ended_opens_nothing(portal_app):
    token = token_of(person())
    assert token_works(portal_app, token)
    now = int(time.time())
    assert token_works(portal_app, changed(token, exp=now + 3600))
    assert not token_works(portal_app, changed(token, exp=now - 120))


def test_a_clock_may_go_wrong_by_a_minute_and_no_more(portal_app):
    token, now = token_of(person()), int(time.time())
    # half of it, for the machine may be busy
    assert token_works(portal_app, changed(token, iat=now + 30))
    assert not token_works(portal_app, changed(token, iat=now + 3600))
    assert tokens.decoded("no token") is None


def test_the_end_of_a_token_is_kept_with_it():
    user = person()
    made(user)
    context = {"user": user["name"], "ignore_auth": False}
    (shown,) = call_action("api_token_list", context, user_id=user["name"])
    row = model.ApiToken.get(shown["id"])
    assert row.plugin_extras["expire_api_token"]["exp"].startswith("20")


def test_the_page_of_tokens_makes_one_that_ends(portal_app):
    user = person()
    browser = logged_in(portal_app, user)
    address = f"/user/{user['name']}/api-tokens"
    assert browser.get(address).status_code == 200
    browser.post(address, {"name": "by hand"})
    (row,) = model.Session.query(model.ApiToken).filter_by(user_id=user["id"])
    assert row.plugin_extras["expire_api_token"]["exp"].startswith("20")


def test_the_tests_own_accounts_have_tokens_and_good_passwords(portal_app):
    for factory in (factories.UserWithToken, factories.SysadminWithToken):
        user = factory()
        assert token_works(portal_app, user["token"])
        assert model.User.get(user["id"]).validate_password(PASSWORD)
