"""Addresses of files: refused by form and API, left out by batches, never a link where stored."""

import pytest
from ckan import model
from ckan.lib import search
from ckan.tests.helpers import call_action

from ckanext.sdopen.tests.corpus.examples import catalog, created, department
from ckanext.sdopen.tests.entries.files.corpus.handed_in import api, bulk

# as in case 10
BAD = [
    "无",
    "暂无",
    "-",
    "/",
    "/opt/data/水库.xlsx",
    "D:\\data\\水库.xlsx",
    "http://a.example.com/x.csv http://b.example.com/y.csv",
    "http://a.example.com/x.csv；http://b.example.com/y.csv",
    "javascript:alert(1)",
    "www.example.com/x.csv",
    "ftp://reader:secret@data.example.com/x.csv",
]
GOOD = "http://data.example.com/水库 名录.csv"
KEPT = "http://data.example.com/水库%20名录.csv"


@pytest.fixture(scope="module")
def record(publisher):
    owner = department("山东省水利厅", "370000")
    return catalog(owner["id"], resource_code="307001/940001")


@pytest.fixture(scope="module")
def entry(record):
    return created(record)


@pytest.mark.parametrize("address", BAD)
def test_the_api_refuses_it_with_a_sentence(portal_app, token, record, entry, address):
    status, told = api(
        portal_app, token, "resource_create", package_id=entry["id"], name="x", url=address
    )
    assert status == 409
    assert len(told["url"]) == 1
    files = [{"name": "a", "url": GOOD}, {"name": "b", "url": address}]
    status, told = api(
        portal_app, token, "package_update", **{**record, "id": entry["id"], "resources": files}
    )
    assert status == 409
    assert [set(one) for one in told["resources"]] == [set(), {"url"}]
    assert "secret" not in str(told)
    assert not call_action("package_show", id=entry["id"])["resources"]


@pytest.mark.parametrize("address", BAD)
def test_the_form_refuses_it_with_a_sentence(portal_app, token, entry, address):
    answer = portal_app.post(
        f"/dataset/{entry['name']}/resource/new",
        data={"id": "", "save": "go-metadata", "name": "x", "url": address, "url_type": ""},
        headers={"Authorization": token},
        follow_redirects=False,
    )
    assert answer.status_code == 200
    assert "地址" in answer.body
    assert not call_action("package_show", id=entry["id"])["resources"]


def test_a_batch_leaves_them_out_and_keeps_the_entry(portal_app, token, record):
    code = "307001/940002"
    files = [
        {"name": str(number), "url": address}
        for number, address in enumerate([*BAD[:3], GOOD, *BAD[3:]])
    ]
    sent = {**record, "title": "批量", "resource_code": code, "resources": files}
    (told,) = bulk(portal_app, token, sent)
    assert told["result"] == "created", told
    assert [f["item"] for f in told["findings"]] == [0, 1, 2, *range(4, len(files))]
    assert {(f["field"], f["part"], f["severity"]) for f in told["findings"]} == {
        ("resources", "url", "warning")
    }
    assert "secret" not in str(told)
    shown = call_action("package_show", id=told["id"])
    assert [one["url"] for one in shown["resources"]] == [KEPT]
    # sent again it is the same: the kept file keeps its id
    (again,) = bulk(portal_app, token, {**sent, "notes": "改过的摘要。"})
    assert again["result"] == "updated"
    ids = [one["id"] for one in call_action("package_show", id=told["id"])["resources"]]
    assert ids == [shown["resources"][0]["id"]]


def test_a_batch_by_the_actions_does_the_same(portal_app, token, record, monkeypatch):
    from ckanext.sdopen.bulk import way

    monkeypatch.setattr(way, "_chosen", lambda: ({}, "a test asks for the actions"))
    files = [{"name": "a", "url": "无"}, {"name": "b", "url": "暂无"}, {"name": "c", "url": GOOD}]
    sent = {**record, "title": "逐条", "resource_code": "307001/940003", "resources": files}
    (told,) = bulk(portal_app, token, sent)
    assert told["result"] == "created", told
    assert [(f["code"], f["item"]) for f in told["findings"]] == [
        ("address_none", 0),
        ("address_none", 1),
    ]
    shown = call_action("package_show", id=told["id"])
    assert [one["url"] for one in shown["resources"]] == [KEPT]


@pytest.fixture(scope="module")
def old(record):
    """An entry whose files have such addresses, as an older portal stored them."""
    files = [
        {
            "name": f"旧{number}",
            "url": f"https://data.example.com/{number}",
            "source_key": str(number),
        }
        for number in range(len(BAD))
    ]
    entry = created(
        {**record, "title": "旧目录", "resource_code": "307001/940004", "resources": files}
    )
    for resource, address in zip(entry["resources"], BAD, strict=True):
        model.Session.get(model.Resource, resource["id"]).url = address
    model.Session.commit()
    search.rebuild(entry["id"])
    return call_action("package_show", id=entry["id"])


def test_a_stored_one_is_no_link_and_no_download(portal_app, old):
    for resource, address in zip(old["resources"], BAD, strict=True):
        page = portal_app.get(f"/dataset/{old['name']}/resource/{resource['id']}")
        # what has no scheme is shown with one, and leads somewhere
        is_link = address.startswith("www.")
        assert (f'href="{resource["url"]}"' in page.body) is is_link, address
        answer = portal_app.get(
            f"/dataset/{old['id']}/resource/{resource['id']}/download/x", follow_redirects=False
        )
        assert answer.status_code == (302 if is_link else 404), address
    assert "javascript:alert" not in portal_app.get(f"/dataset/{old['name']}").body
    turtle = portal_app.get(f"/dataset/{old['id']}.ttl").body
    assert turtle.count("dcat:downloadURL") == 1
    assert "<http://www.example.com/x.csv>" in turtle


def test_an_entry_of_before_can_be_edited_without_touching_them(portal_app, token, old):
    status, told = api(portal_app, token, "package_patch", id=old["id"], notes="另一个摘要。")
    assert status == 200, told
    status, told = api(portal_app, token, "resource_patch", id=old["resources"][0]["id"], name="新")
    assert status == 200, told
    status, told = api(
        portal_app, token, "resource_patch", id=old["resources"][0]["id"], url="没有"
    )
    assert status == 409, told
