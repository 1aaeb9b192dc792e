"""Each wrong value is refused with a sentence that says what to write."""

import pytest

from ckanext.sdopen.tests.catalog.examples import (
    catalog,
    created,
    department,
    errors_of,
    harvested,
    interface,
)

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture
def bureau():
    return department("山东省统计局")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("sharing", "无条件共享", "unconditional"),
        ("opening", "open", "conditional"),
        ("topics", ["medical", "weather"], '"weather"'),
        ("topics", 7, "list of texts"),
        ("update_cycle", "3", "monthly"),
        ("record_count", "-1", "whole number"),
        ("record_count", "一千", "whole number"),
        ("record_count", True, "whole number"),
        ("census_stored_gb", "NaN", "not a number"),
        ("released_on", "2024/1/5", "2024-01-05"),
        ("released_on", "2023-02-29", "2024-01-05"),
        ("provider_code", "11370000MB28450117", "check digit"),
        ("resource_code", "ABC-1", "307001/000123"),
        ("resource_code", "307001/000123 药", "91 at most"),
        ("detail", "x", "digits"),
        ("division", "08", "07"),
        ("info_items", "药店名称", "list of rows"),
        ("info_items", [], "each column"),
        ("contact_email", "nobody", "Email"),
        ("format_types", "", "missing"),
    ],
)
def test_a_wrong_value_is_refused(bureau, field, value, said):
    found = errors_of(catalog(bureau["id"], **{field: value}))
    assert list(found) == [field]
    assert said in found[field][0]


@pytest.mark.parametrize(
    ("item", "cell", "said"),
    [
        ({"data_type": "C"}, "name", "Row 2"),
        ({"name": "地址", "data_type": "text"}, "data_type", "C"),
        ({"name": "地址", "opening": "yes"}, "opening", "none"),
        ({"name": "地址", "primary_key": "perhaps"}, "primary_key", "true nor false"),
    ],
)
def test_a_wrong_item_is_refused_at_its_cell(bureau, item, cell, said):
    found = errors_of(catalog(bureau["id"], info_items=[{"name": "名称"}, item]))
    assert said in found["info_items"][1][cell][0]
    assert not found["info_items"][0]


def test_blank_rows_are_dropped(bureau):
    rows = [{"name": ""}, {"name": "名称", "data_type": ""}, {}, {"name": "地址"}]
    entry = created(catalog(bureau["id"], resource_code="307001/100001", info_items=rows))
    assert entry["info_items"] == [{"name": "名称"}, {"name": "地址"}]


def test_blank_rows_alone_are_no_items(bureau):
    found = errors_of(catalog(bureau["id"], info_items=[{"name": "", "data_type": ""}]))
    assert "each column" in found["info_items"][0]["name"][0]


def test_every_required_element_is_asked_for_at_once(bureau):
    found = errors_of({"type": "dataset", "owner_org": bureau["id"]})
    assert sorted(found) == [
        "format_category",
        "format_types",
        "notes",
        "opening",
        "resource_code",
        "sharing",
        "title",
        "topics",
        "update_cycle",
    ]


def test_an_entry_without_a_provider_is_refused():
    assert "owner_org" in errors_of(catalog(""))


def test_a_harvested_entry_keeps_the_code_of_its_source(bureau):
    entry = created(harvested(bureau["id"], resource_code="GD-2018_77", source_key="77"))
    assert entry["name"] == "c-370000-gd-2018_77"


def test_an_interface_names_a_catalog_that_is_there(bureau):
    found = errors_of(interface(bureau["id"], catalog="no-such-catalog"))
    assert "no-such-catalog" in found["catalog"][0]


def test_the_level_of_conditional_opening_is_review_unless_said_and_gone_otherwise(bureau):
    conditional = {"opening": "conditional", "opening_condition": "科研用途"}
    entry = created(catalog(bureau["id"], resource_code="307001/100002", **conditional))
    assert entry["opening_level"] == "review"
    other = created(catalog(bureau["id"], resource_code="307001/100003", opening_level="real_name"))
    assert "opening_level" not in other
