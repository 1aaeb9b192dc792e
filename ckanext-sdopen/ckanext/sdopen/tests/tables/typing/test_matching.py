"""Headings and items: by either name, with what people write around it."""

from ckanext.sdopen.tables.columns import Kind
from ckanext.sdopen.tables.findings.records import ColumnFinding, Rule
from ckanext.sdopen.tables.typing.matching import match

ITEMS = (
    {"name": "企业名称", "english_name": "Firm", "data_type": "C", "data_length": "200"},
    {"name": "注册资本", "english_name": "capital", "data_type": "Y", "data_length": "16,2"},
    {"name": "登记日期", "data_type": "D"},
)


def test_a_heading_is_an_item_by_either_name_however_it_is_typed():
    matched = match(["企业 名称", "CAPITAL", "登记日期*"], ITEMS)
    assert [column.name for column in matched.columns.values()] == [
        "企业 名称",
        "注册资本",
        "登记日期",
    ]
    assert [column.kind for column in matched.columns.values()] == [
        Kind.TEXT,
        Kind.NUMBER,
        Kind.DATE,
    ]
    assert not matched.findings


def test_a_unit_in_brackets_belongs_to_the_column():
    column = match(["注册资本（万元）"], ITEMS).columns["注册资本（万元）"]
    assert (column.name, column.unit, column.declared) == ("注册资本", "万元", True)


def test_unknown_columns_and_missing_items_are_found():
    matched = match(["企业名称", "法人"], ITEMS)
    assert matched.findings == (
        ColumnFinding(Rule.UNKNOWN, "法人"),
        ColumnFinding(Rule.MISSING, "注册资本"),
        ColumnFinding(Rule.MISSING, "登记日期"),
    )
    assert not matched.columns["法人"].declared


def test_a_second_column_of_an_item_is_found_and_known_for_what_it_is():
    matched = match(["注册资本（元）", "注册资本"], ITEMS[1:2])
    assert matched.columns["注册资本"].kind == Kind.NUMBER
    assert matched.columns["注册资本（元）"].kind == Kind.TEXT
    assert matched.findings == (ColumnFinding(Rule.TWICE, "注册资本（元）"),)
    # whether it may be given is asked by the item
    assert matched.items == {"注册资本": "注册资本", "注册资本（元）": "注册资本"}


def test_without_items_nothing_is_unknown():
    assert match(["a", "b"], ()).findings == ()


def test_no_two_columns_bear_one_name_and_none_that_of_the_numbers():
    named = [column.name for column in match(["_id", "Name", "name"], ()).columns.values()]
    assert named == ["_id_2", "Name", "name_2"]
