"""Each part is killed, hung or disturbed under a modest load: what still answers, how it heals."""

import math
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace

from ckanext.sdopen.bench.bulk import costs
from ckanext.sdopen.bench.faults.cases import KILLED, PROXIED, Case
from ckanext.sdopen.bench.faults.corpus import Corpus
from ckanext.sdopen.bench.faults.fault import Fault
from ckanext.sdopen.bench.faults.faults import Clients
from ckanext.sdopen.bench.faults.load import PAGES, SAVED, SECONDS, STATIC, Answer, Load
from ckanext.sdopen.bench.faults.proxy import Proxy, standing_before
from ckanext.sdopen.bench.faults.rows import Row, row, table
from ckanext.sdopen.bench.stand import Stand
from ckanext.sdopen.services.addresses import DATABASES
from ckanext.sdopen.services.running.throwaway import INDEXER, WORKER
from ckanext.sdopen.services.servers import postgres

Say = Callable[[str], None]
# who asks the parts, and is to ask by way of the proxies
_ASKING = ("web", INDEXER)
_ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "solr": ("CKAN_SOLR_URL",),
    "postgres": DATABASES,
    "redis": ("CKAN_REDIS_URL",),
}
# entries that are looked at and saved
_ENTRIES = 6
# the load alone, before a part is disturbed
_BEFORE = 1.0
_POLL = 0.2


@dataclass
class Outages:
    """A portal with proxies before its parts, and entries in it.

    Args:
        stand: the portal.
        proxies: {part: the one before it}.
        entries: ids.
        heals: after so many seconds a portal that has not healed is reported so.
        patience: of a visitor.
    """

    stand: Stand
    proxies: Mapping[str, Proxy]
    entries: Sequence[str]
    heals: float
    patience: float = SECONDS
    rows: list[Row] = field(default_factory=list)

    def suffer(self, case: Case, seen: Callable[[Answer], bool] | None = None) -> Row:
        """Have one part disturbed for a while under load, and wait until all is well again.

        Args:
            case: what is done to which part, and how long at least.
            seen: the fault lasts until an answer is such; on a busy machine it comes late.
        """
        with Load(self.stand, self.entries, self.patience) as load:
            time.sleep(_BEFORE)
            began = time.monotonic()
            with self._fault(case):
                time.sleep(case.seconds)
                if seen is not None:
                    self._wait_for(seen, load, began)
                over = time.monotonic()
            self._start_fallen()
            healed = self._healed(load, time.monotonic())
        found = row(case, load, load.between(began, over), healed)
        self.rows.append(found)
        return found

    def _wait_for(self, seen: Callable[[Answer], bool], load: Load, began: float) -> None:
        while not any(map(seen, load.between(began, time.monotonic()))):
            if time.monotonic() - began > self.heals:
                return
            time.sleep(_POLL)

    @contextmanager
    def _fault(self, case: Case) -> Iterator[None]:
        if case.fault is not None:
            proxy = self.proxies[case.part]
            proxy.become(case.fault)
            try:
                yield
            finally:
                proxy.become(Fault())
        elif case.what == KILLED:
            self.stand.stack.kill(case.part)
            try:
                yield
            finally:
                if case.part == "postgres":
                    postgres.wait_for_orphans(self.stand.stack.layout)
                self.stand.stack.start(case.part)
        else:
            pids = costs.tree([self.stand.stack.children[case.part].pid])
            _signalled(pids, signal.SIGSTOP)
            try:
                yield
            finally:
                _signalled(pids, signal.SIGCONT)

    def _start_fallen(self) -> None:
        """Do what scripts/portal does, under which no service stays down."""
        stack = self.stand.stack
        for name in (*stack.names(), WORKER):
            if not stack.is_up(name):
                stack.start(name)

    def _healed(self, load: Load, since: float) -> float | None:
        """After how many seconds every page came, a save was taken, and what waited was done."""
        while time.monotonic() - since < self.heals:
            good = all(self._is_well(load, page) for page in (*PAGES, STATIC))
            saved = good and load.save(self.entries[-1]) == SAVED
            if saved and self._nothing_waits(since):
                return round(time.monotonic() - since, 1)
            time.sleep(_POLL)
        return None

    @staticmethod
    def _is_well(load: Load, page: str) -> bool:
        answer = load.ask(page)
        return answer.good and not answer.noticed

    def _nothing_waits(self, since: float) -> bool:
        """Whether all that waits for the index now is done; more is queued meanwhile."""
        newest = self.stand.sql("SELECT coalesce(max(version), 0) FROM sdopen_outbox")[0][0]
        older = "SELECT EXISTS (SELECT FROM sdopen_outbox WHERE version <= %s)"
        while self.stand.sql(older, [newest])[0][0]:
            if time.monotonic() - since > self.heals:
                return False
            time.sleep(_POLL)
        return True


def _signalled(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


@contextmanager
def outages(
    stand: Stand, corpus: Corpus, heals: float, patience: float = SECONDS
) -> Iterator[Outages]:
    """A portal ready to be disturbed: entries loaded, a worker beside, proxies before its parts."""
    stand.clear()
    Clients(stand, corpus, "outages").wait()
    stand.wait_until_indexed(corpus.entries)
    found = stand.sql(
        "SELECT id FROM package WHERE state = 'active' ORDER BY id LIMIT %s", [_ENTRIES]
    )
    urls = stand.stack.stack.addresses.urls
    with ExitStack() as kept:
        proxies = {
            part: kept.enter_context(standing_before(urls[_ADDRESSES[part][0]])) for part in PROXIED
        }
        kept.enter_context(_by_way_of(stand, proxies))
        yield Outages(stand, proxies, [one[0] for one in found], heals, patience)


@contextmanager
def _by_way_of(stand: Stand, proxies: Mapping[str, Proxy]) -> Iterator[None]:
    """Have all who ask the parts ask the proxies."""
    stack = stand.stack
    before = dict(stack.environment)

    def restart() -> None:
        for name in _ASKING:
            stack.stop(name)
        stack.start(*_ASKING)

    for part, proxy in proxies.items():
        urls = {name: stack.stack.addresses.urls[name] for name in _ADDRESSES[part]}
        stack.environment.update({name: proxy.before(url) for name, url in urls.items()})
    restart()
    stack.start(WORKER)
    try:
        yield
    finally:
        stack.environment.clear()
        stack.environment.update(before)
        stack.stop(WORKER)
        restart()


def measured(
    stand: Stand, corpus: Corpus, wanted: Sequence[Case], say: Say, quick: bool = False
) -> list[Row]:
    """Have parts disturbed one after the other, in short where it is `quick`.

    The quick way begins no other outage after some minutes, and says what it left out.
    """
    heals, most = (30.0, 210.0) if quick else (120.0, math.inf)
    left = [replace(case, seconds=4.0) if quick else case for case in wanted]
    with outages(stand, corpus, heals) as found:
        began = time.monotonic()
        while left and time.monotonic() - began < most:
            came = found.suffer(left.pop(0))
            say(f"{came.case}: {came.answered} of {came.asked} answered")
        say(table(found.rows))
        if left:
            say(f"left out, for time is up: {', '.join(map(str, left))}")
        return found.rows
