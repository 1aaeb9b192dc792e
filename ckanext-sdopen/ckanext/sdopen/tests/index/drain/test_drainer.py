"""The drainer: what waits is indexed, nothing newer is overtaken, nothing is forgotten."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
import requests
from ckan import model
from ckan.lib.search import SearchIndexError
from ckan.tests.helpers import call_action
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, PendingRollbackError

from ckanext.sdopen.ckan_seams.rows import load
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.directory.model import outbox as outbox_table
from ckanext.sdopen.entries.validation import identity
from ckanext.sdopen.index import removal, solr
from ckanext.sdopen.index.documents import send
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.index.drain.lock import Lock
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.tests.corpus import sessions
from ckanext.sdopen.tests.corpus.examples import catalog, created, department, interface

# longer than anything here takes; only what never comes reaches it
PATIENCE = 300


@pytest.fixture(scope="module")
def owner(clean_portal):
    return department("省统计局")["id"]


@pytest.fixture
def entry(owner):
    number = model.Session.query(model.Package).count()
    return created(catalog(owner, resource_code=f"307001/67{number:04d}"))


@pytest.fixture(autouse=True)
def nothing_waits():
    yield
    model.Session.rollback()
    model.Session.execute(text("DELETE FROM sdopen_outbox"))
    model.Session.commit()


def retitled(entry_id, title):
    """A change as a set-based write leaves it: row and outbox, no document."""
    moment = text("UPDATE package SET title = :title, metadata_modified = now() WHERE id = :id")
    model.Session.execute(moment, {"title": title, "id": entry_id})
    outbox.enqueue([entry_id])
    model.Session.commit()


def indexed(entry_id):
    """The title under which the search shows an entry, None where it finds none."""
    solr.soft_commit()
    found = call_action("package_search", {"ignore_auth": True}, fq=f"id:{entry_id}")
    return found["results"][0]["title"] if found["results"] else None


def drained(**more):
    lines = []
    made = drainer.Drainer(lines.append, **more)
    return made.run(once=True), lines


def test_what_waits_is_indexed_and_leaves_the_outbox(entry):
    retitled(entry["id"], "换了名称")
    assert indexed(entry["id"]) == entry["title"]
    count, lines = drained()
    assert count == 1
    assert "1 indexed" in lines[0]
    assert indexed(entry["id"]) == "换了名称"
    assert outbox.length(10) == 0


def test_nothing_is_said_and_nothing_asked_of_solr_where_nothing_waits(owner, monkeypatch):
    monkeypatch.setattr(solr, "asked", lambda *_, **__: pytest.fail("Solr was asked"))
    assert drained() == (0, [])


def test_deleted_and_purged_entries_leave_the_index(owner, entry):
    other = created(catalog(owner, resource_code="307001/679998"))
    change = text("UPDATE package SET state = 'deleted' WHERE id = :id")
    model.Session.execute(change, {"id": entry["id"]})
    outbox.enqueue([entry["id"], other["id"]])
    model.Session.commit()
    call_action("dataset_purge", {"ignore_auth": True, "user": "x"}, id=other["id"])
    assert drained()[0] == 2
    assert indexed(entry["id"]) is None
    assert indexed(other["id"]) is None


def test_an_entry_created_again_while_its_id_still_waits_is_indexed(owner, monkeypatch):
    payload = catalog(owner, resource_code="307001/679993", title="重来的目录")
    outbox.enqueue([identity.future_id(payload)])
    model.Session.commit()
    real = model.repo.commit
    draining = threading.Thread(target=lambda: drainer.drain_until(outbox.highest(), PATIENCE))

    def committed():
        # its document is posted, its row is not there yet for anybody else
        monkeypatch.setattr(model.repo, "commit", real)
        draining.start()
        draining.join(2)
        real()

    monkeypatch.setattr(model.repo, "commit", committed)
    made = created(payload)
    draining.join(PATIENCE)
    assert not draining.is_alive()
    drained()
    assert indexed(made["id"]) == "重来的目录"
    assert outbox.length(10) == 0


def test_a_row_leaves_after_the_hard_commit_only(entry, monkeypatch):
    retitled(entry["id"], "写到磁盘")
    seen = []

    def committed(visible=False):
        seen.append(outbox.length(10))
        raise solr.SolrSilent("Solr died")

    stop = threading.Event()
    monkeypatch.setattr(solr, "hard_commit", committed)
    made = drainer.Drainer(lambda line: stop.set(), stop)
    made.run()
    assert seen
    assert set(seen) == {1}
    assert outbox.length(10) == 1


def test_a_change_during_the_work_stays_in_the_outbox(entry, monkeypatch):
    retitled(entry["id"], "第一次")
    real = solr.hard_commit

    def committed(visible=False):
        monkeypatch.setattr(solr, "hard_commit", real)
        retitled(entry["id"], "第二次")
        real(visible)

    monkeypatch.setattr(solr, "hard_commit", committed)
    drained()
    assert outbox.length(10) == 0
    assert indexed(entry["id"]) == "第二次"


def test_a_writer_waits_until_solr_has_answered_for_the_older_state(entry, monkeypatch):
    retitled(entry["id"], "旧名称")
    real, order = solr.post, []

    def slow(docs):
        writer.start()
        # it waits for the row that is held, or would have written
        assert ready.until(lambda: sessions.waiting() or order, PATIENCE, lambda: True)
        order.append("posted")
        return real(docs)

    def write():
        retitled(entry["id"], "新名称")
        order.append("written")
        model.Session.remove()

    writer = threading.Thread(target=write)
    monkeypatch.setattr(solr, "post", slow)
    send.index([entry["id"]], lock=True)
    model.Session.commit()
    writer.join()
    assert order == ["posted", "written"]
    monkeypatch.setattr(solr, "post", real)
    drained()
    assert indexed(entry["id"]) == "新名称"


def test_a_document_that_solr_refuses_stops_no_other(owner, entry, monkeypatch):
    others = [created(catalog(owner, resource_code=f"307001/6790{n:02d}")) for n in range(5)]
    for one in [entry, *others]:
        retitled(one["id"], f"改 {one['name']}")
    real = send.Builder.document

    def spoilt(self, stored):
        doc = real(self, stored)
        return {**doc, "record_count": "many"} if stored.id == entry["id"] else doc

    monkeypatch.setattr(send.Builder, "document", spoilt)
    count, lines = drained()
    assert count == 5
    assert "1 could not be indexed" in lines[-1]
    row = model.Session.execute(outbox_table.select()).one()
    model.Session.rollback()
    assert (row.entry_id, row.failures) == (entry["id"], 1)
    assert "record_count" in row.error
    assert all(indexed(one["id"]) == f"改 {one['name']}" for one in others)
    # mended, it goes the next time that somebody changes it
    monkeypatch.setattr(send.Builder, "document", real)
    retitled(entry["id"], "好了")
    drained()
    assert (indexed(entry["id"]), outbox.length(10)) == ("好了", 0)


def test_solr_down_is_said_once_without_its_address_and_waited_for(entry, monkeypatch):
    retitled(entry["id"], "重试")
    stop, lines = threading.Event(), []
    monkeypatch.setitem(tk.config, "solr_url", "http://user:secret@127.0.0.1:9/solr/ckan")
    made, failures = drainer.Drainer(lines.append, stop), []
    real = made._failed
    monkeypatch.setattr(made, "_failed", lambda error: (failures.append(error), real(error)))
    thread = threading.Thread(target=made.run)
    thread.start()
    try:
        # said at the first, and at the second no more
        assert ready.until(lambda: len(failures) >= 2, PATIENCE, thread.is_alive)
        monkeypatch.undo()
        assert until_nothing_waits()
    finally:
        stop.set()
        thread.join()
    assert len([line for line in lines if "does not answer" in line]) == 1
    assert not [line for line in lines if "secret" in line or "127.0.0.1" in line]
    assert indexed(entry["id"]) == "重试"


@pytest.mark.parametrize(
    ("module", "work", "trouble"),
    [
        (outbox, "length", OperationalError("SELECT", {}, Exception("gone"))),
        (outbox, "waiting", PendingRollbackError()),
        (solr, "hard_commit", solr.Refusal("Solr refuses it")),
    ],
)
def test_whatever_goes_wrong_beside_the_batches_ends_no_drainer(
    entry, monkeypatch, module, work, trouble
):
    retitled(entry["id"], f"又一次 {work}")
    real, troubles = getattr(module, work), [trouble]

    def failing_once(*arguments):
        if troubles:
            raise troubles.pop()
        return real(*arguments)

    monkeypatch.setattr(module, work, failing_once)
    _, lines = drained()
    assert len([line for line in lines if line.endswith("trying again until it answers")]) == 1
    assert indexed(entry["id"]) == f"又一次 {work}"
    assert outbox.length(10) == 0


def test_one_drains_and_others_stand_by(entry):
    retitled(entry["id"], "轮流")
    first = Lock()
    assert first.take()
    assert first.take()
    assert not Lock().take()
    assert drained()[0] == 0
    assert outbox.length(10) == 1
    first.release()
    # the server notices the end of the session, which held the lock, a moment later
    assert ready.until(lambda: sessions.holding() == 0, PATIENCE, lambda: True)
    assert drained()[0] == 1


def test_whoever_waits_drains_himself_where_nobody_does(entry):
    retitled(entry["id"], "自己来")
    assert drainer.drain_until(outbox.highest(), PATIENCE) == 0
    assert indexed(entry["id"]) == "自己来"


def test_whoever_waits_in_vain_is_told_how_many_are_left(entry):
    retitled(entry["id"], "等不到")
    other = Lock()
    assert other.take()
    assert drainer.drain_until(outbox.highest(), 0.5) == 1
    other.release()


def test_removed_now_means_found_no_more(entry):
    assert indexed(entry["id"])
    removal.take_out([entry["id"]])
    found = call_action("package_search", {"ignore_auth": True}, fq=f"id:{entry['id']}")
    assert found["count"] == 0


def test_nothing_is_taken_out_and_nobody_waits_for_ever_while_somebody_holds_the_row(
    entry, monkeypatch
):
    monkeypatch.setattr(removal, "_PATIENCE", "1s")
    with model.meta.engine.connect() as other:
        other.execute(outbox.ENQUEUE, {"ids": [entry["id"]], "queued": outbox.now()})
        # the row is held all the while: who waited for it would do so for ever
        with pytest.raises(SearchIndexError):
            removal.take_out([entry["id"]])
        other.rollback()
    assert indexed(entry["id"])


def test_a_batch_is_one_request_to_solr(owner, monkeypatch):
    ids = [row[0] for row in model.Session.query(model.Package.id).filter_by(state="active")]
    real, asked = solr.asked, []

    def counted(path, *more, **parameters):
        asked.append(path)
        return real(path, *more, **parameters)

    monkeypatch.setattr(solr, "asked", counted)
    assert len(ids) > 5
    send.index_entries(ids)
    assert asked == ["update"]


def test_what_somebody_changes_just_now_is_left_to_him(owner, entry):
    other = created(catalog(owner, resource_code="307001/679997"))
    for one in (entry, other):
        retitled(one["id"], f"改动 {one['name']}")
    with model.meta.engine.begin() as writer:
        writer.execute(text("SELECT id FROM package WHERE id = :id FOR UPDATE"), entry)
        outcome = send.index([entry["id"], other["id"]], lock=True)
        model.Session.rollback()
        assert (outcome.posted, outcome.busy) == (1, [entry["id"]])
    assert drained()[0] == 2
    assert indexed(entry["id"]) == f"改动 {entry['name']}"


def test_an_interface_waits_while_its_catalog_changes(owner, entry):
    served = created(interface(owner, resource_code="307001/679996", catalog=entry["id"]))
    with model.meta.engine.begin() as writer:
        writer.execute(text("SELECT id FROM package WHERE id = :id FOR UPDATE"), entry)
        outcome = send.index([served["id"]], lock=True)
        model.Session.rollback()
        assert outcome.busy == [served["id"]]
    assert send.index([served["id"]], lock=True).posted == 1
    model.Session.rollback()


def until_nothing_waits(goes_on=lambda: True):
    def is_empty():
        left = outbox.length(10)
        model.Session.rollback()
        return not left

    return ready.until(is_empty, PATIENCE, goes_on)


def test_ended_database_sessions_are_survived(entry):
    stop, lines = threading.Event(), []
    thread = threading.Thread(target=drainer.Drainer(lines.append, stop).run)
    thread.start()
    # it has sessions of its own by now
    assert ready.until(lambda: sessions.holding() > 0, PATIENCE, thread.is_alive)
    others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with model.meta.engine.begin() as connection:
        connection.execute(others)
    model.Session.remove()
    model.meta.engine.dispose()
    retitled(entry["id"], "库重启")
    try:
        assert until_nothing_waits()
    finally:
        stop.set()
        thread.join()
    assert indexed(entry["id"]) == "库重启"
    assert len([line for line in lines if line.startswith("PostgreSQL")]) <= 1


def test_sigterm_ends_the_command_after_its_batch(entry, repository):
    retitled(entry["id"], "命令行")
    command = [str(Path(sys.executable).with_name("ckan")), "-c", str(repository / "test.ini")]
    with subprocess.Popen(
        [*command, "sdopen", "search", "drain"], stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert until_nothing_waits(lambda: process.poll() is None)
        finally:
            process.send_signal(signal.SIGTERM)
            said = process.stderr.read()
        assert process.wait(PATIENCE) == 0
    assert "1 indexed" in said
    assert "Traceback" not in said
    assert indexed(entry["id"]) == "命令行"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_solr_that_cannot_write_just_now_is_waited_for(entry, monkeypatch, status):
    retitled(entry["id"], f"选举 {status}")
    answers = iter([status, status])
    real = requests.Session.post

    def electing(self, url, **more):
        answer = real(self, url, **more)
        answer.status_code = next(answers, answer.status_code)
        return answer

    monkeypatch.setattr(requests.Session, "post", electing)
    count, lines = drained()
    assert [line for line in lines if f"HTTP {status}" in line]
    assert (count, outbox.length(10)) == (1, 0)
    assert indexed(entry["id"]) == f"选举 {status}"


def test_threads_make_addresses_without_getting_into_each_others_way(owner):
    files = [{"url": f"{n}.csv", "url_type": "datastore"} for n in range(20)]
    made = created(catalog(owner, resource_code="307001/679995", resources=files))
    entries, refused = load([made["id"]]), []
    model.Session.rollback()

    def work():
        for _ in range(20):
            outcome = send.Outcome()
            send._made(entries, entries, outcome)
            refused.extend(outcome.refused.values())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []


def test_a_document_on_which_solr_fails_again_and_again_stops_no_other(owner, entry, monkeypatch):
    other = created(catalog(owner, resource_code="307001/679994"))
    for one in (entry, other):
        retitled(one["id"], f"故障 {one['name']}")
    real = requests.Session.post

    def failing(self, url, data=b"", **more):
        answer = real(self, url, data=data, **more)
        if entry["id"].encode() in data and b"data_dict" in data:
            answer.status_code = 500
        return answer

    monkeypatch.setattr(requests.Session, "post", failing)
    monkeypatch.setattr(drainer, "_STUBBORN", 2)
    count, lines = drained()
    assert count == 1
    assert "1 could not be indexed" in lines[-1]
    assert indexed(other["id"]) == f"故障 {other['name']}"
    assert [row.entry_id for row in outbox.waiting(0, 10)] == [entry["id"]]
