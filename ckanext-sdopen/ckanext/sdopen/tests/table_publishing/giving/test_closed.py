"""Tables that not everybody may have: who gets them, and what the audit log tells."""

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy import text

from ckanext.sdopen.audit import log
from ckanext.sdopen.tests.corpus.examples import created, department, editor_of, harvested
from ckanext.sdopen.tests.entries.files.corpus.handed_in import token_of
from ckanext.sdopen.tests.table_publishing.corpus.loaded import load

STRANGER = {"user": "", "ignore_auth": False}
_FILES = [{"name": "data.csv", "url": "https://data.example/closed.csv"}]


@pytest.fixture(scope="module")
def bureau(clean_portal):
    """The department that provides."""
    return department("山东省医疗保障局")


def address_of(bureau, folder, key, **more):
    entry = created(harvested(bureau["id"], source_key=key, title=key, resources=_FILES, **more))
    name = load(entry["resources"][0], folder).name
    return f"/dataset/{entry['name']}/{name}"


@pytest.fixture(scope="module")
def conditional(bureau, tmp_path_factory):
    """The table of a catalog that everybody reads, and whose data are given on application."""
    given = {"opening": "conditional", "opening_condition": "实名申请"}
    return address_of(bureau, tmp_path_factory.mktemp("rows"), "有条件", **given)


@pytest.fixture(scope="module")
def internal(bureau, tmp_path_factory):
    """The table of a catalog that government accounts read."""
    closed = {"opening": "none", "closing_basis": "《政府信息公开条例》第十六条"}
    return address_of(bureau, tmp_path_factory.mktemp("rows"), "不开放", **closed)


def officer(bureau):
    return {"Authorization": token_of(editor_of(bureau))}


def told():
    found = text("SELECT count(*) FROM sdopen_audit WHERE kind = 'download'")
    with model.meta.engine.connect() as connection:
        return connection.scalar(found)


@pytest.mark.parametrize("form", ["csv", "jsonl", "json", "parquet", "xlsx"])
def test_strangers_get_no_form_of_closed_tables(portal_app, conditional, internal, form):
    portal_app.get(f"{conditional}.{form}", status=403)
    portal_app.get(f"{internal}.{form}", status=404)


def test_officers_get_them_and_the_log_tells_it(portal_app, internal, bureau):
    headers, before = officer(bureau), told()
    answer = portal_app.get(f"{internal}.csv", headers=headers, status=200)
    assert "便民大药房" in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert told() == before + 1


def test_without_the_log_nothing_closed_is_given(portal_app, internal, bureau, monkeypatch):
    headers = officer(bureau)
    monkeypatch.setattr(log, "_INSERT", text("INSERT INTO sdopen_audit_gone VALUES (:kind)"))
    answer = portal_app.get(f"{internal}.csv", headers=headers, status=503)
    assert "便民大药房" not in answer.get_data(as_text=True)
    assert int(answer.headers["Retry-After"]) > 0


def test_a_look_at_the_page_is_told_as_well(portal_app, conditional, internal, bureau):
    headers, before = officer(bureau), told()
    answer = portal_app.get(internal, headers=headers, status=200)
    assert "便民大药房" in answer.get_data(as_text=True)
    assert told() == before + 1
    portal_app.get(internal, status=404)
    portal_app.get(conditional, status=403)
    catalog = portal_app.get(conditional.rsplit("/", 1)[0], status=200)
    assert "便民大药房" not in catalog.get_data(as_text=True)
    assert told() == before + 1


def test_an_item_that_was_narrowed_stands_in_no_version(portal_app, bureau, tmp_path):
    items = [{"name": "编号", "data_type": "C", "data_length": "10"}]
    narrowed = [*items, {**items[0], "name": "人数", "opening": "none"}]
    entry = created(harvested(bureau["id"], source_key="窄", title="窄", resources=_FILES))
    table = load(entry["resources"][0], tmp_path)
    stored = model.Package.get(entry["id"])
    stored.extras = {**stored.extras, "info_items": json.dumps(narrowed)}
    model.Session.commit()
    address = f"/dataset/{entry['name']}/{table.name}@{table.version.hash}"
    heading = portal_app.get(f"{address}.csv").get_data(as_text=True).splitlines()[0]
    assert "编号" in heading
    assert "人数" not in heading
    portal_app.get(f"{address}.csv?from.人数=1", status=400)
    portal_app.get(f"{address}.parquet", status=400)


@pytest.fixture(scope="module")
def narrowed(bureau, tmp_path_factory):
    """A resource whose table has a column that an item closed afterwards, past the checks."""
    items = [{"name": "人数", "data_type": "I", "opening": "none"}]
    entry = created(harvested(bureau["id"], source_key="合", title="合", resources=_FILES))
    load(entry["resources"][0], tmp_path_factory.mktemp("rows"))
    stored = model.Package.get(entry["id"])
    stored.extras = {**stored.extras, "info_items": json.dumps(items)}
    model.Session.commit()
    return entry["resources"][0]["id"]


@pytest.mark.parametrize("action", ["datastore_search", "datastore_info", "sdopen_table_show"])
def test_no_action_tells_of_a_narrowed_item(narrowed, action):
    said = json.dumps(call_action(action, STRANGER, resource_id=narrowed), ensure_ascii=False)
    assert "编号" in said
    assert "人数" not in said


def test_no_question_may_name_a_narrowed_item(narrowed):
    condition = {"column": "人数", "op": "gt", "value": 1}
    for action, question in (
        ("datastore_search", {"filters": {"人数": 12}}),
        ("datastore_search", {"sort": "人数"}),
        ("sdopen_table_query", {"query": {"ask": "count", "filters": [condition]}}),
    ):
        with pytest.raises(tk.ValidationError):
            call_action(action, STRANGER, resource_id=narrowed, **question)


def test_a_removed_file_takes_its_table_along(portal_app, bureau, tmp_path):
    entry = created(harvested(bureau["id"], source_key="去", title="去", resources=_FILES))
    table = load(entry["resources"][0], tmp_path)
    address = f"/dataset/{entry['name']}/{table.name}"
    portal_app.get(f"{address}.csv", status=200)
    stored = model.Resource.get(table.version.table)
    stored.state = model.State.DELETED
    model.Session.commit()
    portal_app.get(f"{address}.csv", status=404)
