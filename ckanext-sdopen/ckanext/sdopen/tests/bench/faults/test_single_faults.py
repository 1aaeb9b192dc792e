"""One thing goes wrong in the middle of a load; what stands there afterwards is right."""

import json
import os
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from ckanext.sdopen.bench.faults import corpus as fault_corpus
from ckanext.sdopen.bench.faults import faults
from ckanext.sdopen.bench.faults.faults import Clients, Ended
from ckanext.sdopen.bench.faults.state_hash import state, twice
from ckanext.sdopen.bench.stand import standing
from ckanext.sdopen.services.running import ready

pytestmark = pytest.mark.slow
RUN = "faults"
# longer than anything here takes; only what never comes reaches it
PATIENCE = 300


def ended_of(stand, corpus, clients) -> Ended:
    """What the portal has come to when the clients and the index are done."""
    clients.wait()
    stand.wait_until_indexed(corpus.entries)
    return Ended(state(stand), twice(stand), 0.0, clients.ended)


def published(stand):
    found = stand.sql("SELECT id FROM package WHERE state = 'active' ORDER BY id LIMIT 1")
    return found[0][0]


def answered(stand):
    """How many batches have been written."""
    return stand.sql("SELECT count(*) FROM sdopen_bulk_receipt")[0][0]


def test_redis_down_from_beginning_to_end(stand, corpus, undisturbed):
    stand.clear()
    stand.stack.kill("redis")
    try:
        ended = ended_of(stand, corpus, Clients(stand, corpus, RUN))
    finally:
        stand.stack.start("redis")
    assert ended.wrong(undisturbed) == {}


def revoked(stand, corpus):
    """Clients whose token was revoked after some batches, before all were written."""
    # on a busy machine a run may end before somebody looks
    for _ in range(5):
        stand.clear()
        clients = Clients(stand, corpus, RUN)
        while clients.alive and answered(stand) < 2:
            time.sleep(0.05)
        stand.sql("DELETE FROM api_token")
        clients.wait()
        written = answered(stand)
        stand.renew_token()
        if 2 <= written < corpus.records // faults.RECORDS:
            return clients
    raise AssertionError("each run ended before its token was revoked")


def test_a_token_revoked_in_the_middle_ends_the_run_and_a_new_one_goes_on(
    stand, corpus, undisturbed
):
    clients = revoked(stand, corpus)
    assert {code for code, _ in clients.ended} == {6}
    ended = ended_of(stand, corpus, Clients(stand, corpus, RUN))
    assert ended.wrong(undisturbed) == {}


def test_an_editor_saves_an_entry_again_and_again_while_it_is_loaded(stand, corpus, undisturbed):
    stand.clear()
    first = fault_corpus.Corpus(corpus.files[:1], corpus.entries, corpus.entries)
    ended_of(stand, first, Clients(stand, first, RUN))
    entry = published(stand)
    then = fault_corpus.Corpus(corpus.files[1:], corpus.entries, 0)
    clients = Clients(stand, then, f"{RUN}-edits")
    statuses, meanwhile = [], 0
    # some at any rate, however seldom a busy machine comes to it
    while clients.alive or len(statuses) <= 3:
        values = {"id": entry, "contact_name": f"第{len(statuses)}次保存"}
        statuses.append(stand.call("package_patch", values)[0])
        meanwhile += clients.alive
    ended = ended_of(stand, corpus, clients)
    assert set(statuses) == {200}
    assert meanwhile > 0
    assert ended.twice == {}
    assert [code for code, _ in ended.clients] == [0]
    found = stand.solr(f"/select?q=id:{entry}&fl=validated_data_dict&sow=true")["response"]["docs"]
    indexed = json.loads(found[0]["validated_data_dict"])
    shown = stand.call("package_show", {"id": entry})[1]["result"]
    stored = stand.sql("SELECT extras->>'contact_name' FROM package WHERE id = %s", [entry])[0][0]
    assert indexed["contact_name"] == shown["contact_name"] == stored
    others = {
        name: [line for line in lines if entry not in line and name != "activity"]
        for name, lines in ended.state.items()
    }
    right = {
        name: [line for line in lines if entry not in line and name != "activity"]
        for name, lines in undisturbed.state.items()
    }
    assert faults.differences(right, others) == {}


def delete_as_sysadmin(stand, entry):
    # who publishes withdraws; only a sysadmin deletes
    stand.sql("UPDATE \"user\" SET sysadmin = true WHERE name = 'harvest'")
    try:
        assert stand.call("package_delete", {"id": entry})[0] == 200
    finally:
        stand.sql("UPDATE \"user\" SET sysadmin = false WHERE name = 'harvest'")


def test_a_deleted_entry_that_is_sent_again_is_there_once(stand, corpus):
    stand.clear()
    first = fault_corpus.Corpus(corpus.files[:1], corpus.entries, corpus.entries)
    before = ended_of(stand, first, Clients(stand, first, RUN))
    entry = published(stand)
    delete_as_sysadmin(stand, entry)
    stand.wait_until_indexed(corpus.entries - 1)
    clients = Clients(stand, first, f"{RUN}-again")
    clients.wait()
    stand.wait_until_indexed(corpus.entries)
    assert [code for code, _ in clients.ended] == [0], clients.ended
    assert twice(stand) == {}
    after = state(stand)
    apart = ("activity", "sdopen_tombstone")
    assert (
        faults.differences(
            {name: lines for name, lines in before.state.items() if name not in apart}, after
        )
        == {}
    )


def test_two_clients_with_the_same_codes_at_once_create_each_entry_once(stand, corpus):
    first = fault_corpus.Corpus(corpus.files[:1], corpus.entries, corpus.entries)
    right = faults.run(stand, first)
    stand.clear()
    both = [Clients(stand, first, f"{RUN}-{name}") for name in ("one", "other")]
    for clients in both:
        clients.wait()
    ended = ended_of(stand, first, both[0])
    assert ended.twice == {}
    assert faults.differences(right.state, ended.state) == {}
    counts = [json.loads(c.ended[0][1].splitlines()[0])["counts"] for c in both]
    assert sum(one.get("created", 0) for one in counts) == corpus.entries
    assert not any(one.get("rejected", 0) for one in counts)


@contextmanager
def short_outbox(stand, limit):
    """The portal takes bulk writes while fewer entries wait."""
    ini = stand.stack.layout.ini
    before = ini.read_text(encoding="utf-8")
    ini.write_text(f"{before}ckanext.sdopen.bulk.outbox_limit = {limit}\n", encoding="utf-8")
    stand.stack.stop("web")
    stand.stack.start("web")
    try:
        yield
    finally:
        ini.write_text(before, encoding="utf-8")
        stand.stack.stop("web")
        stand.stack.start("web")


def test_a_drainer_dead_for_hours_loses_nothing_and_writers_are_asked_to_wait(
    stand, corpus, undisturbed
):
    stand.clear()
    stand.stack.kill("indexer")
    with short_outbox(stand, 200):
        clients = Clients(stand, corpus, RUN, "--patience", "3")
        clients.wait()
        assert {code for code, _ in clients.ended} == {6}
        waiting = stand.waiting()
        assert 200 < waiting <= 200 + 2 * faults.RECORDS
        assert stand.sql("SELECT count(*) FROM package")[0][0] == waiting
    stand.sql("UPDATE sdopen_outbox SET queued = queued - interval '5 hours'")
    stand.stack.start("indexer")
    ended = ended_of(stand, corpus, Clients(stand, corpus, RUN))
    assert ended.wrong(undisturbed) == {}


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own, small enough to be filled."""
    if os.geteuid() != 0:
        pytest.skip("a small disk is mounted by root only")
    place = tmp_path / "disk"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=900m", "tmpfs", str(place)]
    done = subprocess.run(mounting, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk: {done.stderr.strip()}")
    place.chmod(0o755)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> Path:
    """Take the whole disk."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * (1 << 20))
        except OSError:
            pass
    return ballast


def test_a_full_disk_stops_writes_and_loses_nothing(small_disk, undisturbed, corpus):
    with standing(small_disk / "stand", 2_220, settings=faults.QUICK_AGAIN) as stand:
        right = faults.run(stand, corpus)
        stand.clear()
        clients = Clients(stand, corpus, RUN)
        time.sleep(right.seconds * 0.3)
        ballast = fill(small_disk)
        time.sleep(4)
        ballast.unlink()
        # after such an error Solr's index stays closed
        stand.stack.kill("solr")
        stand.stack.start("solr")

        def have_ended() -> bool:
            # what fell is started again by hand, whenever it does
            for name in stand.stack.names():
                if not stand.stack.is_up(name):
                    stand.stack.kill(name)
                    stand.stack.start(name)
            return not clients.alive

        assert ready.until(have_ended, 4 * PATIENCE, lambda: True)
        ended = ended_of(stand, corpus, clients)
        assert ended.wrong(right) == {}
