"""Settings that make a portal unsafe: one small function for each rule, in one list."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_network

from ckanext.sdopen.guard.doctor.rules.findings import Area, Finding, Severity
from ckanext.sdopen.guard.doctor.rules.portal import Portal

# HS256 takes a key of 32 bytes (RFC 7518 3.2)
_KEY_BYTES = 32
_FEWEST_SIGNS = 12
_SAMPLES = ("only-for-tests", "changeme", "change_me", "example", "sample", "default", "secret")
_DAY = 86_400
_SESSION_HOURS, _IDLE_MINUTES, _TOKEN_DAYS = 8, 30, 366
_WAIT, _STATEMENT = 5, 60
_FAILURES, _LENGTH, _CLASSES = 10, 10, 3
# plugins that fetch addresses which somebody else wrote
_FETCHING = frozenset({"resource_proxy", "datapusher", "xloader"})
_SMALLEST_NETWORK = {4: 8, 6: 16}


def _strong_key(portal: Portal) -> bool:
    key = portal.text("SECRET_KEY").removeprefix("string:")
    varied = len(set(key)) >= _FEWEST_SIGNS
    sample = any(word in key.lower() for word in _SAMPLES)
    return len(key.encode()) >= _KEY_BYTES and varied and not sample


def _closed_files(portal: Portal) -> bool:
    return not portal.open_files


def _no_debug(portal: Portal) -> bool:
    return not portal.says("debug")


def _encrypted(portal: Portal) -> bool:
    return portal.is_https or portal.is_local


def _csrf_repaired(portal: Portal) -> bool:
    return portal.csrf_repaired


def _csrf_on(portal: Portal) -> bool:
    return portal.says("WTF_CSRF_ENABLED")


def _csrf_ends(portal: Portal) -> bool:
    return 0 < portal.number("WTF_CSRF_TIME_LIMIT") <= _DAY


def _secure_cookies(portal: Portal) -> bool:
    names = ("SESSION_COOKIE_SECURE", "REMEMBER_COOKIE_SECURE")
    return not portal.is_https or all(map(portal.says, names))


def _http_only_cookies(portal: Portal) -> bool:
    return portal.says("SESSION_COOKIE_HTTPONLY")


def _same_site(portal: Portal) -> bool:
    names = ("SESSION_COOKIE_SAMESITE", "REMEMBER_COOKIE_SAMESITE")
    return all(portal.text(name) in ("Lax", "Strict") for name in names)


def _session_ends(portal: Portal) -> bool:
    return 0 < portal.number("ckanext.sdopen.guard.session_hours") <= _SESSION_HOURS


def _session_idles(portal: Portal) -> bool:
    return 0 < portal.number("ckanext.sdopen.guard.session_idle_minutes") <= _IDLE_MINUTES


def _accounts_hidden(portal: Portal) -> bool:
    return not portal.says("ckan.auth.public_user_details")


def _api_by_token(portal: Portal) -> bool:
    return portal.origin_checked or not portal.says("ckan.auth.enable_cookie_auth_in_api")


def _tokens_end(portal: Portal) -> bool:
    return 0 < portal.number("ckanext.sdopen.guard.token_days") <= _TOKEN_DAYS


def _no_accounts_by_api(portal: Portal) -> bool:
    return not portal.says("ckan.auth.create_user_via_api")


def _registration_by_mail(portal: Portal) -> bool:
    return not portal.says("ckan.auth.create_user_via_web") or bool(portal.text("smtp.server"))


def _anonymous_reads_only(portal: Portal) -> bool:
    return not portal.says("ckan.auth.anon_create_dataset")


def _locks(portal: Portal) -> bool:
    return 0 < portal.number("ckanext.sdopen.guard.lockout_failures") <= _FAILURES


def _long_passwords(portal: Portal) -> bool:
    return portal.number("ckanext.sdopen.guard.password_length") >= _LENGTH


def _mixed_passwords(portal: Portal) -> bool:
    return portal.number("ckanext.sdopen.guard.password_classes") >= _CLASSES


def _second_factor(portal: Portal) -> bool:
    return portal.says("ckanext.sdopen.guard.second_factor_required")


def _narrow(written: str) -> bool:
    try:
        network = ip_network(written, strict=False)
    except ValueError:
        return written == "unix"
    return network.prefixlen >= _SMALLEST_NETWORK[network.version]


def _few_proxies(portal: Portal) -> bool:
    return all(_narrow(str(one)) for one in portal.settings.get("ckanext.sdopen.guard.proxies", ()))


def _no_sql(portal: Portal) -> bool:
    return not portal.says("ckan.datastore.sqlsearch.enabled")


def _no_fetching(portal: Portal) -> bool:
    return bool(portal.text("ckan.download_proxy")) or not portal.plugins & _FETCHING


def _version_hidden(portal: Portal) -> bool:
    return portal.says("ckan.hide_version")


def _own_scripts_only(portal: Portal) -> bool:
    return not portal.says("ckan.cors.origin_allow_all")


def _bodies_bounded(portal: Portal) -> bool:
    names = ("json_bytes", "form_bytes", "anonymous_bytes")
    return all(portal.number(f"ckanext.sdopen.guard.{name}") > 0 for name in names)


def _policy_enforced(portal: Portal) -> bool:
    return not portal.says("ckanext.sdopen.guard.csp_report_only")


def _keeps_to_https(portal: Portal) -> bool:
    return not portal.is_https or portal.number("ckanext.sdopen.guard.hsts_seconds") > 0


def _search_ends(portal: Portal) -> bool:
    return 0 < portal.number("ckanext.sdopen.breaker.solr_read_seconds") <= _WAIT


def _statements_end(portal: Portal) -> bool:
    return 0 < portal.number("ckanext.sdopen.breaker.statement_seconds") <= _STATEMENT


def _fetching_ends(portal: Portal) -> bool:
    return 0 < portal.number("ckan.requests.timeout") <= _WAIT


def _harvest_ends(portal: Portal) -> bool:
    return "harvest" not in portal.plugins or portal.number("ckan.harvest.timeout") > 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name in texts.yaml, the setting that it is about, and what that should be."""

    name: str
    severity: Severity
    is_safe: Callable[[Portal], bool]
    setting: str
    good: str


_E, _W = Severity.ERROR, Severity.WARNING
_OWN = "ckanext.sdopen"
RULES = (
    Rule("secret_key", _E, _strong_key, "SECRET_KEY", "32+ random bytes"),
    Rule("open_files", _E, _closed_files, "chmod", "600"),
    Rule("debug", _E, _no_debug, "debug", "false"),
    Rule("https", _E, _encrypted, "ckan.site_url", "https://…"),
    Rule("csrf_repaired", _E, _csrf_repaired, "ckan", "2.12 + CVE-2026-41255"),
    Rule("csrf_on", _E, _csrf_on, "WTF_CSRF_ENABLED", "true"),
    Rule("csrf_ends", _W, _csrf_ends, "WTF_CSRF_TIME_LIMIT", f"1…{_DAY}"),
    Rule("cookies_secure", _E, _secure_cookies, "SESSION_COOKIE_SECURE", "true"),
    Rule("cookies_http_only", _E, _http_only_cookies, "SESSION_COOKIE_HTTPONLY", "true"),
    Rule("same_site", _E, _same_site, "REMEMBER_COOKIE_SAMESITE", "Lax"),
    Rule("session_ends", _W, _session_ends, f"{_OWN}.guard.session_hours", "1…8"),
    Rule("session_idles", _W, _session_idles, f"{_OWN}.guard.session_idle_minutes", "1…30"),
    Rule("accounts_hidden", _E, _accounts_hidden, "ckan.auth.public_user_details", "false"),
    Rule("api_by_token", _E, _api_by_token, "ckan.auth.enable_cookie_auth_in_api", "false"),
    Rule("tokens_end", _W, _tokens_end, f"{_OWN}.guard.token_days", "1…366"),
    Rule("accounts_by_api", _E, _no_accounts_by_api, "ckan.auth.create_user_via_api", "false"),
    Rule("registration", _W, _registration_by_mail, "ckan.auth.create_user_via_web", "false"),
    Rule("anonymous", _E, _anonymous_reads_only, "ckan.auth.anon_create_dataset", "false"),
    Rule("lockout", _E, _locks, f"{_OWN}.guard.lockout_failures", "1…10"),
    Rule("password_length", _W, _long_passwords, f"{_OWN}.guard.password_length", "10+"),
    Rule("password_classes", _W, _mixed_passwords, f"{_OWN}.guard.password_classes", "3+"),
    Rule("second_factor", _W, _second_factor, f"{_OWN}.guard.second_factor_required", "true"),
    Rule("proxies", _E, _few_proxies, f"{_OWN}.guard.proxies", "127.0.0.0/8 ::1 unix"),
    Rule("sql", _E, _no_sql, "ckan.datastore.sqlsearch.enabled", "false"),
    Rule("fetching", _E, _no_fetching, "ckan.download_proxy", "http://…"),
    Rule("version_hidden", _W, _version_hidden, "ckan.hide_version", "true"),
    Rule("cors", _W, _own_scripts_only, "ckan.cors.origin_allow_all", "false"),
    Rule("bodies", _E, _bodies_bounded, f"{_OWN}.guard.json_bytes", "> 0"),
    Rule("policy", _W, _policy_enforced, f"{_OWN}.guard.csp_report_only", "false"),
    Rule("hsts", _W, _keeps_to_https, f"{_OWN}.guard.hsts_seconds", "31536000"),
    Rule("search_ends", _W, _search_ends, f"{_OWN}.breaker.solr_read_seconds", "1…5"),
    Rule("statements_end", _W, _statements_end, f"{_OWN}.breaker.statement_seconds", "1…60"),
    Rule("fetching_ends", _W, _fetching_ends, "ckan.requests.timeout", "1…5"),
    Rule("harvest_ends", _W, _harvest_ends, "ckan.harvest.timeout", "60"),
)


def judge(portal: Portal) -> Iterator[Finding]:
    """A finding for each rule that is broken, and one that counts those that hold."""
    broken = [rule for rule in RULES if not rule.is_safe(portal)]
    for rule in broken:
        facts: dict[str, str | int] = {"setting": rule.setting, "good": rule.good}
        if rule.name == "open_files":
            facts["files"] = ", ".join(portal.open_files)
        yield Finding(Area.SETTINGS, rule.name, rule.severity, facts)
    count = len(RULES) - len(broken)
    yield Finding(Area.SETTINGS, "settings", Severity.OK, {"count": count})
