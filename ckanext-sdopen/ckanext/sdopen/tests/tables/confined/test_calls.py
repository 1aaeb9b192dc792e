"""Versions are made and compared in a child, which alone ends where a table takes too much."""

import json
import os
import signal

import pytest

from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.comparing.compare import Side
from ckanext.sdopen.tables.confined import calls
from ckanext.sdopen.tables.findings.records import ColumnFinding, Rule
from ckanext.sdopen.tables.making import make as making
from ckanext.sdopen.tables.making.errors import Broken, TooLarge, TooSlow, Unreadable
from ckanext.sdopen.tables.making.make import Asked
from ckanext.sdopen.tables.store.errors import NoRoom
from ckanext.sdopen.tests.tables.corpus.normalised import write

COLUMNS = {
    "编号": Column("编号", key=True, nullable=False, declared=True),
    "数": Column("数", Kind.INTEGER, codes=("1", "2"), unit="人"),
    "注": Column("注"),
}
ASKED = Asked(
    "table", {"file": "表.csv"}, COLUMNS, (ColumnFinding(Rule.UNKNOWN, "注"),), frozenset({"注"})
)


@pytest.fixture
def path(tmp_path):
    """A normalised file."""
    return write(tmp_path / "rows.csv", list(COLUMNS), [("b", "1", "7"), ("a", "x", "8")])


def test_the_child_makes_the_same_as_the_process_itself(path, bench):
    told = []
    limits = bench.limits()
    found = calls.make(path, ASKED, bench.part, bench.found, limits, told.append)
    assert bench.rows()[0][1:] == ("a", None, "8")
    alone = making.make(path, ASKED, bench.folder / "other.part", bench.found, limits)
    assert found.version.hash == alone.version.hash
    assert (found.summary, found.first) == (alone.summary, alone.first)
    assert found.version.columns == alone.version.columns
    assert told == sorted(told)
    assert told


def test_what_the_watch_raises_ends_the_child(path, bench):
    class Ended(Exception):
        pass

    def watch(share):
        raise Ended

    with pytest.raises(Ended):
        calls.make(path, ASKED, bench.part, bench.found, bench.limits(), watch)


def test_refusals_of_the_child_are_raised_here(path, tmp_path, bench):
    none = tmp_path / "none.csv"
    none.write_text("没有\n", "utf-8")
    with pytest.raises(Unreadable):
        calls.make(none, ASKED, bench.part, bench.found, bench.limits())
    with pytest.raises(NoRoom) as error:
        calls.make(path, ASKED, bench.part, bench.found, bench.limits(free=1 << 40))
    assert str(1 << 40) in error.value.sentence("zh")


def test_memory_and_time_are_bounded_for_the_whole_process(path, bench, monkeypatch):
    # the interpreter alone needs more
    monkeypatch.setattr(calls, "_BESIDE_MB", -1000)
    with pytest.raises(TooLarge):
        calls.make(path, ASKED, bench.part, bench.found, bench.limits(memory=1_200))
    monkeypatch.setattr(calls, "_BESIDE_MB", 1_024)
    with pytest.raises(TooSlow):
        calls.make(path, ASKED, bench.part, bench.found, bench.limits(seconds=0))


def test_a_child_that_ends_by_itself_is_said(path, bench):
    def watch(share):
        children = f"/proc/{os.getpid()}/task/{os.getpid()}/children"
        with open(children) as listed:
            for child in listed.read().split():
                os.kill(int(child), signal.SIGSEGV)

    with pytest.raises(Broken):
        calls.make(path, ASKED, bench.part, bench.found, bench.limits(), watch)


def test_versions_are_compared_in_the_child(path, bench):
    version = calls.make(path, ASKED, bench.part, bench.found, bench.limits()).version
    target = bench.folder / "rows.jsonl"
    side = Side(bench.part, version.columns)
    summary = calls.compare(side, side, target, 10, bench.limits())
    assert (summary["by"], summary["changed"], target.read_text()) == (["编号"], 0, "")
    fewer = Side(bench.part, version.columns[1:])
    summary = calls.compare(fewer, fewer, target, 10, bench.limits())
    assert summary["by"] == []
    assert json.loads(json.dumps(summary)) == summary
