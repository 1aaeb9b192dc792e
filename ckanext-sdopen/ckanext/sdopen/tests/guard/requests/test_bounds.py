"""A request that brings too much is refused in one sentence before anything reads it."""

import io
import json

import pytest
from ckan.tests import factories

from ckanext.sdopen.guard.requests import bounds

pytestmark = pytest.mark.usefixtures("clean_portal")
SEARCH = "/api/3/action/package_search"


@pytest.fixture(scope="module")
def account(clean_portal):
    """The headers of an account's requests."""
    return {"Authorization": factories.UserWithToken()["token"]}


def told(answer) -> str:
    """What an answer says; of the API, the message in CKAN's envelope."""
    if answer.mimetype != "application/json":
        return answer.get_data(as_text=True)
    body = json.loads(answer.get_data())
    assert body["success"] is False
    assert body["error"]["__type"]
    return body["error"]["message"]


def refused(answer, status: int, *words: str) -> None:
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    text = told(answer)
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("path", ["/dataset/", SEARCH])
def test_a_long_address(portal_app, ckan_config, monkeypatch, path):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.address_bytes", 1_000)
    sent = {"q": "x" * (1_000 - len(path) - 2)}
    assert portal_app.get(path, query_string=sent).status_code == 200
    sent["q"] += "x"
    refused(portal_app.get(path, query_string=sent), 414, "1000", "字节")
    refused(portal_app.get(f"/en{path}", query_string=sent), 414, "longer than 1000 bytes")


def test_many_parameters_of_an_address(portal_app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.parameters", 5)
    assert portal_app.get("/dataset/?" + "&".join(["q=x"] * 5)).status_code == 200
    refused(portal_app.get("/dataset/?" + "&".join(["q=x"] * 6)), 414, "5 个")


def test_long_headers(portal_app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.header_bytes", 2_000)
    fits = portal_app.get("/about", headers={"X-Of-Theirs": "x" * 1_500})
    assert fits.status_code == 200
    refused(portal_app.get("/about", headers={"X-Of-Theirs": "x" * 2_000}), 431, "2000")
    refused(portal_app.get(SEARCH, headers={"X-Of-Theirs": "x" * 2_000}), 431, "2000")


def post(app, body: bytes, mimetype: str = "application/json", path: str = SEARCH, **more):
    headers = {"Content-Type": mimetype, **more.pop("headers", {})}
    return app.post(path, data=body, headers=headers, **more)


def test_a_stranger_sends_less_than_an_account(portal_app, account, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.anonymous_bytes", 1_000)
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.json_bytes", 5_000)
    body = json.dumps({"q": "x", "rows": 0}).encode()
    assert post(portal_app, body.ljust(1_000)).status_code == 200
    refused(post(portal_app, body.ljust(1_001)), 413, "1000", "登录")
    assert post(portal_app, body.ljust(5_000), headers=account).status_code == 200
    refused(post(portal_app, body.ljust(5_001), headers=account), 413, "5000")


def test_a_body_that_does_not_tell_its_length_is_read_up_to_the_bound(
    portal_app, ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.anonymous_bytes", 1_000)
    # as gunicorn hands over a body that comes in chunks
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    endless = io.BytesIO(json.dumps({"q": "x"}).encode().ljust(1_000_000))
    answer = portal_app.post(
        SEARCH,
        input_stream=endless,
        headers={"Content-Type": "application/json"},
        environ_overrides=chunked,
    )
    refused(answer, 413, "1000")
    assert endless.tell() <= 100_000


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"


def part(number: int, content: bytes = b"x") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="f{number}"\r\n\r\n'.encode()
    return head + content + b"\r\n"


@pytest.mark.parametrize("path", ["/user/login", SEARCH])
def test_the_fields_of_a_strangers_form(portal_app, ckan_config, monkeypatch, path):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.anonymous_fields", 3)
    fields = b"&".join(b"f%d=x" % n for n in range(4))
    refused(post(portal_app, fields, FORM, path), 413, "3 栏")
    parts = b"".join(part(n) for n in range(4)) + b"--b--\r\n"
    refused(post(portal_app, parts, PARTS, path), 413, "3 栏")


def test_the_size_of_a_form(portal_app, account, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.form_bytes", 2_000)
    long = b"q=" + b"x" * 2_000
    refused(post(portal_app, long, FORM, headers=account), 413, "2000")
    parts = part(1, b"x" * 2_001) + b"--b--\r\n"
    refused(post(portal_app, parts, PARTS, headers=account), 413, "2000")


def test_an_account_sends_a_file_as_large_as_the_largest_that_is_taken(
    portal_app, account, ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.form_bytes", 1_000)
    for name in ("ckan.max_image_size", "ckanext.sdopen.workbook.megabytes"):
        monkeypatch.setitem(ckan_config, name, 1)
    monkeypatch.setitem(ckan_config, "ckan.max_resource_size", 2)
    with portal_app.flask_app.test_request_context(
        "/x", method="POST", data={"upload": (io.BytesIO(b"x"), "a.csv")}
    ) as context:
        bounds.bound_body(context.request, known=True)
        assert context.request.max_content_length == (2 << 20) + 1_000 + 1
    # a stranger uploads nothing
    with portal_app.flask_app.test_request_context(
        "/x", method="POST", data={"upload": (io.BytesIO(b"x"), "a.csv")}
    ) as context:
        bounds.bound_body(context.request, known=False)
        assert context.request.max_content_length == bounds.setting("anonymous_bytes") + 1


def test_batches_keep_their_own_bound(portal_app, account, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.json_bytes", 10)
    body, path = b'{"type": "dataset"}\n', "/api/3/bulk/sdopen_entry_bulk_upsert"
    answer = post(portal_app, body, "application/x-ndjson", path, headers=account)
    # read whole: what is said is that this account writes nothing
    assert answer.status_code == 403


@pytest.mark.parametrize("address", ["/dataset/?q=%00", "/dataset/a%00b", "/a%00", "/?x%00=1"])
def test_a_sign_that_nothing_stores_in_an_address_of_a_page(portal_app, address):
    refused(portal_app.get(address), 400, "U+0000")


@pytest.mark.parametrize("mimetype", [FORM, PARTS])
def test_a_sign_that_nothing_stores_in_a_form(portal_app, mimetype):
    body = b"login=a%00b" if mimetype == FORM else part(1, b"a\x00b") + b"--b--\r\n"
    refused(post(portal_app, body, mimetype, "/user/login"), 400, "U+0000")
