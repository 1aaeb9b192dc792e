"""What is different between two versions, by key and without one."""

import json

import pytest

from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.comparing.compare import Side, compare
from ckanext.sdopen.tables.making.errors import TooLarge
from ckanext.sdopen.tests.tables.corpus.normalised import Bench

KEY = Column("编号", key=True, nullable=False, declared=True)
NAME = Column("名称", declared=True)
COUNT = Column("人数", Kind.INTEGER, declared=True)
MONEY = Column("金额", Kind.NUMBER, 16, 2, declared=True)


@pytest.fixture
def different(tmp_path):
    """A function that compares two versions of these columns and rows: (summary, rows)."""

    def side(name, columns, rows):
        bench = Bench(tmp_path / name)
        bench.folder.mkdir()
        made = bench.make(columns, rows)
        return Side(bench.part, made.version.columns)

    def compared(old, new, most=100, **bounds):
        sides = side("old", *old), side("new", *new)
        target = tmp_path / "rows.jsonl"
        summary = compare(*sides, target, most, Bench(tmp_path).limits(**bounds))
        return summary, [json.loads(line) for line in target.read_text("utf-8").splitlines()]

    return compared


def test_rows_are_told_apart_by_the_key_and_cells_by_their_values(different):
    columns = (KEY, NAME, COUNT, MONEY)
    old = [("1", "甲", "1", "1.50"), ("2", "乙", None, "2"), ("3", "丙", "3", None)]
    new = [("4", "丁", "4", "4"), ("2", "乙", "2", "2.10"), ("1", "甲", "1", "1.5")]
    summary, rows = different((columns, old), (columns, new))
    assert summary == {
        "by": ["编号"],
        "added": 1,
        "removed": 1,
        "changed": 1,
        "cells": {"人数": 1, "金额": 1},
        "columns": {"added": [], "removed": [], "retyped": []},
        "told": 3,
    }
    changed, added, removed = rows
    assert (changed["change"], changed["columns"]) == ("changed", ["人数", "金额"])
    assert changed["before"] == {"编号": "2", "名称": "乙", "人数": None, "金额": 2.0}
    assert changed["after"]["人数"] == 2
    assert (removed["before"]["编号"], removed["after"]) == ("3", None)
    assert (added["before"], added["after"]["名称"]) == (None, "丁")


def test_a_key_of_two_columns_counts_as_a_whole(different):
    year = Column("年", Kind.INTEGER, key=True, nullable=False, declared=True)
    columns = (KEY, year, NAME)
    summary, _ = different(
        (columns, [("1", "2024", "甲"), ("1", "2025", "乙")]),
        (columns, [("1", "2025", "乙"), ("1", "2026", "甲")]),
    )
    assert (summary["by"], summary["added"], summary["removed"]) == (["编号", "年"], 1, 1)


def test_without_a_key_equal_rows_count_as_often_as_they_stand_there(different):
    columns = (NAME, COUNT)
    old = [("甲", "1"), ("甲", "1"), ("乙", None), ("", "2")]
    new = [("甲", "1"), ("乙", None), ("乙", None), (None, "2")]
    summary, rows = different((columns, old), (columns, new))
    assert (summary["by"], summary["added"], summary["removed"]) == ([], 2, 2)
    told = sorted((row["change"], str((row["before"] or row["after"])["名称"])) for row in rows)
    assert told == [("added", "None"), ("added", "乙"), ("removed", ""), ("removed", "甲")]


def test_columns_that_came_went_and_changed_their_type_are_named(different):
    counted = Column("人数", Kind.TEXT, declared=True)
    summary, rows = different(
        ((KEY, NAME, COUNT), [("1", "甲", "7"), ("2", "乙", "8")]),
        ((KEY, counted, MONEY), [("1", "7", "1"), ("2", "八", "1")]),
    )
    assert summary["columns"] == {"added": ["金额"], "removed": ["名称"], "retyped": ["人数"]}
    assert (summary["changed"], summary["cells"]) == (1, {"人数": 1})
    assert rows[0]["before"]["名称"] == "乙"


def test_a_version_with_another_key_is_compared_by_whole_rows(different):
    plain = Column("编号", declared=True)
    summary, _ = different(((KEY, NAME), [("1", "甲")]), ((plain, NAME), [("1", "甲")]))
    assert (summary["by"], summary["added"], summary["removed"]) == ([], 0, 0)


def test_all_are_counted_and_the_first_told(different):
    old = [(f"{n:05}", "甲") for n in range(2_000)]
    new = [(f"{n:05}", "乙") for n in range(2_000)]
    summary, rows = different(((KEY, NAME), old), ((KEY, NAME), new), most=10)
    assert (summary["changed"], summary["told"]) == (2_000, 10)
    assert [row["after"]["编号"] for row in rows] == [f"{n:05}" for n in range(10)]


def test_what_needs_more_room_than_there_may_be_ends_with_a_sentence(different):
    old = [(f"{n:06}", "甲" * 30) for n in range(60_000)]
    with pytest.raises(TooLarge):
        different(((KEY, NAME), old), ((KEY, NAME), old[::2]), memory=4, temporary=0)
