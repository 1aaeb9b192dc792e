"""An entry's life: created, shown, updated, with ids that never change."""

import pytest

from ckanext.sdopen.catalog import identifier
from ckanext.sdopen.tests.catalog.examples import (
    PROVIDER_CODE,
    catalog,
    created,
    department,
    editor_of,
)

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture
def bureau():
    return department("山东省医疗保障局", "370000", provider_code=PROVIDER_CODE)


def test_an_editor_creates_an_entry_whose_id_and_name_come_from_its_code(bureau):
    entry = created(
        catalog(bureau["id"], resource_code="307001/000001", id="nonsense", name="nonsense"),
        editor_of(bureau),
    )
    assert entry["id"] == identifier.entry_id("catalog", "370000", "307001/000001")
    assert entry["name"] == "c-370000-307001-000001"
    assert entry["region"] == "370000"
    assert entry["provider_code"] == PROVIDER_CODE
    assert (entry["category"], entry["division"], entry["subject"]) == ("3", "07", "001")


def test_values_come_back_as_they_are_meant(bureau):
    entry = created(
        catalog(
            bureau["id"],
            resource_code="307001/000002",
            record_count="1200",
            census_stored_gb=1.5,
            released_on="2024-01-05",
            format_types="XLSX，csv",
        )
    )
    assert entry["topics"] == ["medical", "health"]
    assert entry["record_count"] == 1200
    assert entry["census_stored_gb"] == 1.5
    assert entry["released_on"] == "2024-01-05"
    assert entry["format_types"] == ["xlsx", "csv"]
    assert entry["info_items"][0]["primary_key"] is True
    assert [group["display_name"] for group in entry["groups"]] == ["医疗", "卫生"]
