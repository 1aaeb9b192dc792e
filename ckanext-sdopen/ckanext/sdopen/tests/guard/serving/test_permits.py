"""Permits for work: so many work, so many wait, the rest is asked to come again later."""

import socket
import threading
from typing import Any

import pytest

from ckanext.sdopen.guard.serving.permits import Permits, Permitted
from ckanext.sdopen.services.running import ready

# longer than anything here takes; only what never comes reaches it
PATIENCE = 300


class Work:
    """An application whose requests end when they are let go."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go = threading.Event()
        self.done: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.begun.release()
        if environ["PATH_INFO"] == "/held":
            assert self.go.wait(PATIENCE)
        if environ["PATH_INFO"] == "/fails":
            raise ValueError
        self.done.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Length", "4")])
        return [b"done"]


def ask(app: Permitted, path: str, **environ: Any) -> tuple[str, dict[str, str], bytes]:
    """The status, the headers and the body of an answer, its end included."""
    told: list[Any] = []
    body = app(
        {"PATH_INFO": path, **environ}, lambda status, headers: told.extend((status, headers))
    )
    said = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    return told[0], dict(told[1]), said


def in_thread(app: Permitted, path: str, answers: list[str]) -> threading.Thread:
    thread = threading.Thread(target=lambda: answers.append(ask(app, path)[0]), daemon=True)
    thread.start()
    return thread


@pytest.fixture
def work() -> Work:
    return Work()


def test_so_many_work_so_many_wait_and_the_next_comes_again_later(work):
    permits = Permits(1, 1, PATIENCE)
    app = Permitted(work, permits, ("/health",))
    answers: list[str] = []
    first = in_thread(app, "/held", answers)
    assert work.begun.acquire(timeout=PATIENCE)
    second = in_thread(app, "/held", answers)
    # one who waits gives no other sign
    assert ready.until(lambda: permits._waiting == 1, PATIENCE, second.is_alive)
    status, headers, said = ask(app, "/about")
    assert status == "503 Service Unavailable"
    assert headers["Retry-After"] == "10"
    assert "请在 10 秒后重试".encode() in said
    assert b"try again in 10 seconds" in said
    assert ask(app, "/api/3/action/x")[1]["Content-Type"] == "application/json"
    assert ask(app, "/health")[0] == "200 OK", "what costs nothing needs no permit"
    work.go.set()
    first.join(PATIENCE)
    second.join(PATIENCE)
    assert answers == ["200 OK", "200 OK"]
    assert ask(app, "/about")[0] == "200 OK"


def test_who_waits_longer_than_allowed_comes_again_later(work):
    app = Permitted(work, Permits(1, 5, 0.05), ())
    answers: list[str] = []
    first = in_thread(app, "/held", answers)
    assert work.begun.acquire(timeout=PATIENCE)
    assert ask(app, "/about")[0].startswith("503")
    work.go.set()
    first.join(PATIENCE)
    assert answers == ["200 OK"]


def test_a_permit_is_back_after_a_failure_and_when_a_whole_answer_is_made(work):
    permits = Permits(1, 0, 1)
    app = Permitted(work, permits, ())
    for _ in range(3):
        with pytest.raises(ValueError):
            ask(app, "/fails")
        app({"PATH_INFO": "/whole"}, lambda *_: None)
    assert work.done == ["/whole"] * 3
    assert permits.take()


@pytest.mark.parametrize("end", ["read", "closed", "forgotten"])
def test_an_answer_that_is_made_while_it_is_sent_keeps_its_permit_so_long(end):
    def app(environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/csv")])
        yield from (b"a", b"b")

    permits = Permits(1, 0, 1)
    body = Permitted(app, permits, ())({"PATH_INFO": "/dump"}, lambda *_: None)
    assert next(iter(body)) == b"a"
    assert not permits.take()
    if end == "read":
        assert list(body) == [b"b"]
    elif end == "closed":
        body.close()  # type: ignore[attr-defined]
    del body
    assert permits.take()
    assert not permits.take(), "it was given back once"


def test_whoever_left_while_he_waited_costs_no_work(work):
    app = Permitted(work, Permits(1, 5, 1), ())
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert ask(app, "/stays", **{"gunicorn.socket": ours})[0] == "200 OK"
        theirs.sendall(b"the next request")
        assert ask(app, "/sends", **{"gunicorn.socket": ours})[0] == "200 OK"
    ours, theirs = socket.socketpair()
    with ours:
        theirs.close()
        ask(app, "/left", **{"gunicorn.socket": ours})
    assert work.done == ["/stays", "/sends"]
    assert ask(app, "/about")[0] == "200 OK"
