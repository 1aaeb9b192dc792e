"""Now and today: one clock for the whole portal."""

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from freezegun import freeze_time

from ckanext.sdopen import moments, paths
from ckanext.sdopen.standard import check

PACKAGE = Path(paths.__file__).parent
# they run without a portal, on the clock of their machine
APART = {"harvest", "services", "sample", "bench", "migration", "tests"}
CLOCKS = {"now", "utcnow", "today"}
OWN = {Path(moments.__file__), Path(check.__file__)}


def clocks(source: str) -> list[str]:
    """What a module asks of `datetime` or `date` for the present moment."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and ast.unparse(node.value).rpartition(".")[2] in ("datetime", "date")
    ]


def test_one_module_alone_asks_what_time_it_is():
    modules = {
        path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in APART
    }
    assert len(modules) > 200
    assert {path for path in modules if clocks(path.read_text(encoding="utf-8"))} == OWN


@pytest.mark.parametrize(
    "source", ["datetime.utcnow()", "datetime.datetime.now(UTC)", "day = given or date.today"]
)
def test_a_second_clock_is_seen(source):
    assert clocks(source)


def test_the_present_moment_as_ckan_keeps_it_and_with_its_zone():
    with freeze_time("2026-01-31T16:30:00.123456"):
        assert moments.now() == datetime(2026, 1, 31, 16, 30, 0, 123456)
        assert moments.instant() == datetime(2026, 1, 31, 16, 30, 0, 123456, UTC)


@pytest.mark.parametrize(("asked", "microsecond"), [("0", 1000), ("000999", 1999), ("5", 500_000)])
def test_an_entry_never_changes_at_a_whole_second(asked, microsecond):
    with freeze_time(f"2026-01-31T08:00:00.{asked}"):
        assert moments.now_of_change().microsecond == microsecond


def test_today_is_the_day_of_the_portals_readers(monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, "ckan.display_timezone", "Asia/Shanghai")
    with freeze_time("2026-01-31T16:30:00"):
        assert moments.today() == date(2026, 2, 1)
