"""What changed between two versions, or since a moment: by action, page and CSV."""

import json
import os
from dataclasses import replace

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy import delete, text

from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.jobs.model import jobs
from ckanext.sdopen.table_publishing.comparing import compare_job, kept, pairs, settings
from ckanext.sdopen.tables import history
from ckanext.sdopen.tests.corpus import workers
from ckanext.sdopen.tests.table_publishing.corpus.loaded import ROWS, load
from ckanext.sdopen.tests.tables.corpus.published import resources

FIRST = "2026-01-01"
# of the rows: 001 has more people, 002 is gone, 005 is new
LATER = (
    ROWS[0],
    ("001", "济南第一药店", "15", None, "2019-12-31", "2026-01-02 08:00:00", "false"),
    ROWS[3],
    ("005", "=HYPERLINK()", "1", None, None, None, None),
)


@pytest.fixture(scope="module")
def table(clean_portal, tmp_path_factory):
    """The id of a table with two versions, of 2026-01-01 and 2026-02-01."""
    (resource,) = resources(1, "66")
    for rows in (ROWS, LATER):
        load(resource, tmp_path_factory.mktemp("rows"), rows=rows)
    for number, moment in ((1, FIRST), (2, "2026-02-01")):
        statement = "UPDATE sdopen_table_version SET created = :made WHERE resource_id = :id"
        asked = {"made": moment, "id": resource["id"], "number": number}
        model.Session.execute(text(f"{statement} AND number = :number"), asked)
    model.Session.commit()
    return resource["id"]


@pytest.fixture
def anew(table, tmp_path, monkeypatch):
    """Nothing was compared before."""
    monkeypatch.setattr(settings, "folder", lambda: tmp_path)
    model.Session.execute(delete(jobs))
    model.Session.commit()


def compare(table, **question):
    return call_action("sdopen_table_compare", {"user": ""}, resource_id=table, **question)


@pytest.fixture
def address(table):
    """The address of the table's versions."""
    resource = model.Resource.get(table)
    found = call_action("sdopen_table_show", {"user": ""}, resource_id=table)
    return f"/dataset/{resource.package.name}/{found['version']['name']}/versions"


def test_the_worker_makes_it_once_and_the_action_tells_it(table, anew, portal_app):
    answer = compare(table, **{"from": 1})
    assert (answer["state"], answer["summary"], answer["rows"]) == ("waiting", None, [])
    assert compare(table, **{"from": 1, "to": 2})["state"] == "waiting"
    assert workers.work_off(portal_app, Queue.TABLES) == 0, "no load waits for it"
    assert workers.work_off(portal_app, Queue.DUMPS) == 1
    answer = compare(table, **{"from": answer["from"]["hash"]})
    assert (answer["state"], answer["from"]["number"], answer["to"]["number"]) == ("done", 1, 2)
    assert {one: answer["summary"][one] for one in ("by", "added", "removed", "changed")} == {
        "by": ["编号"],
        "added": 1,
        "removed": 1,
        "changed": 1,
    }
    changed = next(row for row in answer["rows"] if row["change"] == "changed")
    assert (changed["key"], changed["columns"]) == ({"编号": "001"}, ["人数"])
    assert (changed["before"]["人数"], changed["after"]["人数"]) == (12, 15)
    assert workers.work_off(portal_app, Queue.DUMPS) == 0
    assert len(compare(table, **{"from": 1}, offset=1, limit=1)["rows"]) == 1


def test_since_a_moment_means_since_the_version_of_then(table, anew, portal_app):
    compare(table, since="2026-01-15T00:00:00Z")
    workers.work_off(portal_app, Queue.DUMPS)
    assert compare(table, since="2026-01-15T00:00:00Z")["summary"]["changed"] == 1
    assert compare(table, since="2025-12-31")["state"] == "whole"
    nothing = compare(table, since="2026-03-01")
    assert (nothing["state"], nothing["summary"]["changed"], nothing["rows"]) == ("done", 0, [])
    assert workers.work_off(portal_app, Queue.DUMPS) == 0


@pytest.mark.parametrize("question", [{}, {"from": 3}, {"from": "abc"}, {"from": 1, "to": 9}])
def test_versions_that_there_are_none_of_are_refused(table, anew, question):
    with pytest.raises(tk.ValidationError):
        compare(table, **question)


def test_an_older_version_is_compared_with_a_newer_one(table, anew):
    for question in ({"from": 2, "to": 1}, {"from": 2, "to": 2}, {"since": "2026-03-01", "to": 1}):
        with pytest.raises(tk.ValidationError, match="not older"):
            compare(table, **question)
    found = compare(table, **{"from": 2})
    assert (found["state"], found["csv"]) == ("done", None)
    assert compare(table, **{"from": found["to"]["hash"], "to": 2})["state"] == "done"


def test_only_some_wait(table, anew, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.differences_waiting", 0)
    with pytest.raises(tk.ValidationError, match="Too many"):
        compare(table, **{"from": 1})


def test_the_page_shows_how_far_it_is_then_the_rows_and_the_csv(table, anew, portal_app, address):
    history = portal_app.get(address)
    assert 'href="' + address + '/1-2"' in history.get_data(as_text=True)
    waiting = portal_app.get(f"{address}/1-2").get_data(as_text=True)
    assert 'http-equiv="refresh"' in waiting
    assert portal_app.get(f"{address}/1-2.csv", follow_redirects=False).status_code == 302
    workers.work_off(portal_app, Queue.DUMPS)
    page = portal_app.get(f"{address}/1-2").get_data(as_text=True)
    assert "<del>12</del> <ins>15</ins>" in page
    assert "refresh" not in page
    lines = portal_app.get(f"{address}/1-2.csv").get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 5
    assert lines[0].split(",")[2:4] == ["编号", "名称"]
    assert any(",'=HYPERLINK()," in line for line in lines)


@pytest.mark.parametrize("numbers", ["1-9", "9-1", "x-2", "2-1", "1-1"])
def test_pages_of_versions_that_there_are_none_of_are_absent(
    table, anew, portal_app, address, numbers
):
    assert portal_app.get(f"{address}/{numbers}").status_code == 404


def test_differences_that_nobody_asks_for_make_room(anew, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "most_bytes", lambda: 250)
    for key in "abc":
        rows = tmp_path / "new"
        rows.write_bytes(b"x" * 100)
        kept.keep(key, rows, {"by": []})
    assert sorted(kept.every()) == ["b", "c"]


def test_parts_that_others_write_stay_and_what_is_too_large_is_not_kept(
    anew, tmp_path, monkeypatch
):
    young, old, rows = (tmp_path / name for name in ("x.1.part", "y.1.part", "new"))
    for path in (young, old, rows):
        path.write_bytes(b"x" * 100)
    os.utime(old, (0, 0))
    kept.keep("a", rows, {})
    assert (young.exists(), old.exists()) == (True, False)
    monkeypatch.setattr(settings, "most_bytes", lambda: 99)
    rows.write_bytes(b"x" * 100)
    with pytest.raises(kept.TooMuch):
        kept.keep("b", rows, {})
    assert list(kept.every()) == ["a"]


def test_a_difference_that_goes_while_it_is_read_is_read_to_its_end(anew, tmp_path):
    rows = tmp_path / "new"
    rows.write_text('{"change": "added"}\n', encoding="utf-8")
    kept.keep("a", rows, {"by": []})
    with kept.find("a") as found:
        kept.forget("a")
        assert list(found.rows()) == [{"change": "added"}]
    assert kept.find("a") is None


def named(table) -> str:
    """The name under which the difference of the table's versions is kept."""
    return pairs.numbered(table, 1, 2).name


def put(name, folder):
    rows = folder / "new"
    rows.write_text("", encoding="utf-8")
    kept.keep(name, rows, {"by": []})


def test_differences_go_with_their_versions(table, anew, tmp_path):
    name = named(table)
    first, second = name.split("-")[:2]
    for kept_name in (name, f"{'0' * 64}-{second}-x", f"{first}-{'0' * 64}-x"):
        put(kept_name, tmp_path)
    assert compare_job.TABLE_DIFFERENCES_SWEEP.work() == "2 differences removed"
    assert list(kept.every()) == [name]
    kept.remove(first)
    assert not kept.every()


def test_nothing_is_kept_of_a_version_that_is_erased_while_it_is_compared(
    table, anew, portal_app, monkeypatch
):
    moved = "UPDATE sdopen_table_version SET removed = :at WHERE resource_id = :id AND number = 1"
    job = compare(table, **{"from": 1})

    def erased(*asked):
        """What the child does, and an erasure meanwhile."""
        made = by_child(*asked)
        with model.meta.engine.begin() as connection:
            connection.execute(text(moved), {"at": FIRST, "id": table})
        return made

    by_child = compare_job.calls.compare
    monkeypatch.setattr(compare_job.calls, "compare", erased)
    try:
        assert workers.work_off(portal_app, Queue.DUMPS) == 1
        assert (job["state"], kept.every()) == ("waiting", {})
    finally:
        with model.meta.engine.begin() as connection:
            connection.execute(text(moved), {"at": None, "id": table})


def test_where_a_column_of_the_key_is_not_given_the_rest_is_no_key(table):
    resource = model.Resource.get(table)
    entry, column = resource.package, pairs.numbered(table, 1, 2).after.columns[0]
    before = entry.extras
    closed = {"name": column.name, "data_type": "C", "opening": "none"}
    entry.extras = {**before, "opening": "unconditional", "info_items": json.dumps([closed])}
    current = history.current(table)
    two = tuple(replace(one, key=True) for one in current.version.columns[:2])
    version = replace(current.version, columns=(*two, *current.version.columns[2:]))
    pair = pairs.of(*[replace(current, version=version)] * 2)
    model.Session.rollback()
    assert column.name not in [one.name for one in pair.after.columns]
    assert not any(one.key for one in (*pair.after.columns, *pair.before.columns))


def test_a_version_that_is_not_kept_is_not_compared(table, anew):
    gone = "UPDATE sdopen_table_version SET removed = :made WHERE resource_id = :id AND number = 1"
    model.Session.execute(text(gone), {"made": FIRST, "id": table})
    model.Session.commit()
    with pytest.raises(tk.ValidationError, match="not kept"):
        compare(table, **{"from": 1})
    assert compare(table, **{"from": 2})["to"]["number"] == 2
