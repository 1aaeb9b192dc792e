"""The real web server with the shipped settings, before a small application of the tests."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ckanext.sdopen import plain_answers
from ckanext.sdopen.guard.serving import web_worker
from ckanext.sdopen.services.layout import ROOT
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.services.servers import web
from ckanext.sdopen.tests.services.corpus import raw

APPLICATION = "ckanext.sdopen.tests.guard.serving.corpus.held:application"
# of the application, which this process does not load
WORKING, WAITING, GROWS_BY = 2, 3, 160
SECONDS = 300


@contextmanager
def serving(folder: Path, **env: str) -> Iterator[str]:
    """The address of one worker with the application; it waits for files in the folder."""
    given = {"HELD": str(folder), "SDOPEN_WEB_WORKERS": "1", **env}
    log = folder / "web.log"
    with web.serve(ROOT / "test.ini", log, given, application=APPLICATION, answers="/free") as url:
        yield url


class Callers:
    """Callers who ask at the same time, and the statuses and bodies of their answers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: list[raw.Answer] = []
        self._threads: list[threading.Thread] = []

    def ask(self, path: str) -> None:
        """Ask for a path in the background."""
        work = threading.Thread(
            target=lambda: self.answers.append(raw.get(self.url, path)), daemon=True
        )
        work.start()
        self._threads.append(work)

    def all(self) -> list[raw.Answer]:
        """The answers, when everybody has his."""
        for work in self._threads:
            work.join(SECONDS)
        return self.answers


def wait(for_what: Callable[[], bool]) -> None:
    assert ready.until(for_what, SECONDS, lambda: True)


def begun(folder: Path) -> int:
    return len(list(folder.glob("begun-*")))


def test_with_all_permits_taken_what_needs_none_is_answered_and_nothing_is_lost(tmp_path):
    with serving(tmp_path) as url:
        callers = Callers(url)
        for _ in range(20):
            callers.ask("/held")
        refused = 20 - WORKING - WAITING
        wait(lambda: len(callers.answers) == refused)
        assert {answer.status for answer in callers.answers} == {503}
        assert {answer.one("Retry-After") for answer in callers.answers} == {"10"}
        assert begun(tmp_path) == WORKING
        assert raw.get(url, "/free").status == 200
        (tmp_path / "release").touch()
        assert sorted(answer.status for answer in callers.all()) == [200] * 5 + [503] * refused


def test_a_worker_over_its_memory_ends_its_requests_and_is_replaced(tmp_path):
    with serving(tmp_path, SDOPEN_WEB_MEMORY=str(GROWS_BY)) as url:
        old = raw.get(url, "/id").text
        callers = Callers(url)
        callers.ask("/held")
        wait(lambda: begun(tmp_path) == 1)
        assert raw.get(url, "/grow").text == old
        log = tmp_path / "web.log"
        wait(lambda: "it ends and another begins" in log.read_text())
        # taken by the one that comes
        callers.ask("/id")
        (tmp_path / "release").touch()
        new = raw.get(url, "/id").text
        assert new != old
        assert [answer.status for answer in callers.all()] == [200, 200]
        # what had begun was ended by the old one
        assert {answer.text for answer in callers.answers} == {old, new}


@pytest.mark.parametrize("place", ["/page", "/api/3/action/x"])
def test_what_the_server_itself_refuses_is_readable_in_both_languages(tmp_path, place):
    with serving(tmp_path) as url:
        program = place.startswith("/api/")
        found = {
            414: raw.get(url, place + "?q=" + "a" * 9000),
            431: raw.get(url, place, *(f"X-{n}: a" for n in range(300))),
            400: raw.send(url, f"GET {place} HTTP/7.1\r\nHost: a\r\n\r\n".encode()),
        }
        for status, answer in found.items():
            sentence = plain_answers.sentences()[status]
            assert answer.status == status
            assert sentence.zh in answer.text
            assert sentence.en in answer.text
            assert answer.one("X-Content-Type-Options") == "nosniff"
        assert found[431].one("Content-Type").startswith("application/json") is program
        assert raw.get(url, "/free").status == 200


def test_an_address_in_utf_8_is_read_as_its_encoded_form():
    typed = "GET /dataset/水?q=空气 质量".encode()
    assert web_worker.encoded(typed) == (
        b"GET /dataset/%E6%B0%B4?q=%E7%A9%BA%E6%B0%94 %E8%B4%A8%E9%87%8F"
    )
    for line in (b"GET /a%20b?q=%E6%B0%B4&x=[1] HTTP/1.1", b"GET /\x01\x7f HTTP/1.1"):
        assert web_worker.encoded(line) == line
    assert web_worker.encoded(b"\x01\xff\x7f") == b"\x01%FF\x7f"
