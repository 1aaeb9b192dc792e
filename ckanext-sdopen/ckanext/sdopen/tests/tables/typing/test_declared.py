"""Columns of items: the types of the guide, lengths as departments write them."""

import pytest

from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.typing import declared


def of(**item):
    return declared.column({"name": "列", **item}, "列")


@pytest.mark.parametrize(
    ("data_type", "length", "sql_type"),
    [
        ("C", "18", "VARCHAR"),
        ("N", "16,2", "DECIMAL(16,2)"),
        ("Y", "（16，2）", "DECIMAL(16,2)"),
        ("B", "10,6", "DECIMAL(10,6)"),
        ("N", "10", "DOUBLE"),
        ("F", "40,2", "DOUBLE"),
        ("I", "10", "BIGINT"),
        ("D", "10", "DATE"),
        ("T", "19", "TIMESTAMP"),
        ("L", "1", "BOOLEAN"),
        ("M", "2000", "VARCHAR"),
        ("G", "", "VARCHAR"),
        ("数值型", "12,2", "DECIMAL(12,2)"),
        ("", "", "VARCHAR"),
        ("??", "", "VARCHAR"),
    ],
)
def test_the_type_of_an_item_is_that_of_its_column(data_type, length, sql_type):
    assert of(data_type=data_type, data_length=length).sql_type == sql_type


def test_a_length_binds_texts_and_whole_numbers_and_neither_days_nor_memos():
    lengths = {t: of(data_type=t, data_length="10").length for t in "CIDTLMG"}
    assert lengths == {"C": 10, "I": 10, "D": None, "T": None, "L": None, "M": None, "G": None}


def test_a_key_may_not_be_empty_whatever_is_said_of_it():
    assert not of(primary_key="true", nullable="true").nullable
    assert of(primary_key="true").key
    assert of().nullable
    assert not of(nullable="false").nullable


def test_the_description_tells_unit_and_allowed_values():
    assert of(description="日均值，单位：微克/立方米").unit == "微克/立方米"
    assert of(description="性别，取值：男、女。").codes == ("男", "女")
    assert of(description="取值范围：0-100").codes == ()


def test_a_column_is_read_back_as_it_was_kept():
    column = Column("列", Kind.NUMBER, 16, 2, key=True, codes=("1", "2"), unit="元", declared=True)
    assert Column.from_dict({**column.as_dict(), "of a later release": 1}) == column
