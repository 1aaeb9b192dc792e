"""What only the server says of a file, by every way in."""

import io

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.sdopen.bulk import way
from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.tests.corpus.examples import as_site, catalog, created, department
from ckanext.sdopen.tests.entries.files.corpus.handed_in import (
    CSV,
    api,
    as_user,
    bulk,
    given,
    rows_of,
)

CODE = "307001/930001"
ALONE = ("size", "hash", "mimetype", "url_type", "datastore_active", "original_filename")
FALSE = {
    "size": 7,
    "hash": "false",
    "mimetype": "text/html",
    "datastore_active": True,
    "original_filename": "false.html",
    "last_modified": "2001-01-01T00:00:00",
}


@pytest.fixture(scope="module")
def record(publisher):
    owner = department("山东省水利厅", "370000")
    return catalog(owner["id"], resource_code=CODE)


@pytest.fixture(scope="module")
def entry(record):
    return created(record)


@pytest.fixture
def resource(publisher, entry):
    made = given(publisher, entry["id"], file_name="水库名录.csv")
    yield made
    call_action("package_patch", as_site(), id=entry["id"], resources=[])


def stored(resource_id):
    """What is stored of a resource, and whether it gives its file."""
    model.Session.expire_all()
    row = model.Session.get(model.Resource, resource_id).as_dict()
    return {name: row.get(name) for name in (*ALONE, "url", "last_modified")}


def written(app, token, record, **resource):
    """What became of a batch of one record with one resource."""
    (told,) = bulk(app, token, {**record, "resources": [resource]})
    return told


@pytest.mark.parametrize(
    "write", ["resource_update", "resource_patch", "package_update", "package_revise", "bulk"]
)
def test_what_is_said_of_a_file_is_the_servers_alone(
    portal_app, token, record, entry, resource, write
):
    before, one = stored(resource["id"]), {"id": resource["id"], "name": "改名"}
    said = {**one, **FALSE, "url": resource["url"]}
    if write == "bulk":
        told = written(portal_app, token, record, **said)
        assert told["result"] == "updated", told
    else:
        asked = {
            "package_update": {**record, "id": entry["id"], "resources": [said]},
            "package_revise": {"match": {"id": entry["id"]}, "update": {"resources": [said]}},
        }.get(write, said)
        status, told = api(portal_app, token, write, **asked)
        assert status == 200, told
    assert stored(resource["id"]) == before
    assert model.Session.get(model.Resource, resource["id"]).name == "改名"
    assert rows_of(resource["id"])[-1].due is None


@pytest.mark.parametrize("write", ["package_update", "bulk"])
def test_a_file_stays_though_an_update_says_nothing_of_it(
    portal_app, token, record, entry, resource, write
):
    before = stored(resource["id"])
    said = {"id": resource["id"], "name": "只有名称"}
    if write == "bulk":
        assert written(portal_app, token, record, **said)["result"] == "updated"
    else:
        status, told = api(
            portal_app, token, write, **{**record, "id": entry["id"]}, resources=[said]
        )
        assert status == 200, told
    assert stored(resource["id"]) == before


def test_whether_a_file_has_a_table_is_not_the_clients_to_say(portal_app, token, entry):
    address = "https://data.example.com/a.csv"
    asked = {"package_id": entry["id"], "name": "x", "url": address, "datastore_active": True}
    _, made = api(portal_app, token, "resource_create", **asked)
    assert not made["datastore_active"]
    call_action("resource_delete", as_site(), id=made["id"])


def test_of_a_link_the_client_says_size_hash_type_and_day(portal_app, token, entry):
    said = {
        "size": 1234,
        "hash": "abc",
        "mimetype": "text/csv",
        "last_modified": "2026-01-02T03:04:05",
    }
    link = {"name": "x", "url": "https://data.example.com/b.csv"}
    _, made = api(portal_app, token, "resource_create", package_id=entry["id"], **link, **said)
    assert {name: made[name] for name in said} == said
    said["size"] = 99
    _, made = api(portal_app, token, "resource_patch", id=made["id"], size=99)
    assert {name: made[name] for name in said} == said
    call_action("resource_delete", as_site(), id=made["id"])


@pytest.mark.parametrize("write", ["resource_create", "bulk"])
def test_an_upload_without_a_file_is_a_link(portal_app, token, record, entry, write):
    said = {"name": "x", "url": "https://data.example.com/c.csv", "url_type": "upload"}
    if write == "bulk":
        told = written(portal_app, token, record, **said)
        assert [f["code"] for f in told["findings"]] == ["upload_without_file"]
    else:
        status, told = api(portal_app, token, write, package_id=entry["id"], **said)
        assert status == 200, told
    made = call_action("package_show", id=entry["id"])["resources"][-1]
    assert (made["url"], made["url_type"] or "") == (said["url"], "")
    call_action("package_patch", as_site(), id=entry["id"], resources=[])


def test_a_new_entry_keeps_no_file_and_says_of_none_that_it_did(publisher, record):
    upload = FileStorage(io.BytesIO(CSV), "a.csv")
    link = {"url": "https://data.example.com/n.csv", "url_type": "upload", "upload": upload}
    new = {**record, "title": "新目录", "resource_code": "307001/930002", "resources": [link]}
    made = call_action("package_create", as_user(publisher), **new)
    assert [(one["url"], one["url_type"]) for one in made["resources"]] == [(link["url"], "")]


def test_a_file_that_becomes_a_link_says_nothing_of_the_file(portal_app, token, entry, resource):
    link = {"id": resource["id"], "url": "https://data.example.com/d.csv", "clear_upload": "true"}
    status, told = api(portal_app, token, "resource_patch", **link)
    assert status == 200, told
    found = stored(resource["id"])
    assert found["url"] == link["url"]
    said = {name: found[name] for name in ("size", "hash", "url_type", "original_filename")}
    assert not any(said.values()), said


def test_a_table_of_the_datastore_says_so_itself(portal_app, token, publisher, entry):
    status, made = api(
        portal_app,
        token,
        "datastore_create",
        resource={"package_id": entry["id"], "name": "表", "size": 7},
        fields=[{"id": "名称", "type": "text"}],
        records=[{"名称": "水库"}],
    )
    assert status == 200, made
    found = stored(made["resource_id"])
    assert found["url_type"] == "datastore"
    assert found["datastore_active"] is True
    # and it stays, though a client says otherwise
    status, told = api(
        portal_app,
        token,
        "resource_patch",
        id=made["resource_id"],
        datastore_active=False,
        url_type="",
    )
    assert status == 200, told
    assert stored(made["resource_id"])["datastore_active"] is True
    call_action("resource_delete", as_site(), id=made["resource_id"])


def test_the_records_go_the_fast_way():
    assert way.shapes(), way.reason()
    assert ids.entry_id("catalog", "370000", CODE)
