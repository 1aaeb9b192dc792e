"""nginx before an application: what it refuses, keeps, replaces and sends by itself."""

import gzip
import json
import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ckanext.sdopen import plain_answers
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.services.servers import front
from ckanext.sdopen.tests.services.corpus import raw
from ckanext.sdopen.tests.services.corpus.application import Application, application

EACH_ONCE = (
    "X-Content-Type-Options",
    "Referrer-Policy",
    "X-Frame-Options",
    "Permissions-Policy",
    "Content-Security-Policy",
)


@pytest.fixture(scope="module")
def behind() -> Iterator[Application]:
    with application() as found:
        yield found


@pytest.fixture(scope="module")
def layout(tmp_path_factory) -> Layout:
    return Layout(tmp_path_factory.mktemp("front"))


@pytest.fixture(scope="module")
def url(behind, layout) -> Iterator[str]:
    # kept for longer than any test may take
    given = {"SDOPEN_NGINX_PAGE_SECONDS": "3600"}
    with front.door(behind.url, layout, given=given) as found:
        yield found


@pytest.fixture
def apart() -> Iterator[Application]:
    """An application that hears of no other test."""
    with application() as found:
        yield found


@pytest.fixture(autouse=True)
def _forget(behind):
    fresh = Application(behind.url)
    behind.asked, behind.headers, behind.body = fresh.asked, fresh.headers, fresh.body


def said_in_both(answer: raw.Answer, status: int, program: bool) -> None:
    sentence = plain_answers.sentences()[status]
    assert answer.status == status
    assert sentence.zh.split("{")[0] in answer.text
    assert sentence.en.split("{")[0] in answer.text
    kind = "application/json" if program else "text/html; charset=utf-8"
    assert answer.one("Content-Type") == kind
    if program:
        assert json.loads(answer.text)["error"]["__type"] == sentence.title
    assert [len(answer.all(name)) for name in EACH_ONCE] == [1] * len(EACH_ONCE)
    assert answer.one("Cache-Control") == "no-store"


@pytest.mark.parametrize("place", ["/dataset/", "/api/3/action/x"])
def test_what_is_too_much_is_refused_in_one_sentence(url, behind, place):
    program = place.startswith("/api/")
    said_in_both(raw.get(url, place + "?q=" + "a" * 9000), 414, program)
    said_in_both(raw.get(url, place, "X-Long: " + "a" * 9000), 431, program)
    many = [f"X-{n}: {'a' * 500}" for n in range(80)]
    said_in_both(raw.get(url, place, *many), 431, program)
    large = raw.get(url, place, "Content-Length: 400000000", method="POST")
    said_in_both(large, 413, program)
    assert behind.asked == []


def test_a_request_that_cannot_be_read_is_refused_in_one_sentence(url, behind):
    said_in_both(raw.send(url, b"\x00\x01 nonsense\r\n\r\n"), 400, False)
    said_in_both(raw.send(url, b"GET /api/3/x HTTP/1.1\r\n\r\n"), 400, True)
    assert behind.asked == []


def test_an_address_as_it_is_typed_reaches_the_application(url, behind):
    answer = raw.get(url, "/dataset/?q=水".encode())
    assert answer.status == 200
    assert [path.encode("latin-1").decode() for path in behind.paths()] == ["/dataset/?q=水"]


@pytest.mark.parametrize("place", ["/about", "/api/3/action/x"])
def test_without_the_application_there_is_a_readable_answer_and_a_time(layout, tmp_path, place):
    with front.door("http://127.0.0.1:9", Layout(tmp_path)) as alone:
        answer = raw.get(alone, place)
        said_in_both(answer, 503, place != "/about")
        assert answer.one("Retry-After") == "10"
        picture = raw.get(alone, "/base/images/ckan-logo-footer.png")
        assert (picture.status, picture.one("Content-Type")) == (200, "image/png")


def test_static_files_come_from_nginx_with_a_time_to_be_kept(url, behind, layout):
    assets = layout.storage / "webassets" / "sdopen"
    assets.mkdir(parents=True, exist_ok=True)
    (assets / "1a2b3c_main.css").write_text("p { color: red }" * 100)
    found = raw.get(url, "/webassets/sdopen/1a2b3c_main.css", "Accept-Encoding: gzip")
    assert found.one("Cache-Control") == "max-age=31536000"
    assert found.one("Content-Encoding") == "gzip"
    assert raw.get(url, "/base/images/ckan-logo-footer.png").one("Cache-Control") == "max-age=3600"
    assert [len(found.all(name)) for name in EACH_ONCE] == [1] * len(EACH_ONCE)
    assert behind.asked == []
    # made by the application at its first use
    assert raw.get(url, "/webassets/sdopen/not_yet.css").status == 200
    assert behind.paths() == ["/webassets/sdopen/not_yet.css"]


def test_headers_of_the_application_stand_once_and_those_that_lack_are_added(url, behind):
    own = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        "Permissions-Policy": "camera=()",
        "Content-Security-Policy": "default-src 'self'",
    }
    behind.headers |= own
    answer = raw.get(url, "/with-headers")
    assert {name: answer.one(name) for name in own} == own
    behind.headers = {"Content-Type": "text/html"}
    answer = raw.get(url, "/without-headers")
    assert answer.one("X-Content-Type-Options") == "nosniff"
    assert answer.one("X-Frame-Options") == "SAMEORIGIN"
    assert answer.all("Content-Security-Policy") == [], "the page's policy is the application's"


def test_a_page_for_everybody_is_kept_and_asked_for_once(url, behind):
    first, second = raw.get(url, "/kept"), raw.get(url, "/kept")
    assert first.body == second.body == behind.body
    assert behind.paths() == ["/kept"]
    # another language, query or host is another page
    others = ("/en/kept", "/kept?q=1", "/kept?q=2")
    for path in others:
        raw.get(url, path)
    raw.send(url, b"GET /kept HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n")
    assert behind.paths() == ["/kept", *others, "/kept"]


@pytest.mark.parametrize(
    "header",
    [
        "Cookie: ckan=a",
        "Authorization: token",
        "X-CKAN-API-Key: token",
        "Origin: https://other.example",
    ],
)
def test_a_personal_request_neither_gets_nor_leaves_a_kept_page(url, behind, header):
    path = f"/personal-{header[:6]}"
    behind.body = b"for one person"
    assert raw.get(url, path, header).body == b"for one person"
    behind.body = b"for everybody"
    assert raw.get(url, path).body == b"for everybody"
    behind.body = b"for one person, later"
    assert raw.get(url, path, header).body == b"for one person, later"
    assert raw.get(url, path).body == b"for everybody"
    assert len(behind.asked) == 3


@pytest.mark.parametrize(
    "headers",
    [
        {"Cache-Control": "private"},
        {"Cache-Control": "public, no-store"},
        {"Cache-Control": "no-cache"},
        {"Cache-Control": "public", "Set-Cookie": "ckan=a; Path=/"},
        {"Cache-Control": "public", "Content-Type": "text/csv"},
        {},
    ],
)
def test_an_answer_that_is_not_for_everybody_is_not_kept(url, behind, headers):
    behind.headers = {"Content-Type": "text/html", **headers}
    path = "/unkept-" + "-".join(headers.values()).replace(" ", "").replace("/", "")
    raw.get(url, path)
    raw.get(url, path)
    assert behind.paths() == [path, path]


@pytest.mark.parametrize("path", ["/api/3/action/x", "/en/api/action/x", "/health"])
def test_programs_and_the_health_get_what_is_now(url, behind, path):
    raw.get(url, path)
    raw.get(url, path)
    assert behind.paths() == [path, path]


def test_keeping_can_be_switched_off(behind, tmp_path):
    with front.door(behind.url, Layout(tmp_path), given={"SDOPEN_NGINX_PAGE_SECONDS": "0"}) as url:
        raw.get(url, "/kept-off")
        raw.get(url, "/kept-off")
    assert behind.paths() == ["/kept-off", "/kept-off"]


def test_a_page_that_is_gone_is_given_to_nobody_once_its_time_is_over(apart, tmp_path):
    given = {"SDOPEN_NGINX_PAGE_SECONDS": "1"}
    with front.door(apart.url, Layout(tmp_path), given=given) as url, ThreadPoolExecutor() as pool:
        assert raw.get(url, "/gone").status == 200
        # withdrawn: what the application says of it is personal, for all it knows
        apart.status, apart.headers = 404, {**apart.headers, "Cache-Control": "private"}
        assert ready.until(lambda: raw.get(url, "/gone").status == 404, 300, lambda: True)
        asked = len(apart.asked)
        apart.free.clear()
        waiting = [pool.submit(raw.get, url, "/gone")]

        def reached() -> bool:
            if waiting[-1].done():
                waiting.append(pool.submit(raw.get, url, "/gone"))
            return len(apart.asked) > asked

        assert ready.until(reached, 300, lambda: True)
        # one asks the application again, and the next takes what was before
        assert raw.get(url, "/gone").status == 404
        apart.free.set()
        assert {one.result().status for one in waiting} == {404}


def test_what_a_caller_says_of_himself_is_replaced(url, behind):
    lies = (
        "X-Forwarded-For: 10.1.2.3",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: other.example",
        "X-Real-IP: 10.1.2.3",
        "Forwarded: for=10.1.2.3",
        "X-Sdopen-Files: /elsewhere/",
    )
    raw.get(url, "/api/who", *lies)
    ((_, _, told),) = behind.asked
    assert told["X-Forwarded-For"] == "127.0.0.1"
    assert told["X-Forwarded-Proto"] == "http"
    assert told["X-Sdopen-Files"] == "/_files/"
    assert not {"X-Forwarded-Host", "X-Real-IP", "Forwarded"} & set(told)


def test_a_proxy_of_ours_is_believed_and_no_other(behind, tmp_path):
    ours = {"SDOPEN_NGINX_PROXIES": "127.0.0.0/8, 10.0.0.0/8"}
    with front.door(behind.url, Layout(tmp_path), given=ours) as url:
        raw.get(url, "/api/who", "X-Forwarded-For: 203.0.113.9, 198.51.100.7, 10.0.0.2")
    assert behind.asked[0][2]["X-Forwarded-For"] == "198.51.100.7"


def test_a_page_without_a_login_is_compressed_and_one_with_is_not(url, behind):
    packed = raw.get(url, "/api/packed", "Accept-Encoding: gzip")
    assert packed.one("Content-Encoding") == "gzip"
    assert b"<p>a page</p>" in gzip.decompress(_whole(packed))
    plain = raw.get(url, "/api/packed", "Accept-Encoding: gzip", "Cookie: ckan=a")
    assert plain.all("Content-Encoding") == []
    assert plain.body == behind.body


def _whole(answer: raw.Answer) -> bytes:
    """The body of an answer that came in chunks."""
    rest, body = answer.body, b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        body, rest = body + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    return body


def test_a_file_goes_by_nginx_where_the_application_allows_it_and_only_there(url, behind, layout):
    folder = layout.storage / "resources" / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cd e").write_bytes(b"0123456789")
    for path in ("/_files/resources/ab/cd%20e", "/_said/page/503"):
        assert raw.get(url, path).status == 404
    assert behind.asked == []

    behind.headers = {
        "X-Accel-Redirect": "/_files/resources/ab/cd%20e",
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename=a.pdf",
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "private, no-store",
    }
    behind.body = b""
    whole = raw.get(url, "/dataset/x/download")
    assert (whole.status, whole.body) == (200, b"0123456789")
    for name in ("Content-Type", "Content-Disposition", "Content-Security-Policy", "Cache-Control"):
        assert whole.one(name) == behind.headers[name]
    assert whole.one("X-Content-Type-Options") == "nosniff"
    assert whole.all("X-Accel-Redirect") == []
    part = raw.get(url, "/dataset/x/download", "Range: bytes=2-4")
    assert (part.status, part.body) == (206, b"234")
    behind.headers["X-Accel-Redirect"] = "/_files/../nginx/portal.conf"
    assert raw.get(url, "/dataset/x/download").status >= 400


def test_slow_callers_hold_nobody_up(apart, tmp_path):
    """The application has one thread; who sends or reads slowly would hold it."""
    apart.body = b"x" * (4 << 20)
    with front.door(apart.url, Layout(tmp_path)) as url:
        slow = slow_callers(url)
        try:
            assert raw.get(url, "/api/quick").status == 200
        finally:
            for link in slow:
                link.close()
    assert "/api/quick" in apart.paths()
    assert not {"/slow-head", "/api/slow-body"} & set(apart.paths())


def slow_callers(url: str) -> list[socket.socket]:
    """Sixty who send half a head, half a body, or read nothing of four megabytes."""
    found = []
    for number in range(60):
        link = raw.connect(url)
        found.append(link)
        head = b"Host: a\r\nContent-Length: 100000\r\n"
        if number % 3 == 0:
            link.sendall(b"GET /slow-head HTTP/1.1\r\nHost: a\r\nX-One: ")
        elif number % 3 == 1:
            link.sendall(b"POST /api/slow-body HTTP/1.1\r\n" + head + b"\r\nbegun")
        else:
            link.sendall(b"GET /api/slow-reader HTTP/1.1\r\nHost: a\r\n\r\n")
    return found


def test_the_connection_of_who_sends_too_slowly_ends(apart, tmp_path):
    given = {"SDOPEN_NGINX_BODY_SECONDS": "1", "SDOPEN_NGINX_HEADER_SECONDS": "1"}
    with front.door(apart.url, Layout(tmp_path), given=given) as url:
        head = b"GET /x HTTP/1.1\r\nHost: "
        body = b"POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nbegun"
        for begun in (head, body):
            with raw.connect(url) as link:
                link.sendall(begun)
                assert link.recv(100) == b""
    assert apart.asked == []


def test_one_address_gets_so_many_connections(behind, tmp_path):
    with front.door(
        behind.url, Layout(tmp_path), given={"SDOPEN_NGINX_ADDRESS_CONNECTIONS": "2"}
    ) as url:
        held = [raw.connect(url) for _ in range(2)]
        try:
            for link in held:
                link.sendall(b"POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nbegun")
            # when nginx counts both of them
            full = lambda: raw.get(url, "/nothing").status == 503  # noqa: E731
            assert ready.until(full, 300, lambda: True)
            said_in_both(raw.get(url, "/about"), 503, False)
        finally:
            for link in held:
                link.close()


def test_after_a_killed_master_the_next_one_gets_the_port(behind, tmp_path):
    layout = Layout(tmp_path)
    with front.door(behind.url, layout) as first:
        master = int((layout.nginx / "nginx.pid").read_text())
        os.kill(master, signal.SIGKILL)
        assert raw.get(first, "/kept").status == 200, "its worker still serves"
        with front.door(behind.url, layout) as second:
            assert raw.get(second, "/kept").status == 200
            with pytest.raises(ConnectionRefusedError):
                raw.connect(first)


def test_the_log_names_addresses_but_no_key_that_came_by_mail(url, behind, layout):
    for path in ("/user/reset/7?key=k1e2y3", "/dataset/?q=a&token=k1e2y3", "/dataset/?q=keys"):
        raw.get(url, path, "Referer: http://portal.example/user/reset/7?key=k1e2y3")
    log = layout.log("nginx")
    assert ready.until(lambda: "?q=keys" in log.read_text(), 300, lambda: True)
    assert '"GET /user/reset/7?..." 200' in log.read_text()
    assert "k1e2y3" not in log.read_text()
    assert len(behind.asked) == 3
