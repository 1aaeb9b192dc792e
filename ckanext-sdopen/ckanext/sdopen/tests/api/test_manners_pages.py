"""Programs and browsers meet the manners of HTTP at the API."""

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.tests.corpus import examples

SHOW = "/api/3/action/sdopen_account_show"
SEARCH = "/api/3/action/package_search?rows=1"


@pytest.fixture(scope="module")
def entry(clean_portal):
    return examples.created(examples.harvested(examples.department("山东省示例局")["id"]))


@pytest.fixture(scope="module")
def account(clean_portal):
    user = factories.User(password="Tr0ub4dor&3x")
    given = call_action("api_token_create", {"user": user["name"]}, user=user["name"], name="t")
    return user["name"], given["token"]


@pytest.mark.parametrize("way", ["{}", "Bearer {}", "bearer  {}"])
def test_a_token_is_taken_bare_and_as_bearer(account, portal_app, way):
    name, token = account
    answer = portal_app.get(SHOW, headers={"Authorization": way.format(token)})
    assert answer.json["result"]["name"] == name


@pytest.mark.parametrize("path", [SHOW, SEARCH, "/dataset/", "/catalog.ttl"])
@pytest.mark.parametrize("sent", ["cut-off", "Bearer cut-off", "Bearer cut off"])
def test_a_token_that_names_nobody_is_refused_everywhere(account, portal_app, path, sent):
    answer = portal_app.get(path, headers={"Authorization": sent}, status=401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert "令牌无效" in (answer.json["error"]["message"] if "/api/" in path else answer.body)


def test_a_revoked_token_is_refused(account, portal_app):
    name, _ = account
    given = call_action("api_token_create", {"user": name}, user=name, name="short")["token"]
    headers = {"Authorization": f"Bearer {given}"}
    portal_app.get(SHOW, headers=headers, status=200)
    call_action("api_token_revoke", {"user": name}, token=given)
    portal_app.get(SHOW, headers=headers, status=401)


def test_a_password_for_a_proxy_in_front_is_left_alone(entry, portal_app):
    answer = portal_app.get(SEARCH, headers={"Authorization": "Basic dXNlcjpwYXNz"}, status=200)
    assert answer.json["result"]["count"] == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("en", "Not found"),
        ("en-GB,en;q=0.9,zh;q=0.1", "Not found"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "找不到"),
        ("fr", "找不到"),
        ("", "找不到"),
    ],
)
def test_sentences_come_in_the_language_that_is_asked_for(entry, portal_app, asked, said):
    headers = {"Accept-Language": asked} if asked else {}
    answer = portal_app.get("/api/3/action/package_show?id=none", headers=headers, status=404)
    assert answer.json["error"]["message"].startswith(said)
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_language_in_the_address_goes_before_that_of_the_browser(entry, portal_app):
    headers = {"Accept-Language": "zh-CN"}
    answer = portal_app.get("/en/api/3/action/package_show?id=none", headers=headers, status=404)
    assert answer.json["error"]["message"].startswith("Not found")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/3/action/no_such_action", 400),
        ("/api/3/no-such-address", 404),
        ("/api/3/action/package_show?id=none", 404),
        ("/api/3/action/package_search?rows=many", 409),
    ],
)
def test_an_error_is_one_object_with_the_fields_of_a_problem(entry, portal_app, path, status):
    told = portal_app.get(path, status=status).json
    assert (told["success"], told["status"]) == (False, status)
    assert told["error"]["__type"]
    assert told["type"] == "about:blank"
    assert told["title"]
    assert told["detail"]


def test_a_wrong_field_is_named(entry, portal_app):
    told = portal_app.get("/api/3/action/package_search?rows=many", status=409).json
    assert [one["field"] for one in told["errors"]] == ["rows"]
    assert told["detail"] == told["errors"][0]["message"]


def test_what_did_not_change_is_not_sent_again(entry, portal_app):
    path = f"/api/3/action/package_show?id={entry['id']}"
    first = portal_app.get(path)
    again = portal_app.get(path, headers={"If-None-Match": first.headers["ETag"]}, status=304)
    assert again.data == b""
    call_action("package_patch", examples.as_site(), id=entry["id"], notes="另一段说明")
    changed = portal_app.get(path, headers={"If-None-Match": first.headers["ETag"]}, status=200)
    assert changed.json["result"]["notes"] == "另一段说明"


@pytest.mark.parametrize("path", [SEARCH, "/feeds/dataset.atom", "/catalog.ttl", "/sitemap.xml"])
def test_scripts_of_other_sites_may_read_what_is_no_page(entry, portal_app, path):
    answer = portal_app.get(path, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_pages_are_not_theirs(entry, portal_app):
    answer = portal_app.get("/dataset/", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_browser_that_asks_first_is_told_what_may_be_sent(entry, portal_app):
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = portal_app.options("/api/3/action/package_search", headers=asked, status=200)
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


def test_a_closed_network_ends_that(entry, portal_app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.api.other_sites", False)
    answer = portal_app.get(SEARCH, headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_page_whose_entry_is_called_api_is_a_page(entry, portal_app):
    answer = portal_app.get("/dataset/api/", status=404)
    assert answer.headers["Content-Type"].startswith("text/html")
