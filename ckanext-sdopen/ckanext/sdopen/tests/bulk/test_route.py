"""The route of bulk writes: gzip NDJSON in, the action API's answer out."""

import gzip
import json

import pytest
from ckan import model
from ckan.tests import factories

from ckanext.sdopen.tests.corpus.examples import authority, catalog

pytestmark = pytest.mark.usefixtures("clean_portal")
UPSERT = "/api/3/bulk/sdopen_entry_bulk_upsert"


@pytest.fixture(scope="module")
def token(bureau):
    return factories.APIToken(user=authority()["name"])["token"]


def ndjson(records) -> bytes:
    return b"\n".join(json.dumps(record).encode() for record in records)


def send(app, token, body: bytes, status: int = 200, address: str = UPSERT, **headers):
    named = {"Content-Type": "application/x-ndjson", "Authorization": token}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    answer = app.post(address, data=body, headers=named, status=status)
    return answer, json.loads(answer.body)


def test_packed_and_plain_lines_are_taken(portal_app, bureau, token):
    records = [catalog(bureau["id"], resource_code=f"307301/00000{n}") for n in (1, 2)]
    packed = gzip.compress(ndjson(records))
    answer, told = send(
        portal_app,
        token,
        packed,
        address=f"{UPSERT}?run=r1",
        Content_Encoding="gzip",
        Idempotency_Key="1",
    )
    assert told["success"]
    assert [one["result"] for one in told["result"]["records"]] == ["created", "created"]
    assert (told["result"]["run"], told["result"]["key"]) == ("r1", "1")
    assert answer.headers["Cache-Control"] == "private, no-store"
    _, again = send(portal_app, token, ndjson(records) + b"\n\n")
    assert again["result"]["counts"]["unchanged"] == 2


def test_entries_are_withdrawn_by_lines(portal_app, bureau, token):
    _, made = send(
        portal_app, token, ndjson([catalog(bureau["id"], resource_code="307301/000003")])
    )
    name = made["result"]["records"][0]["name"]
    address = "/api/3/bulk/sdopen_entry_bulk_withdraw?reason=停用"
    _, told = send(portal_app, token, ndjson([{"id": name}, {"id": "no-such"}]), address=address)
    assert [one["result"] for one in told["result"]["records"]] == ["updated", "rejected"]
    assert model.Package.get(name).extras["withdrawn_reason"] == "停用"


@pytest.mark.parametrize(
    ("body", "headers", "status", "word"),
    [
        (b'{"type": "dataset"}\nnot json', {}, 400, "第 2 行"),
        (b"[1, 2]", {}, 400, "第 1 条"),
        (b"", {}, 400, "没有条目"),
        (b"plain", {"Content_Encoding": "gzip"}, 400, "gzip"),
        (gzip.compress(b"{}" * 50, mtime=0)[:-9], {"Content_Encoding": "gzip"}, 400, "不完整"),
        (b"\n".join([b"{}"] * 1001), {}, 400, "最多 1000 条"),
        (b'{"a": "' + b"x" * (17 << 20) + b'"}', {}, 413, "16777216"),
        (gzip.compress(b" " * (1 << 28)), {"Content_Encoding": "gzip"}, 413, "16777216"),
        (b"{}", {"Authorization": ""}, 403, "令牌"),
        (b"{}", {"Authorization": "of-nobody"}, 401, "令牌"),
        (b"{}", {"Idempotency_Key": "k" * 201}, 400, "200"),
    ],
)
def test_what_is_no_batch_is_refused_with_what_to_do(
    portal_app, token, body, headers, status, word
):
    _, told = send(portal_app, token, body, status, **headers)
    assert not told["success"]
    assert word in json.dumps(told, ensure_ascii=False)


def test_another_batch_with_the_key_of_one_is_a_conflict(portal_app, token):
    send(portal_app, token, b'{"type": "x"}', Idempotency_Key="one")
    send(portal_app, token, b'{"type": "y"}', 409, Idempotency_Key="one")


def test_who_is_too_fast_learns_when_to_come_again(portal_app, bureau, token, ckan_config):
    send(portal_app, token, ndjson([catalog(bureau["id"], resource_code="307301/000004")]))
    ckan_config["ckanext.sdopen.bulk.outbox_limit"] = 0
    answer, told = send(portal_app, token, b"{}", 503)
    assert answer.headers["Retry-After"] == "5"
    assert "outbox" in told["error"]


def test_no_other_action_is_called_by_the_route(portal_app, token):
    send(portal_app, token, b"{}", 404, address="/api/3/bulk/package_delete")
