"""What changed between two versions, or since a moment: by action, page and CSV."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy import delete, text

from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.jobs.model import jobs
from ckanext.sdopen.table_publishing.comparing import kept, settings
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
    assert workers.work_off(portal_app, Queue.TABLES) == 1
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
    assert workers.work_off(portal_app, Queue.TABLES) == 0
    assert len(compare(table, **{"from": 1}, offset=1, limit=1)["rows"]) == 1


def test_since_a_moment_means_since_the_version_of_then(table, anew, portal_app):
    compare(table, since="2026-01-15T00:00:00Z")
    workers.work_off(portal_app, Queue.TABLES)
    assert compare(table, since="2026-01-15T00:00:00Z")["summary"]["changed"] == 1
    assert compare(table, since="2025-12-31")["state"] == "whole"
    compare(table, since="2026-03-01")
    workers.work_off(portal_app, Queue.TABLES)
    nothing = compare(table, since="2026-03-01")
    assert (nothing["summary"]["changed"], nothing["rows"]) == (0, [])


@pytest.mark.parametrize("question", [{}, {"from": 3}, {"from": "abc"}, {"from": 1, "to": 9}])
def test_versions_that_there_are_none_of_are_refused(table, anew, question):
    with pytest.raises(tk.ValidationError):
        compare(table, **question)


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
    workers.work_off(portal_app, Queue.TABLES)
    page = portal_app.get(f"{address}/1-2").get_data(as_text=True)
    assert "<del>12</del> <ins>15</ins>" in page
    assert "refresh" not in page
    lines = portal_app.get(f"{address}/1-2.csv").get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 5
    assert lines[0].split(",")[2:4] == ["编号", "名称"]
    assert any(",'=HYPERLINK()," in line for line in lines)


@pytest.mark.parametrize("numbers", ["1-9", "9-1", "x-2"])
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
    assert [key for key in "abc" if kept.find(key)] == ["b", "c"]


def test_a_version_that_is_not_kept_is_not_compared(table, anew):
    gone = "UPDATE sdopen_table_version SET removed = :made WHERE resource_id = :id AND number = 1"
    model.Session.execute(text(gone), {"made": FIRST, "id": table})
    model.Session.commit()
    with pytest.raises(tk.ValidationError, match="not kept"):
        compare(table, **{"from": 1})
    assert compare(table, **{"from": 2})["to"]["number"] == 2
