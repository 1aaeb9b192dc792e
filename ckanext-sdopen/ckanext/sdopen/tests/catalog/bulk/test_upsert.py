"""Bulk writes: what becomes of each record."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.catalog import outbox
from ckanext.sdopen.catalog.bulk import tables
from ckanext.sdopen.tests.catalog.examples import (
    authority,
    catalog,
    department,
    editor_of,
)

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture
def bureau():
    return department("山东省医疗保障局")


def bulk(user, records, **more):
    context = {"user": user["name"], "ignore_auth": False}
    return tk.get_action("sdopen_entry_bulk_upsert")(context, {"records": records, **more})


def results(answer):
    return [record["result"] for record in answer["records"]]


def test_the_tables_are_the_known_ones():
    assert tables.fingerprints() == tables.KNOWN
    assert tables.are_known()


def test_records_are_created_updated_and_left_alone(bureau):
    user = authority()
    first = catalog(bureau["id"], resource_code="307101/000001")
    made = bulk(user, [first])
    assert results(made) == ["created"], made
    assert made["way"] == "bulk"
    assert results(bulk(user, [first])) == ["unchanged"]
    assert results(bulk(user, [{**first, "notes": "新的摘要，覆盖全省。"}])) == ["updated"]
    shown = call_action("package_show", id=made["records"][0]["id"])
    assert shown["notes"] == "新的摘要，覆盖全省。"
    assert outbox.length(10) == 1


def test_a_cataloguer_writes_drafts(bureau):
    cataloguer = editor_of(bureau)
    made = bulk(cataloguer, [catalog(bureau["id"], resource_code="307101/000002")])
    assert results(made) == ["created"], made
    assert model.Package.get(made["records"][0]["id"]).state == "draft"
