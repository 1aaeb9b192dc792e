"""A Solr that is too slow for a batch: it gets smaller ones, and nothing that it took twice."""

import os
import signal
import threading
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from sqlalchemy import text

from ckanext.sdopen.bench.faults.fault import Mode
from ckanext.sdopen.bench.faults.proxy import standing_before
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.documents import send
from ckanext.sdopen.index.drain import drainer, work
from ckanext.sdopen.index.rebuild import run as rebuild_run
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.running import processes, ready
from ckanext.sdopen.tests.corpus.examples import catalog, created, department

ENTRIES = 8
# of a request, in bytes: as much as any few documents of these tests have, and no more
FEW, MANY = 100_000, 10_000_000
# longer than anything here takes; only what never comes reaches it
PATIENCE = 600
# how long is waited for what the proxy holds back
IN_VAIN = 1


@pytest.fixture(scope="module")
def entries(clean_portal):
    owner = department("省统计局")["id"]
    made = [created(catalog(owner, resource_code=f"307001/53{n:04d}")) for n in range(ENTRIES)]
    return [entry["id"] for entry in made]


@pytest.fixture(autouse=True)
def slow_settings(monkeypatch, tmp_path):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.search.batch", ENTRIES)
    monkeypatch.setitem(tk.config, "ckanext.sdopen.search.drain_threads", 1)
    monkeypatch.setitem(tk.config, "ckanext.sdopen.search.solr_timeout", PATIENCE)
    monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path))
    yield
    model.Session.rollback()
    model.Session.execute(text("DELETE FROM sdopen_outbox"))
    model.Session.commit()


@pytest.fixture
def proxy(monkeypatch):
    with standing_before(str(tk.config["solr_url"])) as made:
        monkeypatch.setitem(tk.config, "solr_url", made.url)
        yield made


@pytest.fixture
def sizes(monkeypatch):
    """How many documents each batch had, and whether it passed."""
    found, real = [], solr.post

    def noted(docs):
        docs = list(docs)
        try:
            answer = real(docs)
        except solr.SolrSilent:
            found.append((len(docs), False))
            raise
        found.append((len(docs), True))
        return answer

    monkeypatch.setattr(solr, "post", noted)
    return found


@contextmanager
def choked(proxy, after):
    """Requests longer than that are held back, and waited for in vain; all others pass."""
    real = solr.asked

    def asked(path, body=None, seconds=None, **parameters):
        held = len(body or b"") > after
        return real(path, body, IN_VAIN if held else PATIENCE, **parameters)

    with pytest.MonkeyPatch.context() as patch, proxy.fault(Mode.CHOKE, after=after):
        patch.setattr(solr, "asked", asked)
        yield


def padded(monkeypatch, bytes_of):
    """Let the document of an entry have so many bytes more."""
    real = send.Builder.document

    def larger(self, stored):
        doc = real(self, stored)
        return doc and {
            **doc,
            "extras_padding": " ".join(["x" * 99] * (bytes_of(stored.id) // 100)),
        }

    monkeypatch.setattr(send.Builder, "document", larger)


def emptied(ids):
    """Nothing of these in the index, all in the outbox."""
    solr.remove(ids)
    solr.soft_commit()
    outbox.enqueue(ids)
    model.Session.commit()


def found(ids):
    solr.soft_commit()
    return set(solr.stored_documents(ids))


def test_a_batch_that_took_too_long_goes_again_in_halves_and_the_portion_grows_again(
    entries, proxy, sizes, monkeypatch
):
    padded(monkeypatch, lambda _: FEW)
    emptied(entries)
    lines: list[str] = []
    with choked(proxy, 5 * FEW):
        made = drainer.Drainer(lines.append)
        assert made.run(once=True) == ENTRIES
    assert sizes[:3] == [(8, False), (4, True), (4, True)]
    assert len([line for line in lines if "does not answer within 1 s" in line]) == 1
    assert outbox.length(100) == 0
    assert found(entries) == set(entries)
    emptied(entries)
    # the first ones and these
    assert made.run(once=True) == 2 * ENTRIES
    assert sizes[3:] == [(8, True)]


def test_one_document_that_never_passes_is_kept_with_its_reason_and_stops_no_other(
    entries, proxy, sizes, monkeypatch
):
    padded(monkeypatch, lambda one: MANY if one == entries[3] else 0)
    emptied(entries)
    with choked(proxy, MANY // 2):
        assert drainer.Drainer(lambda line: None).run(once=True) == ENTRIES - 1
    failed = [size for size, passed in sizes if not passed]
    assert failed == [8, 4, 2, 1]
    rows = model.Session.execute(text("SELECT entry_id, failures, error FROM sdopen_outbox")).all()
    model.Session.rollback()
    assert [(row.entry_id, row.failures) for row in rows] == [(entries[3], 1)]
    assert "does not answer within 1 s" in rows[0].error
    assert found(entries) == set(entries) - {entries[3]}


def test_what_was_taken_before_a_batch_took_too_long_is_not_sent_again(
    entries, proxy, sizes, monkeypatch
):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.search.batch", 4)
    padded(monkeypatch, lambda one: FEW if one in entries[4:] else 0)
    emptied(entries[:4])
    emptied(entries[4:])
    with choked(proxy, 3 * FEW):
        assert drainer.Drainer(lambda line: None).run(once=True) == ENTRIES
    assert sizes == [(4, True), (4, False), (2, True), (2, True)]
    assert found(entries) == set(entries)


def test_a_rebuild_goes_on_in_halves_and_leaves_one_that_never_passes_to_the_outbox(
    entries, proxy, monkeypatch
):
    padded(monkeypatch, lambda one: MANY if one == entries[3] else 0)
    solr.remove(entries)
    solr.soft_commit()
    with choked(proxy, MANY // 2):
        outcome = rebuild_run.Run(1).run(lambda *_: None)
    assert (outcome.posted, outcome.refused) == (ENTRIES - 1, {})
    assert [row.entry_id for row in outbox.waiting(0, 100)] == [entries[3]]
    model.Session.rollback()
    assert found(entries) == set(entries) - {entries[3]}


@contextmanager
def stopped_solr():
    """The Solr of these tests, by its own id, stopped for a while."""
    process = processes.recorded(Layout(Path(os.environ["SDOPEN_VAR"])), "solr")
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)


def test_a_solr_that_stops_again_and_again_gets_everything_in_the_end(entries, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.search.solr_timeout", 1)
    monkeypatch.setattr(work, "_AGAIN", 0.1)
    solr.remove(entries)
    solr.soft_commit()
    stop = threading.Event()
    lines: list[str] = []
    thread = threading.Thread(target=drainer.Drainer(lines.append, stop).run)
    thread.start()

    def more(words, than):
        return len([line for line in lines if words in line]) > than

    try:
        for turn in range(3):
            with stopped_solr():
                outbox.enqueue(entries)
                model.Session.commit()
                slow = partial(more, "does not answer within 1 s", turn)
                assert ready.until(slow, PATIENCE, thread.is_alive)
            assert ready.until(partial(more, "going on", turn), PATIENCE, thread.is_alive)
        assert ready.until(nothing_waits, PATIENCE, thread.is_alive)
    finally:
        stop.set()
        thread.join()
    assert found(entries) == set(entries)


def test_no_batch_holds_its_rows_while_solr_is_known_to_be_silent(entries, monkeypatch, proxy):
    batches, questions, real = [], [], (send.index, solr.answers)

    def batch(ids, *more):
        batches.append(ids)
        return real[0](ids, *more)

    def question():
        questions.append(len(batches))
        return real[1]()

    monkeypatch.setattr(send, "index", batch)
    monkeypatch.setattr(solr, "answers", question)
    monkeypatch.setitem(tk.config, "ckanext.sdopen.search.drain_patience", 0.1)
    emptied(entries)
    stop = threading.Event()
    thread = threading.Thread(target=drainer.Drainer(lambda line: None, stop).run)
    try:
        with proxy.fault(Mode.REFUSE):
            thread.start()
            assert ready.until(lambda: len(questions) > 2, PATIENCE, thread.is_alive)
        assert set(questions[:3]) == {1}
        assert ready.until(nothing_waits, PATIENCE, thread.is_alive)
    finally:
        stop.set()
        thread.join()
    assert found(entries) == set(entries)


def nothing_waits():
    left = outbox.length(100)
    model.Session.rollback()
    return left == 0


def test_a_wait_for_the_index_ends_only_when_nothing_moved_for_long(entries, proxy):
    emptied(entries)
    with proxy.fault(Mode.REFUSE):
        assert drainer.drain_while_it_moves(outbox.highest(), 2.0) == ENTRIES
    assert drainer.drain_while_it_moves(outbox.highest(), PATIENCE) == 0
    assert found(entries) == set(entries)


def test_a_rebuild_that_gets_nowhere_leaves_what_is_left_to_the_indexer(entries, proxy):
    solr.remove(entries)
    solr.soft_commit()
    with proxy.fault(Mode.BLACK_HOLE):
        run = rebuild_run.Run(1)
        with pytest.raises(rebuild_run.SdopenError, match="nothing was indexed for 2 s"):
            run.run(lambda *_: None, 2.0)
        assert run.queue_left() == ENTRIES
    assert drainer.drain_until(outbox.highest(), PATIENCE) == 0
    assert found(entries) == set(entries)
