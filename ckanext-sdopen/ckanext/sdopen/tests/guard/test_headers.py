"""Headers of every answer, whatever it answers."""

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action
from werkzeug.exceptions import InternalServerError
from werkzeug.test import Client

from ckanext.sdopen.guard import headers
from ckanext.sdopen.guard.headers import Headers, Options
from ckanext.sdopen.tests.guard.corpus.visits import logged_in

STRICT = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
}


def visit(app, address, method="GET", **more):
    client = app.test_client(use_cookies=False)
    return client.open(address, method=method, follow_redirects=False, **more)


@pytest.fixture
def broken(portal_app, monkeypatch):
    """A page that fails."""

    def fail():
        raise InternalServerError

    monkeypatch.setitem(portal_app.flask_app.view_functions, "home.about", fail)
    return "/about"


@pytest.fixture(scope="module")
def addresses(province):
    """{address: status} of all kinds of answers."""
    table = province["tabled"][0]
    file = f"/dataset/{table.name}/resource/{province['file']['id']}"
    return {
        "/": 200,
        "/en/dataset/": 200,
        f"/dataset/{table.name}": 200,
        file: 200,
        f"{file}/download/table.csv": 200,
        "/organization/": 200,
        "/topic/": 200,
        "/user/login": 200,
        "/library": 308,
        "/user/me": 302,
        "/dataset/new": 403,
        "/dataset/nothing": 404,
        "/nowhere": 404,
        "/api/3/action/package_search": 200,
        "/api/3/action/package_show?id=nothing": 404,
        "/api/3/action/nothing": 400,
        "/api/3/action/user_show?id=nobody": 403,
        "/feeds/sdopen/changes.atom": 200,
        "/catalog.ttl": 200,
        "/robots.txt": 200,
        "/sitemap.xml": 200,
        "/base/images/ckan.ico": 200,
        "/sdopen/custom.css": 200,
    }


def test_every_answer_to_strangers_bears_the_headers_and_sets_no_cookie(portal_app, addresses):
    for address, status in addresses.items():
        answer = visit(portal_app, address)
        assert answer.status_code == status, address
        if not address.endswith("/download/table.csv"):
            assert answer.headers["Content-Security-Policy"] == STRICT, address
        assert ALWAYS.items() <= dict(answer.headers).items(), address
        assert "camera=()" in answer.headers["Permissions-Policy"], address
        # an error page takes back the cookie of a remark that it has shown
        assert "ckan=;" in answer.headers.get("Set-Cookie", "ckan=;"), address
        if status == 200:
            assert "Set-Cookie" not in answer.headers, address
            assert "no-store" not in answer.headers.get("Cache-Control", ""), address
        assert "Strict-Transport-Security" not in answer.headers, address


def test_an_error_page_and_a_refused_form_bear_the_headers(portal_app, broken):
    answers = (
        (visit(portal_app, broken), 500),
        (visit(portal_app, "/user/login", "POST", headers={"Origin": "http://a.example"}), 403),
        (visit(portal_app, "/api/3/action/package_search", "POST", json=[]), 400),
        (visit(portal_app, "/", "DELETE"), 405),
        (visit(portal_app, "/", "HEAD"), 200),
    )
    for answer, status in answers:
        assert answer.status_code == status
        assert answer.headers["Content-Security-Policy"] == STRICT
        assert ALWAYS.items() <= dict(answer.headers).items()


def test_what_was_answered_to_a_token_or_a_cookie_is_kept_nowhere(portal_app, addresses):
    token = factories.APIToken(user=factories.User()["name"])["token"]
    for given in ({"Authorization": token}, {"Authorization": "wrong"}, {"Cookie": "ckan=x"}):
        for address in addresses:
            answer = visit(portal_app, address, headers=given)
            kept = answer.headers.get_all("Cache-Control")
            if address == "/base/images/ckan.ico" and "Cookie" in given:
                assert "no-store" not in str(kept)
            else:
                assert kept == ["private, no-store"], address


def test_a_login_is_kept_nowhere_and_its_pages_allow_what_ckan_writes_into_them(guarded, province):
    session = logged_in(guarded, factories.User()["name"])
    answer = session.get(f"{guarded}/dataset/", timeout=120)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Security-Policy"].startswith(STRICT)
    assert "script-src-attr 'unsafe-hashes' 'sha256-" in answer.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]


def test_strangers_are_told_no_version_and_no_plugins(portal_app):
    def told(**given):
        answer = visit(portal_app, "/api/3/action/status_show", headers=given)
        return set(answer.json["result"])

    plain = {"site_title", "site_description", "site_url", "locale_default"}
    operator = factories.APIToken(user=factories.Sysadmin()["name"])["token"]
    person = factories.APIToken(user=factories.User()["name"])["token"]
    assert told() == plain
    assert told(Authorization=person) == plain
    assert told(Authorization=operator) == plain | {
        "ckan_version",
        "extensions",
        "error_emails_to",
    }
    assert b"2.12" not in visit(portal_app, "/").data


def test_a_style_sheet_of_the_administrator_stands_at_its_own_address(portal_app, clean_portal):
    sheet = "body { color: #123456 }"
    admin = factories.Sysadmin()
    call_action("config_option_update", {"user": admin["name"]}, **{"ckan.site_custom_css": sheet})
    try:
        page = visit(portal_app, "/about").text
        assert 'href="/sdopen/custom.css"' in page
        assert sheet not in page
        found = visit(portal_app, "/sdopen/custom.css")
        assert (found.text, found.mimetype) == (sheet, "text/css")
    finally:
        call_action("config_option_update", {"user": admin["name"]}, **{"ckan.site_custom_css": ""})


def answered(sent=(), environ=None, **options):
    """The headers of a small application's answer."""

    def small(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), *sent])
        return [b""]

    known = {"site_url": "http://data.example.cn", "token_header": "Authorization", **options}
    client = Client(Headers(small, Options(**known)))
    return client.get("/", environ_overrides=environ or {}).headers


def test_browsers_keep_to_https_where_the_portal_has_it():
    https = answered(site_url="https://data.example.cn", hsts_seconds=60)
    assert https["Strict-Transport-Security"] == "max-age=60"
    for options in (
        {"site_url": "https://data.example.cn", "hsts_seconds": 0},
        {"site_url": "http://data.example.cn", "hsts_seconds": 60},
    ):
        assert "Strict-Transport-Security" not in answered(**options)


def test_an_operator_adds_sources_and_tries_them_first():
    sources = (
        "img-src:https://tiles.example.cn",
        "object-src:https://a.example.cn",
        "worker-src:blob:",
        "upgrade-insecure-requests",
    )
    found = answered(sources=sources, report_only=True)
    assert "Content-Security-Policy" not in found
    policy = found["Content-Security-Policy-Report-Only"].split("; ")
    assert "img-src 'self' data: https://tiles.example.cn" in policy
    assert "object-src https://a.example.cn" in policy
    assert "worker-src 'self' blob:" in policy
    assert "upgrade-insecure-requests" in policy


def test_a_site_that_may_frame_the_portal_is_not_refused_by_the_older_header():
    found = answered(sources=("frame-ancestors:https://province.example.cn",))
    assert "X-Frame-Options" not in found
    assert "frame-ancestors 'self' https://province.example.cn" in found["Content-Security-Policy"]


def test_what_an_answer_says_itself_stays():
    own = [("Content-Security-Policy", "sandbox"), ("Referrer-Policy", "no-referrer")]
    found = answered(sent=own)
    assert found.get_all("Content-Security-Policy") == ["sandbox"]
    assert found.get_all("Referrer-Policy") == ["no-referrer"]


def test_an_answer_that_sets_a_cookie_is_kept_nowhere():
    sent = [("Set-Cookie", "ckan=x"), ("Cache-Control", "public, max-age=60"), ("Expires", "x")]
    found = answered(sent=sent)
    assert found.get_all("Cache-Control") == ["private, no-store"]
    assert "Expires" not in found


def test_hashes_are_of_texts_that_ckan_writes_to_the_letter():
    assert len(set(headers.inline.SCRIPTS)) == len(headers.inline.SCRIPTS)
    assert headers.inline.hashes(["width:100%"]) == (
        "'unsafe-hashes'",
        "'sha256-t6oewASd7J1vBg5mQtX4hl8bg8FeegYFM3scKLIhYUc='",
    )
