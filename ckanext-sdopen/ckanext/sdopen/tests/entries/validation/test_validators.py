"""Each wrong value is refused with a sentence that says what to write."""

import pytest

from ckanext.sdopen.tests.corpus.examples import (
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
        ("topics", ["medical", "weather"], "“weather”"),
        ("topics", 7, "文字的列表"),
        ("update_cycle", "3", "monthly"),
        ("record_count", "-1", "整数"),
        ("record_count", "一千", "整数"),
        ("record_count", True, "整数"),
        ("census_stored_gb", "NaN", "数字"),
        ("census_stored_gb", "12G", "单位"),
        ("released_on", "2024/1/5", "2024-01-05"),
        ("released_on", "2023-02-29", "2024-01-05"),
        ("provider_code", "11370000MB28450117", "校验码"),
        ("resource_code", "ABC-1", "307001/000123"),
        ("resource_code", "307001/000123 药", "91 at most"),
        ("detail", "x", "数字组成"),
        ("division", "08", "07"),
        ("info_items", "药店名称", "若干行"),
        ("info_items", [], "逐列"),
        ("contact_email", "nobody", "电子邮箱地址"),
        ("title", "名\x00称", "U+0000"),
        ("notes", "摘" * 50_001, "50000"),
        ("info_items", [{"name": str(n)} for n in range(2_001)], "2000"),
        ("tags", [{"name": f"标签{n}"} for n in range(501)], "500"),
        ("format_types", "", "没有填写"),
    ],
)
def test_a_wrong_value_is_refused(bureau, field, value, said):
    found = errors_of(catalog(bureau["id"], **{field: value}))
    assert list(found) == [field]
    assert said in found[field][0]


@pytest.mark.parametrize(
    ("item", "cell", "said"),
    [
        ({"data_type": "C"}, "name", "第 2 行"),
        ({"name": "地址", "data_type": "text"}, "data_type", "C"),
        ({"name": "地址", "data_type": "D", "opening": "yes"}, "opening", "none"),
        (
            {"name": "地址", "data_type": "D", "primary_key": "perhaps"},
            "primary_key",
            "是或否",
        ),
    ],
)
def test_a_wrong_item_is_refused_at_its_cell(bureau, item, cell, said):
    named = {"name": "名称", "data_type": "D"}
    found = errors_of(catalog(bureau["id"], info_items=[named, item]))
    assert said in found["info_items"][1][cell][0]
    assert not found["info_items"][0]


def test_blank_rows_are_dropped(bureau):
    rows = [
        {"name": ""},
        {"name": "名称", "data_type": "D"},
        {},
        {"name": "日期", "data_type": "D"},
    ]
    entry = created(catalog(bureau["id"], resource_code="307001/100001", info_items=rows))
    assert [row["name"] for row in entry["info_items"]] == ["名称", "日期"]


def test_blank_rows_alone_are_no_items(bureau):
    found = errors_of(catalog(bureau["id"], info_items=[{"name": "", "data_type": ""}]))
    assert "逐列" in found["info_items"][0]["name"][0]


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
