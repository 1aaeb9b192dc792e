"""Each rule about settings: it is silent on a safe portal and names the unsafe one."""

from dataclasses import replace

import pytest

from ckanext.sdopen.guard.doctor.rules.findings import Severity
from ckanext.sdopen.guard.doctor.rules.portal import Portal
from ckanext.sdopen.guard.doctor.rules.settings_rules import RULES, judge

GUARD = "ckanext.sdopen.guard."
SAFE = {
    "SECRET_KEY": "string:q8Zr1tVw6xYb3nKc9pLd5sMf2hJg7uRa",
    "debug": False,
    "ckan.site_url": "https://data.example.cn",
    "smtp.starttls": True,
    "smtp.server": "mail.example.cn",
    "WTF_CSRF_ENABLED": True,
    "WTF_CSRF_TIME_LIMIT": 86_400,
    "SESSION_COOKIE_SECURE": True,
    "REMEMBER_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "REMEMBER_COOKIE_SAMESITE": "Strict",
    f"{GUARD}session_hours": 8,
    f"{GUARD}session_idle_minutes": 30,
    "ckan.auth.public_user_details": False,
    "ckan.auth.enable_cookie_auth_in_api": True,
    f"{GUARD}token_days": 365,
    "ckan.auth.create_user_via_api": False,
    "ckan.auth.create_user_via_web": True,
    "ckan.auth.anon_create_dataset": False,
    f"{GUARD}lockout_failures": 5,
    f"{GUARD}password_length": 10,
    f"{GUARD}password_classes": 3,
    f"{GUARD}second_factor_required": True,
    f"{GUARD}proxies": ["127.0.0.0/8", "::1", "unix", "10.2.0.7"],
    "ckan.datastore.sqlsearch.enabled": False,
    "ckan.hide_version": True,
    "ckan.cors.origin_allow_all": False,
    f"{GUARD}json_bytes": 1,
    f"{GUARD}form_bytes": 1,
    f"{GUARD}anonymous_bytes": 1,
    f"{GUARD}csp_report_only": False,
    f"{GUARD}hsts_seconds": 31_536_000,
    "ckanext.sdopen.breaker.solr_read_seconds": 3,
    "ckanext.sdopen.breaker.statement_seconds": 60,
    "ckan.requests.timeout": 5,
    "ckan.harvest.timeout": 60,
}
HEALTHY = Portal(SAFE, plugins=frozenset({"sdopen", "harvest"}))


def but(**settings):
    """A safe portal but for these settings; a double underscore stands for a full stop."""
    return replace(HEALTHY, settings=SAFE | {k.replace("__", "."): v for k, v in settings.items()})


def guard(**settings):
    return replace(HEALTHY, settings=SAFE | {GUARD + name: v for name, v in settings.items()})


BREAKER = "ckanext__sdopen__breaker__"
UNSAFE = [
    ("secret_key", but(SECRET_KEY="short")),
    ("secret_key", but(SECRET_KEY="a" * 64)),
    ("secret_key", but(SECRET_KEY="string:q8Zr1tVw6xYb3nKc9pLd5sMf-changeme")),
    ("secret_key", but(SECRET_KEY="")),
    ("open_files", replace(HEALTHY, open_files=("/etc/sdopen/portal.ini",))),
    ("debug", but(debug="true")),
    ("https", but(ckan__site_url="http://data.example.cn")),
    ("csrf_repaired", replace(HEALTHY, csrf_repaired=False)),
    ("csrf_on", but(WTF_CSRF_ENABLED=False)),
    ("csrf_ends", but(WTF_CSRF_TIME_LIMIT=31_536_000)),
    ("csrf_ends", but(WTF_CSRF_TIME_LIMIT=None)),
    ("cookies_secure", but(SESSION_COOKIE_SECURE=False)),
    ("cookies_secure", but(REMEMBER_COOKIE_SECURE=False)),
    ("cookies_http_only", but(SESSION_COOKIE_HTTPONLY=False)),
    ("same_site", but(REMEMBER_COOKIE_SAMESITE=None)),
    ("same_site", but(SESSION_COOKIE_SAMESITE="None")),
    ("session_ends", guard(session_hours=24)),
    ("session_idles", guard(session_idle_minutes=0)),
    ("accounts_hidden", but(ckan__auth__public_user_details=True)),
    ("api_by_token", replace(HEALTHY, origin_checked=False)),
    ("tokens_end", guard(token_days=0)),
    ("tokens_end", guard(token_days=3650)),
    ("accounts_by_api", but(ckan__auth__create_user_via_api=True)),
    ("registration", but(smtp__server="")),
    ("anonymous", but(ckan__auth__anon_create_dataset=True)),
    ("lockout", guard(lockout_failures=0)),
    ("lockout", guard(lockout_failures=1000)),
    ("password_length", guard(password_length=6)),
    ("password_classes", guard(password_classes=1)),
    ("second_factor", guard(second_factor_required=False)),
    ("proxies", guard(proxies=["0.0.0.0/0"])),
    ("proxies", guard(proxies=["::/0"])),
    ("sql", but(ckan__datastore__sqlsearch__enabled=True)),
    ("fetching", replace(HEALTHY, plugins=frozenset({"resource_proxy"}))),
    ("version_hidden", but(ckan__hide_version=False)),
    ("cors", but(ckan__cors__origin_allow_all=True)),
    ("bodies", guard(anonymous_bytes=0)),
    ("policy", guard(csp_report_only=True)),
    ("hsts", guard(hsts_seconds=0)),
    ("search_ends", but(**{f"{BREAKER}solr_read_seconds": 60})),
    ("statements_end", but(**{f"{BREAKER}statement_seconds": 0})),
    ("fetching_ends", but(ckan__requests__timeout=100)),
    ("harvest_ends", but(ckan__harvest__timeout=None)),
]


def broken(portal):
    return [one.check for one in judge(portal) if one.severity is not Severity.OK]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_holds_on_a_safe_portal(rule):
    assert rule.is_safe(HEALTHY)


@pytest.mark.parametrize(("name", "portal"), UNSAFE)
def test_an_unsafe_portal_breaks_the_rule_and_no_other(name, portal):
    assert broken(portal) == [name]


def test_every_rule_has_a_portal_that_breaks_it():
    assert {rule.name for rule in RULES} == {name for name, _ in UNSAFE}


def test_exceptions_of_the_rules_are_safe():
    assert broken(but(smtp__starttls=False)) == []
    tokens_only = but(ckan__auth__enable_cookie_auth_in_api=False)
    assert broken(replace(tokens_only, origin_checked=False)) == []
    assert broken(but(ckan__auth__create_user_via_web=False, smtp__server="")) == []
    proxied = but(ckan__download_proxy="http://proxy.example.cn:3128")
    assert broken(replace(proxied, plugins=frozenset({"xloader"}))) == []
    here = but(ckan__site_url="http://127.0.0.1:5000", SESSION_COOKIE_SECURE=False)
    assert broken(here) == []


def test_those_that_hold_are_counted_and_a_finding_says_what_the_setting_should_be():
    (fine,) = list(judge(HEALTHY))
    assert fine.facts == {"count": len(RULES)}
    wrong, fine = judge(but(debug=True))
    assert (wrong.severity, dict(wrong.facts)) == ("error", {"setting": "debug", "good": "false"})
    assert fine.facts == {"count": len(RULES) - 1}


def test_no_finding_tells_the_value_of_a_secret():
    (wrong, _) = judge(but(SECRET_KEY="only-for-tests"))
    assert "only-for-tests" not in str(wrong)
