"""What else CKAN's DataStore does with a loaded table."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.tables import history
from ckanext.sdopen.tests.corpus.examples import as_site
from ckanext.sdopen.tests.table_publishing.corpus.loaded import load
from ckanext.sdopen.tests.tables.corpus.published import resources


def test_info_tells_the_items_and_the_size(loaded):
    info = call_action("datastore_info", {"user": "", "ignore_auth": False}, id=loaded)
    assert [field["id"] for field in info["fields"]][:3] == ["编号", "名称", "人数"]
    assert info["fields"][0]["schema"]["uniquekey"]
    assert info["fields"][3]["schema"]["native_type"] == "decimal(16,2)"
    assert info["fields"][2]["info"] == {"label": "人数", "unit": "人"}
    assert info["meta"]["count"] == 4
    assert info["meta"]["size"] > 0


@pytest.mark.parametrize(
    ("form", "first"),
    [
        ("csv", "_id,编号,名称,人数"),
        ("tsv", "_id\t编号\t名称\t人数"),
        ("json", "{"),
        ("xml", "<data"),
    ],
)
def test_a_dump_gives_all_rows(portal_app, loaded, form, first):
    answer = portal_app.get(f"/datastore/dump/{loaded}?format={form}")
    assert answer.status_code == 200
    said = answer.get_data(as_text=True)
    assert said.startswith(first)
    assert all(name in said for name in ("济南第一药店", "便民大药房", "Bayer 药店"))


@pytest.mark.parametrize(
    "action",
    [
        "datastore_create",
        "datastore_upsert",
        "datastore_delete",
        "datastore_records_delete",
        "datastore_run_triggers",
    ],
)
def test_no_client_writes_into_a_loaded_table(loaded, action):
    more = {"filters": {}} if action == "datastore_records_delete" else {}
    rows = {"records": [{"编号": "009"}]} if "delete" not in action else {}
    with pytest.raises(tk.ValidationError) as error:
        call_action(action, as_site(), resource_id=loaded, force=True, **more, **rows)
    assert "new version" in str(error.value)
    assert history.current(loaded).version.rows == 4


def test_the_list_of_all_tables_names_both_kinds(loaded, written):
    from ckanext.datastore.backend import DatastoreBackend

    assert {loaded, written} <= set(DatastoreBackend.get_active_backend().get_all_ids())


def test_a_table_goes_with_its_resource(clean_portal, tmp_path):
    (resource,) = resources(1, "77")
    load(resource, tmp_path)
    call_action("resource_patch", as_site(), id=resource["id"], datastore_active=True)
    call_action("resource_delete", as_site(), id=resource["id"])
    model.Session.expire_all()
    assert history.current(resource["id"]) is None
    with pytest.raises(tk.ObjectNotFound):
        call_action("datastore_search", as_site(), resource_id=resource["id"])
