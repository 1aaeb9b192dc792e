"""What changed: entries that everyone sees, and tombstones of those that everyone saw."""

import tracemalloc
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from ckan import model
from ckan.cli.db import _run_migrations
from ckan.tests.helpers import call_action
from sqlalchemy import text

from ckanext.sdopen.changes.model import Tombstone
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.documents import send
from ckanext.sdopen.moments import now
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    created,
    department,
    editor_of,
    harvested,
    shown,
    updated,
)
from ckanext.sdopen.tests.corpus.portal import empty_portal

ATOM = "{http://www.w3.org/2005/Atom}"
STONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
CLOSED: dict[str, Any] = {"opening": "none"}


@pytest.fixture
def bureau():
    """A bureau in an empty portal."""
    empty_portal()
    return department("济南市统计局", "370100")


@pytest.fixture
def entry(bureau):
    """Make an entry of the bureau."""

    def make(key: str, **more):
        made = created(harvested(bureau["id"], title=f"名录 {key}", source_key=key, **more))
        send.make_visible()
        return made

    return make


def listed(**parameters):
    send.make_visible()
    return call_action("sdopen_change_list", {"user": "", "ignore_auth": False}, **parameters)


def changes(**parameters):
    return [(one["change"], one["id"]) for one in listed(**parameters)["changes"]]


def delete(made):
    call_action("package_delete", as_site(), id=made["id"])


def purge(made):
    call_action("dataset_purge", as_site(), id=made["id"])


def close(made):
    updated(shown(made["id"]), **CLOSED)


def draft(made):
    call_action("package_patch", as_site(), id=made["id"], state="draft")


def bulk(made):
    model.Session.execute(text("UPDATE package SET private = true WHERE id = :id"), made)
    model.Session.commit()
    call_action("package_show", as_site(), id=made["id"])
    send.index_entries([made["id"]])


@pytest.mark.parametrize("withdraw", [delete, purge, close, draft, bulk], ids=lambda f: f.__name__)
def test_an_entry_that_ceases_to_be_public_leaves_a_tombstone(entry, withdraw):
    made = entry("1", **({"closing_basis": "《统计法》第二十五条"} if withdraw is close else {}))
    assert changes() == [("updated", made["id"])]
    before = now() - timedelta(seconds=1)
    withdraw(made)
    assert changes() == [("withdrawn", made["id"])]
    stone = model.Session.get(Tombstone, made["id"])
    assert stone.name == made["name"]
    assert before <= stone.withdrawn <= now()


def test_a_tombstone_tells_nothing_of_the_content(entry):
    made = entry("1")
    delete(made)
    (stone,) = listed()["changes"]
    assert set(stone) == {"change", "when", "id", "name", "type"}
    assert {column.name for column in Tombstone.__table__.columns} == {"id", "name", "withdrawn"}


@pytest.mark.parametrize("withdraw", [delete, purge, draft], ids=lambda f: f.__name__)
def test_an_entry_that_was_never_public_leaves_none(entry, withdraw):
    made = entry("1", **CLOSED)
    assert changes() == []
    withdraw(made)
    assert changes() == []


def test_an_entry_that_is_public_again_has_no_tombstone(entry):
    made = entry("1")
    call_action("package_patch", as_site(), id=made["id"], opening="none")
    assert changes() == [("withdrawn", made["id"])]
    call_action("package_patch", as_site(), id=made["id"], opening="conditional")
    assert changes() == [("updated", made["id"])]


def test_a_change_undone_leaves_no_tombstone(entry):
    made = entry("1")
    model.Session.execute(text("UPDATE package SET private = true WHERE id = :id"), made)
    model.Session.rollback()
    assert changes() == [("updated", made["id"])]


def test_the_list_is_the_same_for_everyone(entry, bureau):
    made, closed = entry("1"), entry("2", **CLOSED)
    reader = editor_of(bureau)
    context = {"user": reader["name"], "ignore_auth": False}
    found = call_action("sdopen_change_list", context)["changes"]
    assert [one["id"] for one in found] == [made["id"]]
    assert closed["id"] not in str(found)


def test_pages_go_through_all_changes_once_in_their_order(entry):
    made = [entry(str(number)) for number in range(7)]
    for one in made[:3]:
        delete(one)
    seen, after = [], None
    while True:
        answer = listed(limit=2, after=after)
        assert len(answer["changes"]) <= 2
        seen += answer["changes"]
        after = answer["next"]
        if not after:
            break
    assert len(seen) == 7
    assert [one["when"] for one in seen] == sorted(one["when"] for one in seen)
    assert {one["id"] for one in seen} == {one["id"] for one in made}
    assert {one["id"] for one in seen if one["change"] == "withdrawn"} == {
        one["id"] for one in made[:3]
    }


def test_changes_of_one_moment_are_told_apart_by_name(entry):
    made = [entry(str(number)) for number in range(5)]
    ids = [one["id"] for one in made]
    moment = "2026-01-01 08:00:00.123456"
    statement = text("UPDATE package SET metadata_modified = :moment WHERE id = ANY(:ids)")
    model.Session.execute(statement, {"moment": moment, "ids": ids})
    model.Session.commit()
    send.index_entries(ids)
    delete(made[0])
    model.Session.execute(text("UPDATE sdopen_tombstone SET withdrawn = '2026-01-01 08:00:00.123'"))
    model.Session.commit()
    seen, after = [], None
    while True:
        answer = listed(limit=1, after=after)
        seen += [one["name"] for one in answer["changes"]]
        after = answer["next"]
        if not after:
            break
    assert seen == sorted(one["name"] for one in made)


def test_since_leaves_out_what_was_before_and_asking_again_misses_nothing(entry):
    made = entry("1")
    moment = made["metadata_modified"]
    assert changes(since=moment[:23]) == [("updated", made["id"])]
    assert changes(since="2999-01-01") == []
    until = listed()["until"]
    later = entry("2")
    delete(made)
    found = changes(since=until)
    assert ("withdrawn", made["id"]) in found
    assert ("updated", later["id"]) in found


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": "gestern"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"after": "2026-01-01T00:00:00.000Z"},
        {"after": '2026-01-01T00:00:00.000Z_a" OR state:draft'},
        {"after": "_a"},
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "²"},
        {"limit": "1e3"},
    ],
)
def test_a_wrong_parameter_is_named(entry, portal_app, wrong):
    answer = portal_app.get("/api/3/action/sdopen_change_list", query_string=wrong, status=409)
    assert set(wrong) <= set(answer.json["error"])
    portal_app.get("/feeds/sdopen/changes.atom", query_string=wrong, status=409)


def test_the_feed_is_atom_with_tombstones(entry, portal_app):
    made, gone = entry("1", tags=[{"name": "标签"}]), entry("<2>&")
    before = now()
    delete(gone)
    send.make_visible()
    answer = portal_app.get("/feeds/sdopen/changes.atom")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.body)
    (found,) = feed.findall(f"{ATOM}entry")
    assert found.findtext(f"{ATOM}id") == f"urn:uuid:{made['id']}"
    assert found.findtext(f"{ATOM}title") == made["title"]
    assert found.findtext(f"{ATOM}author/{ATOM}name") == "济南市统计局"
    page = found.find(f"{ATOM}link").get("href")
    assert portal_app.get(page.removeprefix("http://test.sdopen.example"), status=200)
    (stone,) = feed.findall(STONE)
    assert stone.get("ref") == f"urn:uuid:{gone['id']}"
    # midnight may pass meanwhile
    assert stone.get("when")[:10] in {f"{one:%Y-%m-%d}" for one in (before, now())}
    assert gone["title"] not in answer.body


def test_the_pages_of_the_feed_lead_to_the_next(entry, portal_app):
    for number in range(5):
        entry(str(number))
    address, seen = "/feeds/sdopen/changes.json?limit=2", []
    while address:
        answer = portal_app.get(address).json
        seen += [one["id"] for one in answer["changes"]]
        address = (answer["next"] or "").removeprefix("http://test.sdopen.example")
    assert len(set(seen)) == len(seen) == 5
    assert portal_app.get(answer["later"].removeprefix("http://test.sdopen.example"), status=200)
    feed = ElementTree.fromstring(portal_app.get("/feeds/sdopen/changes?limit=2").body)
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert "after=" in links["next"]


def test_a_page_takes_the_same_memory_however_many_changes_there_are(entry):
    entry("0")
    moment = datetime(2026, 1, 1)

    def peak() -> int:
        call_action("sdopen_change_list", limit=20)
        tracemalloc.start()
        answer = call_action("sdopen_change_list", limit=20)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(answer["changes"]) == 20
        return used

    def bury(first: int, count: int) -> None:
        rows = [
            {"id": f"{n:09d}", "name": f"c-{n:09d}", "withdrawn": moment + timedelta(seconds=n)}
            for n in range(first, first + count)
        ]
        model.Session.execute(Tombstone.__table__.insert(), rows)
        model.Session.commit()

    bury(0, 50)
    few = peak()
    bury(50, 20_000)
    assert peak() < few * 1.5 + 200_000


def test_the_migration_can_be_undone_and_done_again(entry):
    made = entry("1")
    model.Session.remove()
    _run_migrations("sdopen", "001_codes", False)
    try:
        # the actions need the tables of today
        gone = text("UPDATE package SET state = 'deleted' WHERE id = :id")
        model.Session.execute(gone, {"id": made["id"]})
        model.Session.commit()
        solr.remove([made["id"]])
    finally:
        model.Session.remove()
        _run_migrations("sdopen", "head", True)
    assert changes() == []
    delete(entry("2"))
    assert len(changes()) == 1


def test_a_page_of_tombstones_is_found_by_index(entry):
    model.Session.execute(text("SET enable_seqscan = off"))
    query = """EXPLAIN SELECT * FROM sdopen_tombstone
        WHERE (withdrawn, name) > ('2026-01-01', 'a') ORDER BY withdrawn, name LIMIT 20"""
    plan = "\n".join(row[0] for row in model.Session.execute(text(query)))
    model.Session.rollback()
    assert "Index Scan using sdopen_tombstone_order" in plan
    assert "Sort" not in plan
