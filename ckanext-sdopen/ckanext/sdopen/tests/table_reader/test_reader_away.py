"""A reader that dies, hangs or has too much to do: a named error soon, and it heals by itself."""

import os
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import urllib3

from ckanext.sdopen.breaker import probes
from ckanext.sdopen.breaker.table_reader import TableReaderAway, circuit
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.services.servers import table_reader
from ckanext.sdopen.tables import reader_client
from ckanext.sdopen.tables.query.known import Column
from ckanext.sdopen.tables.query.refusals import Busy, QueryError, TooLarge, TooSlow
from ckanext.sdopen.tests.table_reader.conftest import SAID, SETTINGS
from ckanext.sdopen.tests.table_reader.corpus.versions import written

# longer than anything here takes; only what never comes reaches it
PATIENCE = 300.0
# seconds of the processor: less than a long question takes, more than it gets in its one second
ENDED = 4.0


def workers(address: str) -> list[int]:
    """The processes that answer at an address, by the variable that tells their port."""
    port = f"SDOPEN_TABLE_READER_PORT={address.rsplit(':', 1)[1]}\0".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            mine = port in (entry / "environ").read_bytes()
        except OSError:
            continue
        if mine and b"ckanext.sdopen.table_reader" in words and len(words) == 6:
            found.append(int(entry.name))
    return found


def computed(address: str) -> float:
    """Seconds of the processor that the processes at an address have taken."""
    ticks = 0
    for pid in workers(address):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks += int(stat[11]) + int(stat[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def asks(table, **question):
    return reader_client.query(table.readable, question)


def answers(table) -> bool:
    try:
        return asks(table, ask="count")["rows"] == [[50000]]
    except (TableReaderAway, QueryError):
        return False


def heals(table) -> bool:
    return ready.until(lambda: answers(table), PATIENCE, lambda: True)


def outcome(table) -> str:
    """What comes of a question under load: an answer, or the name of an error."""
    try:
        return "answered" if asks(table, q="便民", limit=5)["rows"] else "empty"
    except (TableReaderAway, Busy, TooSlow) as error:
        return type(error).__name__


@pytest.mark.usefixtures("asked")
def test_a_process_killed_under_load_costs_named_errors_and_is_replaced(
    table, reader, monkeypatch, ckan_config
):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.tables.reader_seconds", 2)
    assert heals(table)
    (before,) = workers(reader)
    seen: list[str] = []
    over = threading.Event()

    def load() -> None:
        while not over.is_set():
            seen.append(outcome(table))
            over.wait(0.05)

    with ThreadPoolExecutor(4) as pool:
        loads = [pool.submit(load) for _ in range(4)]
        try:
            assert ready.until(lambda: "answered" in seen, PATIENCE, lambda: True)
            os.kill(before, signal.SIGKILL)
            killed = len(seen)
            healed = lambda: seen[killed:].count("answered") > 20  # noqa: E731
            assert ready.until(healed, PATIENCE, lambda: True)
        finally:
            over.set()
    for one in loads:
        assert one.result() is None, "no other error came to anybody"
    assert set(seen) <= {"answered", "TableReaderAway", "Busy", "TooSlow"}
    assert workers(reader) not in ([], [before])


@pytest.mark.usefixtures("asked")
def test_a_process_that_hangs_is_a_named_error_in_bounded_time_and_replaced(
    table, reader, monkeypatch, ckan_config
):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.tables.reader_seconds", 2)
    assert heals(table)
    (before,) = workers(reader)
    os.kill(before, signal.SIGSTOP)
    # its own bound of two seconds ends the wait, or that of the reader, which replaces the process
    with pytest.raises(TableReaderAway):
        asks(table, ask="count")
    assert heals(table), "who gives no sign of life is replaced"
    assert workers(reader) != [before]


@pytest.mark.usefixtures("asked")
def test_while_the_circuit_is_open_nobody_waits(table, monkeypatch):
    monkeypatch.setenv("SDOPEN_TABLES_URL", "http://127.0.0.1:9")
    assert not probes.tables()
    circuit.trip()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("SDOPEN_TABLES_URL", address)
        with pytest.raises(TableReaderAway, match="before"):
            asks(table)
        # nobody has come to whom he could have waited
        with pytest.raises(BlockingIOError):
            silent.accept()


def test_a_portal_without_a_reader_misses_nothing_until_it_asks(table, monkeypatch):
    monkeypatch.setenv("SDOPEN_TABLES_URL", "")
    assert probes.tables()
    with pytest.raises(TableReaderAway):
        asks(table)


def slow(folder):
    """A question that takes long: the pinyin order of two million different texts."""
    table = written(folder, "SELECT '济南大药店便民' || hash(range) AS n FROM range(2000000)")
    readable = reader_client.Readable(table.hash, (Column("n", "text"),))
    return readable, {"sort": [{"column": "n", "pinyin": True}], "limit": 20000, "offset": 50000}


@pytest.fixture(scope="module")
def strict(table, tmp_path_factory):
    """A reader with bounds so narrow that each can be reached."""
    settings = {
        **SETTINGS,
        "SDOPEN_TABLE_READER_SECONDS": "1",
        "SDOPEN_TABLE_READER_RUNNING": "1",
        "SDOPEN_TABLE_READER_WAITING": "1",
        "SDOPEN_TABLE_READER_ANSWER_BYTES": "100000",
        "SDOPEN_TABLE_READER_MEMORY": "60000000",
    }
    log = tmp_path_factory.mktemp("strict") / "log"
    with table_reader.serve(table.folder, log, SAID, settings) as address:
        yield address


@pytest.fixture
def strictly(strict, asked, monkeypatch):
    monkeypatch.setenv("SDOPEN_TABLES_URL", strict)


@pytest.mark.usefixtures("strictly")
def test_a_question_that_takes_too_long_is_ended_and_others_get_their_turn(table, strict):
    readable, question = slow(table.folder)
    assert heals(table)
    before = computed(strict)
    with pytest.raises((TooSlow, TooLarge)):
        reader_client.query(readable, question)
    assert heals(table)
    assert computed(strict) - before < ENDED


@pytest.mark.usefixtures("strictly")
def test_more_questions_than_may_wait_are_told_to_come_again(table):
    readable, question = slow(table.folder)

    def told_to_come_again() -> bool:
        with ThreadPoolExecutor(5) as pool:
            asked = [pool.submit(reader_client.query, readable, question) for _ in range(5)]
        return any(isinstance(one.exception(), Busy) for one in asked)

    # on a busy machine they may come one after the other
    assert ready.until(told_to_come_again, PATIENCE, lambda: True)
    assert heals(table)


@pytest.mark.usefixtures("strictly")
def test_what_needs_more_memory_or_bytes_than_it_may_is_refused(table):
    refused: list[str] = []

    def is_refused() -> bool:
        try:
            asks(table, limit=5000)
        except TooLarge as error:
            refused.append(error.code)
        except (TooSlow, Busy):
            # it has a second, which is little on a busy machine
            pass
        return bool(refused)

    assert ready.until(is_refused, PATIENCE, lambda: True)
    assert refused == ["answer_too_large"]
    wide = written(table.folder, "SELECT repeat(hash(range)::VARCHAR, 20) n FROM range(400000)")
    readable = reader_client.Readable(wide.hash, (Column("n", "text"),))
    with pytest.raises((TooLarge, TooSlow)):
        reader_client.query(readable, {"ask": "values", "values": {"column": "n"}})
    assert heals(table)


@pytest.mark.usefixtures("strictly")
def test_a_question_that_nobody_waits_for_any_more_is_ended(table, monkeypatch, ckan_config):
    readable, question = slow(table.folder)
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.tables.reader_seconds", 1)
    body = {**readable.as_dict(), "query": question}
    address = os.environ["SDOPEN_TABLES_URL"]
    pool = urllib3.PoolManager()
    assert heals(table)
    before = computed(address)
    with pytest.raises(urllib3.exceptions.TimeoutError):
        pool.request(
            "POST",
            f"{address}/query",
            json=body,
            headers={"Authorization": f"Bearer {SAID}"},
            timeout=0.03,
            retries=False,
        )
    pool.clear()
    # it had the only turn
    assert answers(table) or heals(table)
    assert computed(address) - before < ENDED


def test_who_does_not_know_the_secret_reads_nothing(table, reader):
    pool = urllib3.PoolManager()
    body = {**table.readable.as_dict(), "query": {}}
    for path in ("/query", "/export"):
        for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": SAID}):
            answer = pool.request("POST", reader + path, json=body, headers=headers)
            assert answer.status == 403
            assert "张" not in answer.data.decode()
    assert pool.request("GET", f"{reader}/health").json() == {"status": "ok"}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff", b'{"version": "\\ud800"}', b"9" * 300_000]
)
def test_a_body_that_is_no_question_is_refused(reader, body):
    headers = {"Authorization": f"Bearer {SAID}"}
    answer = urllib3.PoolManager().request("POST", f"{reader}/query", body=body, headers=headers)
    assert answer.status == 400
    assert answer.json()["error"]["zh"]
