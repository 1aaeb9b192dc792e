"""Portal, narrow table and index agree, both ways; what does not is found and mended."""

import threading

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import call_action
from click.testing import CliRunner
from sqlalchemy import text

from ckanext.sdopen.commands import sdopen
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.index import agreement, open_transactions, solr
from ckanext.sdopen.index.documents import builder, send
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.index.rebuild import stripes
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.tests.corpus import entries
from ckanext.sdopen.tests.corpus.examples import as_site, catalog, created, department


@pytest.fixture(scope="module")
def ids(clean_portal):
    found = entries.everything()
    outbox.enqueue(found)
    model.Session.commit()
    drainer.drain_until(outbox.highest(), 60)
    return found


def compared():
    told = {}
    found = agreement.compare(
        lambda size: None, lambda kind, ids: told.setdefault(kind, []).extend(ids)
    )
    assert {kind: len(listed) for kind, listed in told.items()} == {
        kind: one.count for kind, one in found.differences.items() if one.count
    }
    return told, found


def executed(statement, **values):
    model.Session.execute(text(statement), values)
    model.Session.commit()


def published_catalogs(ids):
    """Ids of published catalogs that no interface serves."""
    asked = text(
        "SELECT id FROM sdopen_entry e WHERE kind = 'catalog' AND state = 'active' "
        "AND NOT EXISTS (SELECT 1 FROM sdopen_entry i WHERE i.serves = e.id) ORDER BY id"
    )
    found = list(model.Session.execute(asked).scalars())
    model.Session.rollback()
    return [one for one in found if one in ids]


def test_a_portal_in_order_agrees(ids):
    told, found = compared()
    assert told == {}
    assert found.agrees
    assert (found.packages, found.waiting) == (len(ids), 0)


def test_every_kind_of_difference_is_found_and_mended(ids, monkeypatch):
    one, two, three, four, five, six, seven = published_catalogs(ids)[:7]
    solr.remove([one])
    executed("UPDATE package SET metadata_modified = now() + interval '1 min' WHERE id = :i", i=two)
    executed(
        "UPDATE sdopen_entry SET modified = (SELECT metadata_modified FROM package WHERE id = "
        ":i) WHERE id = :i",
        i=two,
    )
    # made private by another hand: same moment, other labels
    executed("UPDATE package SET state = 'draft', private = true WHERE id = :i", i=three)
    executed("UPDATE sdopen_entry SET state = 'draft', private = true WHERE id = :i", i=three)
    executed("DELETE FROM sdopen_entry WHERE id = :i", i=four)
    executed("UPDATE sdopen_entry SET title = 'other' WHERE id = :i", i=five)
    # as an interface that is created while its catalog is narrowed
    executed("UPDATE package SET private = NOT private WHERE id = :i", i=seven)
    executed("UPDATE sdopen_entry SET private = NOT private WHERE id = :i", i=seven)
    real = builder.Builder().document(next(iter(agreement_load(six).values())))
    ghost = "00000000-0000-4000-8000-00000000dead"
    solr.post([{**real, "id": ghost, "index_id": builder.index_id(ghost)}])
    executed(
        "INSERT INTO sdopen_entry SELECT (jsonb_populate_record(e, jsonb_build_object('id', "
        "CAST(:g AS text)))).* FROM sdopen_entry e WHERE id = :i",
        i=six,
        g=ghost,
    )
    expected = {
        "index_missing": [one],
        "index_stale": [two],
        "index_labels": [three],
        "narrow_missing": [four],
        "narrow_different": [five],
        "package_private": [seven],
        "index_orphan": [ghost],
        "narrow_orphan": [ghost],
    }
    told, found = compared()
    assert told == expected
    assert not found.agrees
    agreement.compare(lambda size: None, agreement.repair)
    drainer.drain_until(outbox.highest(), 60)
    assert compared()[0] == {}


def agreement_load(one):
    found = agreement.packages([one])
    return {one: builder.Stored(found[one])}


def test_what_waits_in_the_outbox_differs_rightly(ids):
    one = published_catalogs(ids)[0]
    executed("UPDATE package SET metadata_modified = now() WHERE id = :i", i=one)
    executed(
        "UPDATE sdopen_entry SET modified = (SELECT metadata_modified FROM package WHERE id = "
        ":i) WHERE id = :i",
        i=one,
    )
    outbox.enqueue([one])
    model.Session.commit()
    told, found = compared()
    assert (told, found.waiting) == ({}, 1)
    drainer.drain_until(outbox.highest(), 60)


def test_a_deleted_entry_in_the_index_is_an_orphan(ids):
    gone = next(e for e in ids if model.Package.get(e).state == "deleted")
    executed("UPDATE package SET state = 'active' WHERE id = :i", i=gone)
    send.index_entries([gone])
    executed("UPDATE package SET state = 'deleted' WHERE id = :i", i=gone)
    told, _ = compared()
    assert told == {"index_orphan": [gone]}


@pytest.mark.parametrize(("arguments", "status"), [([], 1), (["--repair"], 0), ([], 0)])
def test_the_command_says_what_differs_and_mends_it(ids, cli, arguments, status):
    result = cli.invoke(ckan, ["sdopen", "search", "check", *arguments])
    assert result.exit_code == status, result.output
    assert f"index_orphan: {0 if (status, arguments) == (0, []) else 1}" in result.output
    assert f"{len(ids)} packages" in result.output


def mended_before_the_commit_of(write, monkeypatch):
    """What a write answers before whose commit, its document posted, the index is mended."""
    real = model.repo.commit

    def mend():
        agreement.compare(lambda size: None, agreement.repair)
        model.Session.remove()

    mending = threading.Thread(target=mend)

    waits = threading.Event()
    have_ended = open_transactions.have_ended

    def waiting(seconds):
        waits.set()
        return have_ended(seconds)

    monkeypatch.setattr(open_transactions, "have_ended", waiting)

    def committed():
        monkeypatch.setattr(model.repo, "commit", real)
        mending.start()
        # it has seen the document without a row, and waits for who writes; or it asks nobody
        assert ready.until(lambda: waits.is_set() or not mending.is_alive(), 300, lambda: True)
        real()

    monkeypatch.setattr(model.repo, "commit", committed)
    done = write()
    mending.join(300)
    assert not mending.is_alive()
    drainer.drain_until(outbox.highest(), 300)
    return done


def test_an_entry_whose_document_comes_before_its_row_is_no_orphan(ids, monkeypatch):
    payload = catalog(department("省医保局")["id"], resource_code="307930/000002")
    made = mended_before_the_commit_of(lambda: created(payload), monkeypatch)
    assert solr.stored_documents([made["id"]])


def test_nothing_is_an_orphan_while_somebody_writes_for_long(ids, monkeypatch):
    monkeypatch.setattr(agreement, "_PATIENCE", 0.5)
    ghost = "00000000-0000-4000-8000-00000000dead"
    doc = {"id": ghost, "index_id": builder.index_id(ghost), "entity_type": "package"}
    solr.post([{**doc, "site_id": tk.config["ckan.site_id"]}])
    with model.meta.engine.connect() as writer:
        writer.execute(text("SELECT pg_current_xact_id()"))
        with pytest.raises(SdopenError, match="check again"):
            agreement.compare(lambda size: None, agreement.repair)
        writer.rollback()
    assert solr.stored_documents([ghost])
    agreement.compare(lambda size: None, agreement.repair)
    solr.soft_commit()
    assert not solr.stored_documents([ghost])


def test_a_deleted_entry_that_comes_back_meanwhile_stays_in_the_index(ids, monkeypatch):
    one = published_catalogs(ids)[0]
    call_action("package_delete", as_site(), id=one)
    assert not solr.stored_documents([one])
    mended_before_the_commit_of(
        lambda: call_action("package_patch", as_site(), id=one, state="active"), monkeypatch
    )
    assert solr.stored_documents([one])


@pytest.mark.parametrize("command", [["check"], ["rebuild", "--processes", "1"]])
def test_a_solr_that_does_not_answer_ends_a_command_in_one_sentence(
    ids, monkeypatch, tmp_path, command, capfd
):
    monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path))
    monkeypatch.setitem(tk.config, "solr_url", "http://user:secret@127.0.0.1:9/solr/ckan")
    monkeypatch.setattr(stripes, "_TRIES", 1)
    result = CliRunner().invoke(sdopen, ["search", *command])
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    said = result.output + "".join(capfd.readouterr())
    assert "Error: Solr does not answer" in said
    assert "Traceback" not in said
    assert "secret" not in said
