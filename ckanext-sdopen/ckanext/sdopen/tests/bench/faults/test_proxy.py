"""The proxy before a part: each way to misbehave, as a client sees it."""

import http.client
import select
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ckanext.sdopen.bench.faults.fault import Fault, Mode
from ckanext.sdopen.bench.faults.proxy import Proxy, standing_before
from ckanext.sdopen.services.running import ready

WORDS = b"0123456789" * 10_000
# longer than anything here takes; only what waits for ever would reach it
PATIENCE = 60


class Echo(BaseHTTPRequestHandler):
    """Answers with the body of the request, and counts."""

    protocol_version = "HTTP/1.1"
    asked: list[bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(body)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def echo() -> Iterator[type[Echo]]:
    handler = type("OwnEcho", (Echo,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    # a broken connection is what these tests are about
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    handler.port = server.server_port  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def proxy(echo) -> Iterator[Proxy]:
    with standing_before(f"http://user:pass@127.0.0.1:{echo.port}/solr/ckan") as made:
        yield made


def link_to(proxy: Proxy, seconds: float = PATIENCE) -> http.client.HTTPConnection:
    port = int(proxy.url.rpartition(":")[2].partition("/")[0])
    return http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)


def answer(link: http.client.HTTPConnection, body: bytes = WORDS) -> tuple[int, bytes]:
    link.request("POST", "/", body)
    found = link.getresponse()
    return found.status, found.read()


def test_it_passes_what_both_sides_say_and_its_address_keeps_login_and_path(proxy, echo):
    assert proxy.url.startswith("http://user:pass@127.0.0.1:")
    assert proxy.url.endswith("/solr/ckan")
    link = link_to(proxy)
    assert answer(link) == (200, WORDS)
    assert answer(link, b"again") == (200, b"again")
    assert echo.asked == [WORDS, b"again"]
    assert proxy.accepted == 1


def test_refusing_breaks_what_is_open_takes_nothing_new_and_ends_on_the_same_port(proxy):
    link = link_to(proxy)
    assert answer(link)[0] == 200
    with proxy.fault(Mode.REFUSE):
        with pytest.raises(OSError):
            answer(link)
        with pytest.raises(ConnectionRefusedError):
            answer(link_to(proxy))
    assert answer(link_to(proxy))[0] == 200


def test_a_reset_connection_is_broken_at_once(proxy, echo):
    with proxy.fault(Mode.RESET), pytest.raises(OSError):
        answer(link_to(proxy))
    assert echo.asked == []


def test_a_black_hole_takes_and_says_nothing_and_goes_on_where_it_was(proxy, echo):
    link = link_to(proxy)
    assert answer(link, b"first") == (200, b"first")
    with proxy.fault(Mode.BLACK_HOLE):
        waiting = link_to(proxy, 0.3)
        with pytest.raises(TimeoutError):
            answer(waiting, b"lost")
        link.request("POST", "/", b"held")
        assert echo.asked == [b"first"]
    assert link.getresponse().read() == b"held"


def test_whoever_sends_into_a_black_hole_is_held_up_soon(proxy):
    with proxy.fault(Mode.BLACK_HOLE), socket.socket() as link:
        link.settimeout(0.5)
        link.connect(("127.0.0.1", int(proxy.url.rpartition(":")[2].partition("/")[0])))
        with pytest.raises(TimeoutError):
            link.sendall(bytes(16 << 20))


def test_a_delayed_answer_comes_whole_and_later(proxy, echo):
    link = link_to(proxy)
    with proxy.fault(Mode.DELAY, seconds=2 * PATIENCE):
        link.request("POST", "/", WORDS)
        assert ready.until(lambda: echo.asked == [WORDS], PATIENCE, lambda: True)
        assert select.select([link.sock], [], [], 0.3)[0] == []
    assert link.getresponse().read() == WORDS
    with proxy.fault(Mode.DELAY, seconds=0.2):
        assert answer(link_to(proxy)) == (200, WORDS)


def test_a_trickle_flows_slowly_and_whole(proxy):
    with proxy.fault(Mode.TRICKLE, rate=10), pytest.raises(TimeoutError):
        answer(link_to(proxy, 0.5))
    with proxy.fault(Mode.TRICKLE, rate=1_000_000):
        assert answer(link_to(proxy)) == (200, WORDS)


def test_a_cut_answer_ends_after_so_many_bytes(proxy, echo):
    with proxy.fault(Mode.CUT, after=1_000), pytest.raises(http.client.IncompleteRead) as cut:
        answer(link_to(proxy))
    assert 0 < len(cut.value.partial) < 1_000
    assert echo.asked == [WORDS]


def test_a_choked_proxy_passes_small_requests_and_holds_large_ones(proxy, echo):
    link = link_to(proxy)
    with proxy.fault(Mode.CHOKE, after=10_000):
        assert answer(link, WORDS[:5_000]) == (200, WORDS[:5_000])
        assert answer(link, WORDS[:5_000]) == (200, WORDS[:5_000])
        with pytest.raises(TimeoutError):
            answer(link_to(proxy, 0.5))
        link.request("POST", "/", WORDS)
        assert select.select([link.sock], [], [], 0.3)[0] == []
    assert link.getresponse().read() == WORDS


def test_a_swallowed_answer_was_one(proxy, echo):
    with proxy.fault(Mode.SWALLOW), pytest.raises(OSError):
        answer(link_to(proxy))
    assert echo.asked == [WORDS]


def test_a_kept_answer_never_comes_and_its_connection_stays_open_meanwhile(proxy, echo):
    link = link_to(proxy)
    assert answer(link, b"first") == (200, b"first")
    with proxy.fault(Mode.MUTE):
        link.request("POST", "/", b"kept")
        assert ready.until(lambda: echo.asked == [b"first", b"kept"], PATIENCE, lambda: True)
        assert select.select([link.sock], [], [], 0.3)[0] == []
        with pytest.raises(TimeoutError):
            answer(link_to(proxy, 0.3), b"new")
    with pytest.raises(OSError):
        link.getresponse()
    assert answer(link_to(proxy)) == (200, WORDS)


@pytest.mark.parametrize("status", [500, 503])
def test_a_status_is_answered_to_whole_requests_and_nobody_is_asked(proxy, echo, status):
    link = link_to(proxy)
    assert answer(link, b"first")[0] == 200
    with proxy.fault(Mode.STATUS, status=status):
        assert answer(link) == (status, b"")
        assert answer(link_to(proxy)) == (status, b"")
    assert echo.asked == [b"first"]
    assert answer(link_to(proxy))[0] == 200


def test_where_nobody_stands_behind_it_the_connection_breaks():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with standing_before(f"http://127.0.0.1:{nobody.getsockname()[1]}/") as proxy:
            with pytest.raises(OSError):
                answer(link_to(proxy))
            proxy.become(Fault(Mode.STATUS, status=502))
            assert answer(link_to(proxy))[0] == 502
