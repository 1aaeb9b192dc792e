"""Cookies of sessions, and the tables of accounts."""

import pytest
import requests
from ckan import model
from ckan.cli.db import _run_migrations
from ckan.common import CKANConfig
from sqlalchemy import text

from ckanext.sdopen.guard.accounts import settings
from ckanext.sdopen.tests.corpus.portal import empty_portal
from ckanext.sdopen.tests.guard.accounts.corpus.people import PASSWORD, person

TABLES = {"sdopen_account", "sdopen_attempt", "sdopen_mail"}


@pytest.mark.parametrize(
    ("site_url", "secure"), [("https://data.example.cn", True), ("http://data.example.cn", None)]
)
def test_cookies_go_over_https_only_where_the_portal_does(site_url, secure):
    config = CKANConfig({"ckan.site_url": site_url})
    settings.prepare_cookies(config)
    assert config.get("SESSION_COOKIE_SECURE") is secure
    assert config.get("REMEMBER_COOKIE_SECURE") is secure


def test_the_application_takes_the_life_of_the_cookie(portal_app):
    assert portal_app.flask_app.permanent_session_lifetime.total_seconds() == 8 * 3600


def test_a_login_over_http_gets_a_cookie_of_eight_hours(clean_portal, served):
    form = {"login": person()["name"], "password": PASSWORD}
    answer = requests.post(f"{served}/user/login", form, allow_redirects=False, timeout=120)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("ckan=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "remember_token" not in cookie


def test_a_wrong_proxy_is_found_at_the_start():
    key = "ckanext.sdopen.guard.proxies"
    for good in ("127.0.0.0/8 ::1 unix", ["10.0.0.1"], "", None):
        settings.check_proxies(CKANConfig({key: good}))
    with pytest.raises(ValueError, match="our-proxy"):
        settings.check_proxies(CKANConfig({key: "127.0.0.1 our-proxy"}))


def present():
    found = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return set(model.Session.scalars(found))


def test_the_migration_goes_both_ways():
    empty_portal()
    assert present() >= TABLES
    model.Session.close()
    _run_migrations("sdopen", "003_bulk", False)
    assert not present() & TABLES
    model.Session.close()
    _run_migrations("sdopen", "head", True)
    assert present() >= TABLES
