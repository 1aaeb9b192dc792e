"""A modest load on a portal: visitors who ask page after page, and an editor who saves."""

import json
import statistics
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle
from urllib.parse import quote

from ckanext.sdopen.bench.stand import Stand
from ckanext.sdopen.services.running import ready

# whoever waits longer has gone, unless a load is more patient
SECONDS = 10.0
VISITORS, PAUSE = 4, 0.2
HEALTH, STATIC = "/health", "/base/images/ckan-logo.png"
PAGES = (
    "/",
    "/dataset/",
    "/dataset/{entry}",
    "/organization/",
    "/api/3/action/package_show?id={entry}",
    f"/api/3/action/package_search?q={quote('数据')}",
    "/api/3/action/status_show",
    "/topic/",
)
SAVED, REFUSED = 200, 503
# on a page, and in an answer of package_search, that came without the index
_NOTICES = (b'class="alert alert-warning" role="status"', b'"degraded": true')
# no number of a save comes twice: what stands there is known by it
_NUMBERS = count(1)
_ACTIVITIES = """
    SELECT DISTINCT data::jsonb #>> '{package,contact_name}' FROM activity WHERE object_id = ANY(%s)
"""


@dataclass(frozen=True)
class Answer:
    """A page that was asked: when, for how long it was waited, its status, whether with a notice.

    The status is 0 where nobody answered in time.
    """

    page: str
    began: float
    seconds: float
    status: int
    noticed: bool = False

    @property
    def good(self) -> bool:
        """Whether the page came."""
        return self.status == 200


def _answer(request: urllib.request.Request, seconds: float) -> tuple[int, bytes]:
    """(status, body); (0, nothing) where nobody answers in time."""
    try:
        with ready.DIRECT.open(request, timeout=seconds) as response:
            return int(response.status), response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, b""
    except OSError:
        return 0, b""


def _words(number: int) -> str:
    return f"第{number}次保存"


@dataclass
class Load:
    """The visitors and the editor; `with load:` has them at work.

    Args:
        stand: the portal.
        entries: ids; the first is looked at, the last is left to who asks whether all is well, and
            all but the last are saved in turn.
        patience: after so many seconds a visitor has gone, an editor after twice as many.
    """

    stand: Stand
    entries: Sequence[str]
    patience: float = SECONDS
    answers: list[Answer] = field(default_factory=list)
    # {status: [(entry, number of the save)]}, in order
    saves: dict[int, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    _end: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Load":
        turns = [(*PAGES[n * 2 :], *PAGES[: n * 2]) for n in range(VISITORS)]
        # by visitors of their own: those of pages may wait
        turns += [(HEALTH,), (STATIC,)]
        self._threads = [
            *(threading.Thread(target=self._visit, args=(turn,)) for turn in turns),
            threading.Thread(target=self._save),
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _visit(self, turn: Sequence[str]) -> None:
        pages = cycle(turn)
        while not self._end.wait(PAUSE):
            self.answers.append(self.ask(next(pages)))

    def ask(self, page: str) -> Answer:
        """Ask a page as a visitor does."""
        url = self.stand.stack.url + page.format(entry=self.entries[0])
        began = time.monotonic()
        status, body = _answer(urllib.request.Request(url), self.patience)  # noqa: S310  our own service
        noticed = any(mark in body for mark in _NOTICES)
        return Answer(page, began, time.monotonic() - began, status, noticed)

    def _save(self) -> None:
        for entry in cycle(self.entries[:-1]):
            if self._end.wait(PAUSE):
                return
            self.save(entry)

    def save(self, entry: str) -> int:
        """Save an entry with a new number in it; the status that was answered."""
        number = next(_NUMBERS)
        values = {"id": entry, "contact_name": _words(number)}
        request = urllib.request.Request(  # noqa: S310  our own service
            f"{self.stand.stack.url}/api/3/action/package_patch",
            json.dumps(values).encode(),
            {"Content-Type": "application/json", "Authorization": self.stand.token},
        )
        status = _answer(request, 2 * self.patience)[0]
        self.saves[status].append((entry, number))
        return status

    def between(self, since: float, until: float) -> list[Answer]:
        """What was asked or waited for within a span of time."""
        found = list(self.answers)
        return [one for one in found if one.began < until and one.began + one.seconds > since]

    def lost(self) -> int:
        """How many entries stand there without the last save that was acknowledged."""
        last: Mapping[str, int] = dict(self.saves[SAVED])
        found = self.stand.sql(
            "SELECT id, extras->>'contact_name' FROM package WHERE id = ANY(%s)", [list(last)]
        )
        there = {entry: int("".join(filter(str.isdigit, name or "")) or 0) for entry, name in found}
        return sum(there.get(entry, 0) < number for entry, number in last.items())

    def untrue(self) -> int:
        """How many saves were written although they were refused: their activities are there."""
        found = self.stand.sql(_ACTIVITIES, [list(self.entries)])
        written = {name for (name,) in found}
        return sum(_words(number) in written for _, number in self.saves[REFUSED])


def p95(waits: Sequence[float]) -> float:
    """The 95th percentile of waits; 0 where there was none."""
    if len(waits) < 2:
        return sum(waits)
    return statistics.quantiles(waits, n=20, method="inclusive")[-1]
