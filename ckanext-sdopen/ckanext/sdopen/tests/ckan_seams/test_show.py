"""What is shown of entries read set-based equals what CKAN shows of each."""

import pytest
from ckan import model
from ckan.logic import package_show_default_and_custom_schemas
from sqlalchemy import event

from ckanext.sdopen.ckan_seams import rows, show
from ckanext.sdopen.tests.corpus import entries as entry_corpus
from ckanext.sdopen.tests.corpus.examples import created, department, interface


@pytest.fixture(scope="module")
def ids(clean_portal):
    return entry_corpus.everything()


def by_ckan(entry_id: str):
    model.Session.expunge_all()
    return package_show_default_and_custom_schemas({"ignore_auth": True}, entry_id)


def test_every_entry_is_shown_as_ckan_shows_it(ids):
    shows = show.Shows()
    entries = rows.load(ids)
    assert sorted(entries) == ids
    assert sum(shows.knows(entry) for entry in entries.values()) >= len(ids) - 1
    for entry_id, entry in entries.items():
        default, custom = by_ckan(entry_id)
        assert shows.both(entry) == (default, custom)
        if shows.knows(entry) and "foreign" not in entry.extras:
            assert (shows.default(entry), shows.custom(entry)) == (default, custom)


def test_the_corpus_holds_what_makes_shows_differ(ids):
    entries = rows.load(ids).values()
    states = {entry.package["state"] for entry in entries}
    assert states == {"active", "draft", "deleted"}
    assert {entry.package["type"] for entry in entries} == {"dataset", "interface"}
    urls = [r["url"] for e in entries for r in show.Shows().both(e)[1]["resources"]]
    assert any("/download/" in url for url in urls)
    assert any("/datastore/dump/" in url for url in urls)
    assert any(entry.catalog for entry in entries)
    assert any(entry.related for entry in entries)
    assert any(entry.tags for entry in entries)
    assert any(entry.extras.get("withdrawn_on") for entry in entries)


def test_a_batch_costs_five_statements_whatever_its_size(ids):
    asked = []
    event.listen(model.meta.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    rows.load(ids[:2])
    few = len(asked)
    rows.load(ids, lock=True)
    model.Session.rollback()
    assert few == len(asked) - few == 5
    locked = [statement for statement in asked if "FOR SHARE" in statement]
    assert len(locked) == 1
    assert "ORDER BY p.id" in locked[0]


def test_an_unknown_schema_is_left_to_ckan(ids, monkeypatch):
    shows = show.Shows()
    monkeypatch.setattr(shows, "_plans", {"dataset": None, "interface": None})
    entry = rows.load(ids[:1])[ids[0]]
    assert not shows.knows(entry)
    assert shows.both(entry) == by_ckan(ids[0])


def test_an_interface_without_a_narrow_row_still_gets_its_catalog(ids):
    owner = department("省药品监督管理局")["id"]
    catalog = next(e for e in rows.load(ids).values() if e.package["type"] == "dataset")
    served = created(interface(owner, resource_code="307001/660010", catalog=catalog.id))
    model.Session.execute(rows.text("DELETE FROM sdopen_entry WHERE id = :id"), served)
    found = rows.load([served["id"]])[served["id"]]
    model.Session.rollback()
    assert found.catalog
    assert found.catalog["id"] == catalog.id
