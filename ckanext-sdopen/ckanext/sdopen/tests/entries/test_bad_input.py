"""Every wrong input gets a clear answer, and nothing is written."""

import json

import pytest
from ckan import model
from ckan.tests import factories

from ckanext.sdopen.tests.corpus.examples import catalog, department, editor_of

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture(scope="module")
def bureau(clean_portal):
    return department("山东省统计局")


@pytest.fixture(scope="module")
def headers(bureau):
    user = editor_of(bureau)
    token = factories.APIToken(user=user["name"])["token"]
    return {"Authorization": token, "Content-Type": "application/json"}


def count() -> int:
    return model.Session.query(model.Package.id).count()


def sent(app, headers, body: bytes | str, action="package_create"):
    before = count()
    answer = app.post(f"/api/3/action/{action}", headers=headers, data=body)
    assert count() == before, "nothing is written"
    return answer


TOO_MANY = [{"name": f"项{n}", "data_type": "D"} for n in range(10_000)]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "名\x00称", "控制字符"),
        ("notes", "摘\ud800要", "控制字符"),
        ("notes", "长" * 1_000_000, "50000"),
        ("title", ["列", "表"], "文字"),
        ("title", {"zh": "对象"}, "文字"),
        ("info_items", TOO_MANY, "2000"),
        ("info_items", "不是表", "若干行"),
        ("info_items", [["嵌套"]], "若干行"),
        ("info_items", [{"name": {"a": 1}, "data_type": "D"}], "文字"),
        ("topics", {"a": 1}, "列表"),
        ("record_count", [1], "文字"),
        ("census_stored_gb", "1e400", "数字"),
        ("released_on", 20240105, "2024-01-05"),
        ("owner_org", ["x"], ""),
        ("resources", {"a": 1}, "若干行"),
        ("resources", [{"name": "f", "url": "http://e.org/a"}] * 2, "http://e.org/a"),
        ("tags", "药店", "若干行"),
        ("resource_code", {"a": 1}, ""),
        ("extras", "x", ""),
        ("type", "no_such_type", ""),
        ("type", ["dataset"], ""),
        ("id", {"a": 1}, None),
        ("state", "no_such_state", None),
    ],
)
def test_a_wrong_value_is_told_with_its_field(portal_app, headers, bureau, field, value, said):
    payload = {**catalog(bureau["id"], resource_code="307061/000001"), field: value}
    if said is None:
        # derived by the server whatever is sent, or refused
        answer = portal_app.post(
            "/api/3/action/package_create", headers=headers, data=json.dumps(payload)
        )
        assert answer.status_code in (200, 409)
        return
    answer = sent(portal_app, headers, json.dumps(payload))
    assert answer.status_code in (400, 404, 409), answer.body[:500]
    told = json.loads(answer.body)
    assert told["success"] is False
    if said:
        assert said in json.dumps(told["error"].get(field), ensure_ascii=False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1, 2]",
        b'"text"',
        b"\xff\xfe{}",
        '{"title": "名称"}'.encode("gb18030"),
        b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
        b'{"type": "dataset"}',
        b"NaN",
    ],
)
def test_a_body_that_is_no_entry_is_refused(portal_app, headers, body):
    answer = sent(portal_app, headers, body)
    assert 400 <= answer.status_code < 500, answer.body[:500]
    assert json.loads(answer.body)


def test_all_that_is_wrong_is_told_at_once_with_the_items_index(portal_app, headers, bureau):
    items = [{"name": "a", "data_type": "D"}, {"name": "b", "data_type": "?"}]
    payload = catalog(bureau["id"], info_items=items, sharing="x", census_stored_gb="12G")
    answer = sent(portal_app, headers, json.dumps({**payload, "resource_code": "x"}))
    error = json.loads(answer.body)["error"]
    assert answer.status_code == 409
    assert {"info_items", "sharing", "census_stored_gb", "resource_code"} <= set(error)
    assert error["info_items"][0] == {}
    assert "data_type" in error["info_items"][1]


def test_a_classified_entry_leaves_nothing_of_itself(portal_app, headers, bureau, caplog):
    secret = "绝密★长期 某某工程坐标"
    payload = catalog(bureau["id"], resource_code="307061/000002", notes=secret, sharing="x")
    answer = sent(portal_app, headers, json.dumps(payload))
    assert answer.status_code == 409
    error = json.loads(answer.body)["error"]
    assert set(error) == {"notes", "__type"}
    assert "某某工程" not in json.dumps(error, ensure_ascii=False)
    assert "某某工程" not in caplog.text


@pytest.mark.parametrize(
    "change",
    [
        {"tags": [{"name": "机密级"}]},
        {"resources": [{"name": "坐标（绝密）", "url": "https://example.org/a.csv"}]},
    ],
)
def test_a_mark_in_a_tag_or_a_files_name_refuses_the_entry(portal_app, headers, bureau, change):
    payload = {**catalog(bureau["id"], resource_code="307061/000003"), **change}
    headers = {**headers, "Content-Type": "application/json"}
    answer = sent(portal_app, headers, json.dumps(payload))
    assert answer.status_code == 409
    told = json.dumps(json.loads(answer.body), ensure_ascii=False)
    assert "国家秘密" in told
    assert "坐标" not in told
