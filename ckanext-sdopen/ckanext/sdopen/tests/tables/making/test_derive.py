"""A version of some columns and rows of another one."""

import pytest

from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.making.make import Rows, derive

COLUMNS = (
    Column("身份证号", key=True, nullable=False, declared=True),
    Column("姓名", declared=True),
    Column("年龄", Kind.INTEGER, declared=True),
)
ROWS = [("id-1", "丙", "30"), ("id-2", "乙", "40"), ("id-3", "甲", "50"), ("id-4", "丁", "60")]


@pytest.fixture
def given(bench):
    """A function that gives columns and rows of a version, and what stands in the new file."""
    whole = bench.make(COLUMNS, ROWS).version
    path = bench.part.rename(bench.folder / "whole.parquet")

    def give(names, rows=Rows()):  # noqa: B008 frozen
        return derive(path, whole, names, rows, bench.part, bench.limits()), bench.rows()

    return give


def test_rows_of_a_condition_are_numbered_anew(given):
    version, rows = given(["身份证号", "年龄"], Rows("年龄 > ? AND 姓名 <> ?", (30, "甲")))
    assert rows == [(1, "id-2", 40), (2, "id-4", 60)]
    assert version.rows == 2
    assert version.columns == (COLUMNS[0], COLUMNS[2])


def test_of_a_withheld_column_nothing_stands_in_the_file_nor_in_its_footer(given, bench):
    version, _ = given(["姓名", "年龄"])
    written = bench.part.read_bytes()
    for text in ("身份证号", "id-1", "id-4"):
        assert text.encode() not in written
    assert [column.name for column in version.columns] == ["姓名", "年龄"]
    assert not any(column.key for column in version.columns)


def test_the_order_tells_nothing_of_a_withheld_key(given):
    _, rows = given(["姓名"])
    assert [name for _, name in rows] == sorted("甲乙丙丁")


def test_a_version_without_rows_is_whole(given):
    version, rows = given(["姓名"], Rows("false"))
    assert (version.rows, rows) == (0, [])


def test_a_version_names_the_one_it_was_made_of(given):
    version, _ = given(["姓名"])
    assert len(version.source["version"]) == 64
