"""共享属性 and 开放属性 stand on item rows: whose class a cell is, the rows together tell."""

import pytest

from ckanext.sdopen.sheets.addresses import address
from ckanext.sdopen.tests.workbook.corpus.books import (
    FORM,
    catalog,
    codes_and_cells,
    codes_of,
    examined,
    place_of,
    rows,
    write,
)
from ckanext.sdopen.workbook.columns import form

LATER = {"item_sharing", "item_opening", "opening", "closing_basis", "opening_level"}
# the form of 2017: no classes of items, one column for condition and basis
OLDER = tuple(column for column in FORM if column.name not in LATER)


def read(tmp_path, table, columns=OLDER):
    result, entries = examined(write(tmp_path / "b.xlsx", table, columns))
    return result, entries[0]


def plain(**changes):
    entry = catalog(**changes)
    for item in entry["info_items"]:
        item.pop("sharing", None), item.pop("opening", None)
    return rows(entry, columns=OLDER)


def test_a_value_on_the_first_row_alone_is_the_catalogs_and_items_inherit(tmp_path):
    result, entry = read(tmp_path, plain())
    assert (entry["sharing"], entry["opening"]) == ("unconditional", "unconditional")
    assert not any("sharing" in item or "opening" in item for item in entry["info_items"])
    assert codes_and_cells(result) == []


def test_the_same_value_on_every_row_is_the_catalogs(tmp_path):
    table = plain()
    for row in table[1:]:
        row |= {"sharing": "无条件共享", "is_open": "是"}
    result, entry = read(tmp_path, table)
    assert not any("sharing" in item for item in entry["info_items"])
    assert codes_and_cells(result) == []


def test_differing_values_are_the_items_and_the_catalog_takes_the_widest(tmp_path):
    table = plain()
    table[0] |= {"sharing": "有条件共享", "sharing_condition": "限业务协同"}
    table[1] |= {"sharing": "无条件共享"}
    table[2] |= {"sharing": "不予共享", "sharing_condition": "《个人信息保护法》第二十八条"}
    table[2] |= {"is_open": "否"}
    result, entry = read(tmp_path, table)
    assert entry["sharing"] == "unconditional"
    assert [item.get("sharing") for item in entry["info_items"]] == ["conditional", None, "none"]
    assert [item.get("opening") for item in entry["info_items"]] == [None, None, "none"]
    assert entry["opening"] == "unconditional"
    cells = address(2, place_of("sharing", OLDER)), address(4, place_of("is_open", OLDER))
    assert codes_and_cells(result) == [("item_classes_differ", cell) for cell in cells]


@pytest.mark.parametrize(
    "cells, opening",
    [
        ({"is_open": "否", "opening_condition": "依据《个人信息保护法》不予开放"}, "none"),
        ({"is_open": "0", "opening_condition": "依据《个人信息保护法》不予开放"}, "none"),
        ({"is_open": "是"}, "unconditional"),
        ({"is_open": "1"}, "unconditional"),
        ({"is_open": "是", "opening_condition": "用于公益"}, "conditional"),
        ({"is_open": "有条件开放", "opening_condition": "用于公益"}, "conditional"),
        ({"is_open": "不予开放", "opening_condition": "《条例》第一条"}, "none"),
    ],
)
def test_the_answer_and_its_condition_make_the_class(tmp_path, cells, opening):
    table = plain()
    table[0] |= cells
    result, entry = read(tmp_path, table)
    assert entry["opening"] == opening
    assert codes_and_cells(result) == []
    basis = cells["opening_condition"] if opening == "none" else None
    assert entry.get("closing_basis") == basis


def test_an_answer_that_contradicts_the_class_is_told(tmp_path):
    table = rows(catalog())
    table[0] |= {"is_open": "否"}
    result, entry = read(tmp_path, table, FORM)
    assert entry["opening"] == "unconditional"
    assert codes_of(result) == ["opening_contradicts"]


def test_an_answer_that_is_none_is_told_with_the_choices(tmp_path):
    table = plain()
    table[0] |= {"is_open": "待定"}
    result, entry = read(tmp_path, table)
    assert entry["opening"] == "待定"
    assert codes_of(result) == ["code_unknown"]


def test_an_item_wider_than_its_catalog_is_told_at_its_own_cell(tmp_path):
    table = rows(
        catalog(
            opening="none",
            closing_basis="《条例》第一条",
            info_items=[
                {"name": "名称", "data_type": "C", "data_length": "10"},
                {"name": "电话", "data_type": "C", "data_length": "10", "opening": "unconditional"},
            ],
        )
    )
    result, _ = read(tmp_path, table, FORM)
    position = [column.name for column in FORM].index("item_opening")
    told = [one for one in result.findings if one.finding.code == "item_wider_opening"]
    assert [(one.row, one.column) for one in told] == [(3, position)]


def test_an_item_that_is_not_opened_is_none_and_one_that_is_inherits(tmp_path):
    table = rows(catalog())
    table[0]["item_opening"], table[1]["item_opening"] = "是", "否"
    _, entry = read(tmp_path, table, FORM)
    assert [item.get("opening") for item in entry["info_items"]] == [None, "none", "none"]


def test_the_older_form_is_a_part_of_the_form():
    assert set(OLDER) < set(form().official())
