"""A file is fetched whole, or not at all and with the reason; never from inside."""

import gzip
import hashlib
import socket
import ssl
import subprocess
import time

import pytest

from ckanext.sdopen.fetching.fetch import fetch, look
from ckanext.sdopen.fetching.messages import FetchError
from ckanext.sdopen.fetching.rules import Rules
from ckanext.sdopen.tests.fetching.corpus.servers import INSIDE, OPEN, answer, serving

LISTED = f"{OPEN}/32"
BODY = "名称,值\n甲,1\n".encode()
# what comes in time comes long before; what hangs does so for longer
PATIENCE, FOR_EVER = 120, 600


def rules(**more) -> Rules:
    return Rules(networks=(LISTED,), **more)


def refused(address, tmp_path, resolver=None, **more) -> FetchError:
    """The error of an address, which comes in time and leaves nothing behind."""
    before = time.monotonic()
    asked = {"resolver": resolver} if resolver else {}
    with pytest.raises(FetchError) as caught:
        fetch(address, tmp_path / "got", rules(**more), **asked)
    assert time.monotonic() - before < PATIENCE
    assert not (tmp_path / "got").exists()
    assert caught.value.sentence("en")
    return caught.value


def test_a_file_is_fetched_with_its_hash_and_told_of(tmp_path):
    told = []
    with serving(answer(BODY, "Content-Type: text/csv", 'ETag: "v1"')) as server:
        got = fetch(
            server.address(), tmp_path / "got", rules(), progress=lambda *one: told.append(one)
        )
    assert (tmp_path / "got").read_bytes() == BODY
    assert got.sha256 == hashlib.sha256(BODY).hexdigest()
    assert (got.bytes, got.answer.status, got.answer.headers["etag"]) == (len(BODY), 200, '"v1"')
    assert told[-1] == (len(BODY), len(BODY))


def test_a_packed_answer_is_unpacked(tmp_path):
    packed = gzip.compress(BODY)
    with serving(answer(packed, "Content-Encoding: gzip")) as server:
        assert fetch(server.address(), tmp_path / "got", rules()).bytes == len(BODY)
    assert (tmp_path / "got").read_bytes() == BODY


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.1",
            "0",
            "0.0.0.0",
        ),
        *("[::1]", "[::ffff:127.0.0.1]", "[::]", "１２７.0.0.1", "localhost."),
    ],
)
def test_no_notation_of_an_address_leads_inside(tmp_path, host):
    with serving(answer(BODY), INSIDE) as canary:
        error = refused(f"http://{host}:{canary.port}/", tmp_path)
    assert error.code in ("forbidden", "unresolved", "address")
    assert canary.requests == []


@pytest.mark.parametrize(
    "address, code",
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://data.example.com/x", "scheme"),
        ("gopher://127.0.0.1/x", "scheme"),
        ("http://user:secret@data.example.com/x?key=1", "credentials"),
        ("http:///x", "address"),
        ("http://a:99999/", "address"),
        ("http://a\\@127.0.0.1/", "credentials"),
        ("无", "scheme"),
        ("http://169.254.169.254/latest/meta-data/", "forbidden"),
        ("http://100.100.100.200/latest/meta-data/", "forbidden"),
        ("http://no-such-host.invalid/", "unresolved"),
    ],
)
def test_what_is_no_public_address_is_refused_with_its_reason(tmp_path, address, code):
    error = refused(address, tmp_path)
    assert error.code == code
    assert "secret" not in str(error)
    assert "key" not in str(error)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("onward", ["http://127.0.0.1:{port}/", "//127.0.0.1:{port}/x"])
def test_a_redirect_does_not_lead_inside(tmp_path, status, onward):
    with serving(answer(BODY), INSIDE) as canary:
        location = f"Location: {onward.format(port=canary.port)}"
        with serving(answer(b"", location, status=status)) as server:
            assert refused(server.address(), tmp_path).code == "forbidden"
    assert canary.requests == []


@pytest.mark.parametrize(
    "onward, code",
    [
        ("http://169.254.169.254/latest", "forbidden"),
        ("file:///etc/passwd", "scheme"),
        ("http://a:b@127.0.0.2/", "credentials"),
        ("/again", "redirects"),
    ],
)
def test_each_step_of_a_redirect_is_checked_anew(tmp_path, onward, code):
    with serving(answer(b"", f"Location: {onward}", status="302 Found")) as server:
        assert refused(server.address(), tmp_path).code == code
    assert len(server.requests) == (4 if code == "redirects" else 1)


def test_a_redirect_is_followed_and_headers_stay_with_their_host(tmp_path):
    with (
        serving(answer(BODY)) as last,
        serving(answer(b"", f"Location: {last.address('/文件')}", status="302 Found")) as first,
    ):
        got = fetch(first.address(), tmp_path / "got", rules(), {"X-Key": "k"})
    assert got.answer.address.startswith(last.address("/"))
    assert b"X-Key: k" in first.requests[0]
    assert b"X-Key" not in last.requests[0]


def test_a_name_that_changes_between_check_and_connection_leads_nowhere_else(tmp_path):
    answers = [[OPEN], [INSIDE], [INSIDE]]
    asked = []

    def resolver(host, port):
        asked.append(host)
        return answers[len(asked) - 1]

    with serving(answer(BODY)) as server:
        address = f"http://rebinding.example:{server.port}/"
        assert fetch(address, tmp_path / "first", rules(), resolver=resolver).bytes == len(BODY)
        assert asked == ["rebinding.example"]
        assert refused(address, tmp_path, resolver).code == "forbidden"
    assert b"Host: rebinding.example" in server.requests[0]


def test_a_name_with_an_address_inside_is_only_reached_by_its_other_ones(tmp_path):
    with serving(answer(BODY)) as server:
        address = f"http://both.example:{server.port}/"
        fetch(address, tmp_path / "got", rules(), resolver=lambda *_: [INSIDE, OPEN])
    assert len(server.requests) == 1


def test_a_name_server_that_hangs_is_not_waited_for(tmp_path):
    def resolver(host, port):
        time.sleep(FOR_EVER)
        return [OPEN]

    assert refused("http://slow.example/", tmp_path, resolver, connect=0.5).code == "unresolved"


def trickle(piece, pause=0.2):
    def answering(connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + piece)
        while True:
            time.sleep(pause)
            connection.sendall(b"x")

    return answering


@pytest.mark.parametrize(
    "piece",
    [
        b"X-Endless: ",
        b"Content-Length: 1000000\r\n\r\n",
        b"\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n1",
    ],
)
def test_a_server_that_trickles_is_cut_off(tmp_path, piece):
    with serving(trickle(piece)) as server:
        assert refused(server.address(), tmp_path, total=1).code == "slow"


def hang(connection, request):
    time.sleep(FOR_EVER)


def hang_in_the_body(connection, request):
    connection.sendall(answer(b"x", length=100))
    time.sleep(FOR_EVER)


@pytest.mark.parametrize("answering", [hang, hang_in_the_body])
def test_a_server_that_falls_silent_is_named(tmp_path, answering):
    with serving(answering) as server:
        assert refused(server.address(), tmp_path, read=0.5).code == "silent"


def test_a_server_that_does_not_accept_is_named(tmp_path):
    with socket.create_server((OPEN, 0)) as taken:
        port = taken.getsockname()[1]
    assert refused(f"http://{OPEN}:{port}/", tmp_path).code == "connect"


@pytest.mark.parametrize(
    "data, code",
    [
        (answer(BODY, length=1000), "cut"),
        (answer(b"zz", "Content-Encoding: gzip"), "answer"),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", "answer"),
        (b"", "answer"),
        (answer(b"", status="404 Not Found"), "status"),
        (answer(b"", status="204 No Content"), "status"),
        (answer(b"x" * 2_000_000), "too_large"),
        (answer(b"x" * 2_000_000, length=-1), "too_large"),
        (answer(gzip.compress(b"\0" * 50_000_000), "Content-Encoding: gzip"), "unpacked"),
    ],
)
def test_an_answer_that_is_no_whole_file_is_refused(tmp_path, data, code):
    with serving(data) as server:
        error = refused(server.address(), tmp_path, most_bytes=1 << 20, most_unpacked=4 << 20)
    assert error.code == code


def test_proxies_and_passwords_of_the_environment_are_not_used(tmp_path, monkeypatch):
    with serving(answer(b"proxy")) as proxy, serving(answer(BODY)) as server:
        monkeypatch.setenv("http_proxy", proxy.address(""))
        fetch(server.address(), tmp_path / "plain", rules())
        assert proxy.requests == []
        given = fetch(server.address(), tmp_path / "given", rules(proxy=proxy.address("")))
        assert given.bytes == len(b"proxy")
        assert refused(f"http://{INSIDE}/", tmp_path, proxy=proxy.address("")).code == "forbidden"
    assert len(proxy.requests) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-keyout", folder / "key", "-out", folder / "cert", "-subj", "/CN=data.example"]
    command += ["-addext", f"subjectAltName=DNS:data.example,IP:{OPEN}"]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert", folder / "key")
    return context, str(folder / "cert")


def test_a_certificate_is_checked_against_the_name_and_tls_is_not_left(tmp_path, certificate):
    context, ca_file = certificate
    with serving(answer(BODY)) as plain:
        onward = answer(b"", f"Location: {plain.address()}", status="302 Found")
        with serving(onward, tls=context) as server:
            address = server.address(scheme="https")
            assert refused(address, tmp_path).code == "tls"
            assert refused(address, tmp_path, ca_file=ca_file).code == "downgrade"
            other = f"https://other.example:{server.port}/"
            error = refused(other, tmp_path, lambda *_: [OPEN], ca_file=ca_file)
            assert error.code == "tls"
    assert plain.requests == []
    with serving(answer(BODY), tls=context) as server:
        named = f"https://data.example:{server.port}/"
        allowed = rules(ca_file=ca_file)
        assert fetch(named, tmp_path / "tls", allowed, resolver=lambda *_: [OPEN]).bytes


def test_a_tls_server_that_trickles_is_cut_off(tmp_path, certificate):
    context, ca_file = certificate
    with serving(trickle(b"\r\n"), tls=context) as server:
        error = refused(server.address(scheme="https"), tmp_path, ca_file=ca_file, total=1)
    assert error.code == "slow"


def test_who_does_not_want_to_wait_ends_the_fetching(tmp_path):
    class Cancelled(Exception):
        pass

    def cancel(done, whole):
        raise Cancelled

    with serving(answer(BODY)) as server, pytest.raises(Cancelled):
        fetch(server.address(), tmp_path / "got", rules(), progress=cancel)
    assert not (tmp_path / "got").exists()


def test_a_look_takes_no_body(tmp_path):
    with serving(answer(b"", length=5_000_000)) as server:
        seen = look(server.address(), rules())
    assert (seen.status, seen.headers["content-length"]) == (200, "5000000")
    assert server.requests[0].startswith(b"HEAD ")


def test_a_look_at_a_server_without_head_asks_for_the_first_byte():
    def answering(connection, request):
        known = request.startswith(b"GET")
        status = "206 Partial Content" if known else "405 Method Not Allowed"
        connection.sendall(answer(b"x", status=status))

    with serving(answering) as server:
        assert look(server.address(), rules()).status == 206
    assert b"Range: bytes=0-0" in server.requests[1]


def test_a_look_goes_nowhere_inside():
    with pytest.raises(FetchError, match="公网"):
        look(f"http://{INSIDE}/", rules())
