"""The client of the bulk path: batches, retries under one key, patience, results in order."""

import gzip
import json
import re
import threading
import time
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ckanext.sdopen.harvest.messages import PortalError
from ckanext.sdopen.harvest.pushing import batches, by_batches
from ckanext.sdopen.harvest.pushing.bulk_push import new_run
from ckanext.sdopen.harvest.pushing.by_batches import Bulk
from ckanext.sdopen.harvest.pushing.portal import Portal

# longer than anything here takes; only what never comes reaches it
PATIENCE = 300


def lines(count, text="x"):
    return [batches.encoded({"title": f"{text}{number}"}) for number in range(count)]


class TestBatches:
    def test_a_batch_ends_at_its_thousandth_record(self):
        cut = list(batches.batches(lines(2_001)))
        assert [(batch.start, len(batch.lines)) for batch in cut] == [
            (0, 1000),
            (1000, 1000),
            (2000, 1),
        ]

    def test_a_batch_ends_before_it_grows_too_large(self):
        cut = list(batches.batches([b"x" * 40, b"y" * 40, b"z" * 200, b"w"], size=100))
        assert [len(batch.lines) for batch in cut] == [2, 1, 1]

    def test_the_body_is_one_record_a_line(self):
        batch = next(batches.batches(lines(3)))
        said = gzip.decompress(batch.body).decode().splitlines()
        assert [json.loads(line)["title"] for line in said] == ["x0", "x1", "x2"]

    def test_a_key_is_that_of_the_records_their_place_and_the_run(self):
        one, same = (next(batches.batches(lines(3))) for _ in range(2))
        assert one.key("r") == same.key("r")
        other = next(batches.batches(lines(3, "y")))
        later = batches.Batch(1000, one.lines)
        assert len({one.key("r"), one.key("q"), other.key("r"), later.key("r")}) == 4

    def test_a_key_fits_a_header_whatever_the_run_is_called(self):
        key = next(batches.batches(lines(3))).key("信息资源目录" * 50)
        assert key.isascii()
        assert len(key) < 100

    def test_a_run_is_called_after_its_file_as_far_as_the_portal_takes_it(self):
        assert new_run("目录").startswith("目录-")
        longest = new_run("目录" * 100)
        assert len(longest) == 200
        # a file name of another encoding than the terminal's
        assert new_run("\udcc4\udcbf").isprintable()


class Script:
    """What a portal out of order answers: per batch, a list of answers before the right one."""

    def __init__(self):
        self.faults = {}
        self.keys = []
        self.written = {}
        self.most = 0
        self.now = 0
        self.limit = 1000
        # so many are answered together
        self.together = 1
        self.guard = threading.Condition()


def handler(script):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            key = self.headers.get("Idempotency-Key", "")
            start = int(re.search(r":(\d+):", key)[1])
            with script.guard:
                script.keys.append(key)
                script.now += 1
                script.most = max(script.most, script.now)
                script.guard.notify_all()
                fault = (script.faults.get(start) or [None]).pop(0)
            records = gzip.decompress(body).splitlines()
            if fault == "cut after writing":
                self.done(key, records)
                self.close_connection = True
                self.connection.close()
            elif len(records) > script.limit:
                self.done()
                self.answer(413, {"success": False, "error": {"message": "too large"}})
            elif fault:
                self.done()
                status, headers = fault
                self.answer(status, {"success": False, "error": {"message": "no"}}, headers)
            else:
                with script.guard:
                    script.guard.wait_for(lambda: script.most >= script.together, PATIENCE)
                self.done(key, records)
                made = [{"id": json.loads(r)["title"], "result": "created"} for r in records]
                self.answer(200, {"success": True, "result": {"records": made}})

        def done(self, key=None, records=()):
            """Before the answer: whoever has it may send the next batch at once."""
            with script.guard:
                if key:
                    script.written.setdefault(key, len(records))
                script.now -= 1

        def answer(self, status, said, headers=()):
            body = json.dumps(said).encode()
            self.send_response(status)
            for name, value in dict(headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@pytest.fixture
def script():
    return Script()


@pytest.fixture
def portal(script):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(script))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Portal(f"http://127.0.0.1:{server.server_port}", "token", "zh")
    server.shutdown()
    server.server_close()


@pytest.fixture
def rests(monkeypatch):
    """For how many seconds the client rests; here it does not."""
    found = []

    class Rest(threading.Event):
        def wait(self, timeout=None):
            found.append(timeout)
            return super().wait(0)

    monkeypatch.setattr(by_batches, "Event", Rest)
    return found


class TestPushing:
    def test_results_come_in_the_order_of_the_records(self, portal, script):
        bulk = Bulk(portal, "r", workers=3, records=10)
        script.together = 3
        got = [result["id"] for result in bulk.push(lines(95))]
        assert got == [f"x{number}" for number in range(95)]
        assert script.most == 3

    def test_an_answer_that_got_lost_is_asked_for_under_the_same_key(self, portal, script):
        script.faults = {10: ["cut after writing", (502, ()), (500, ())]}
        got = list(Bulk(portal, "r", records=10).push(lines(30)))
        assert len(got) == 30
        asked = [key for key in script.keys if ":10:" in key]
        assert len(asked) == 4
        assert len(set(asked)) == 1
        assert sum(script.written.values()) == 30

    def test_a_portal_that_asks_to_wait_is_waited_for(self, portal, script, rests):
        script.faults = {0: [(503, {"Retry-After": "7"})]}
        told = []
        assert len(list(Bulk(portal, "r", waits=told.append).push(lines(5)))) == 5
        (rest,) = rests
        assert 7 <= rest < 8
        assert [failure[:3] for failure in told] == ["503"]

    def test_patience_ends(self, portal, script):
        script.faults = {0: [(503, {"Retry-After": "30"})]}
        with pytest.raises(PortalError):
            list(Bulk(portal, "r", patience=2).push(lines(5)))

    def test_nobody_waits_for_a_portal_that_is_down_once_the_run_is_interrupted(
        self, portal, script
    ):
        script.faults = {10: [(503, {"Retry-After": "300"})]}
        results = Bulk(portal, "r", records=10).push(lines(30))
        assert isinstance(results, Generator)
        assert next(results)["id"] == "x0"
        with script.guard:
            script.guard.wait_for(lambda: ":10:" in "".join(script.keys), PATIENCE)
        began = time.monotonic()
        results.close()
        assert time.monotonic() - began < 200

    def test_a_refused_token_ends_the_run_at_once(self, portal, script):
        script.faults = {10: [(403, ())]}
        with pytest.raises(PortalError) as refused:
            list(Bulk(portal, "r", workers=1, records=10).push(lines(90)))
        assert refused.value.code == "portal_token"
        assert len(script.keys) < 6

    def test_a_portal_that_takes_less_at_once_gets_halves(self, portal, script):
        script.limit = 3
        got = [result["id"] for result in Bulk(portal, "r", records=10).push(lines(20))]
        assert got == [f"x{number}" for number in range(20)]
        assert max(script.written.values()) <= 3

    def test_a_record_that_is_too_large_alone_is_rejected_alone(self, portal, script):
        script.limit = 0
        got = list(Bulk(portal, "r", records=2).push(lines(2)))
        assert [result["result"] for result in got] == ["rejected", "rejected"]
        assert got[0]["findings"][0]["code"] == "record_too_large"

    def test_memory_holds_few_batches(self, portal, script):
        taken = []

        def stream():
            for line in lines(400):
                taken.append(line)
                yield line

        results = Bulk(portal, "r", workers=2, records=10).push(stream())
        next(results)
        assert len(taken) <= 50
        assert len(list(results)) == 399
