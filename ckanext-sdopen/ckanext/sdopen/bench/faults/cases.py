"""The outages that are measured: part by part, what is done to it."""

from collections.abc import Collection
from dataclasses import dataclass

from ckanext.sdopen.bench.faults.fault import Fault, Mode
from ckanext.sdopen.services.running.throwaway import INDEXER, WORKER

KILLED, HUNG = "killed", "hung"
# those before which a proxy stands, and how each of its faults looks there
PROXIED = ("solr", "postgres", "redis")
PARTS = (*PROXIED, "web", WORKER, INDEXER)
_BY_PROXY: dict[str, dict[str, Fault]] = {
    "delayed": {
        "solr": Fault(Mode.DELAY, seconds=2.0),
        # a page asks some dozens of statements
        "postgres": Fault(Mode.DELAY, seconds=0.1),
        "redis": Fault(Mode.DELAY, seconds=1.0),
    },
    "trickling": {
        "solr": Fault(Mode.TRICKLE, rate=20_000),
        "postgres": Fault(Mode.TRICKLE, rate=20_000),
        "redis": Fault(Mode.TRICKLE, rate=100),
    },
    "cut": {
        "solr": Fault(Mode.CUT, after=1_000),
        "postgres": Fault(Mode.CUT, after=1_000),
        "redis": Fault(Mode.CUT, after=3),
    },
    "swallowed": dict.fromkeys(PROXIED, Fault(Mode.MUTE)),
    # what the machine alone does to the figures
    "undisturbed": {"solr": Fault()},
    "503": {"solr": Fault(Mode.STATUS, status=503)},
}
FAULTS = (KILLED, HUNG, *_BY_PROXY)
# the goal for Solr is said of half a minute
_LONG, _SHORT = 30.0, 12.0
_LONG_ONES = (KILLED, HUNG, "swallowed", "503")
_QUICK = (KILLED, HUNG, "swallowed", "503")


@dataclass(frozen=True)
class Case:
    """One part, what happens to it and for how many seconds; `fault` is the proxy's."""

    part: str
    what: str
    seconds: float
    fault: Fault | None = None

    def __str__(self) -> str:
        return f"{self.part} {self.what}"


def _case(part: str, what: str) -> Case:
    long = part == "solr" and what in _LONG_ONES
    return Case(part, what, _LONG if long else _SHORT, _BY_PROXY.get(what, {}).get(part))


CASES: tuple[Case, ...] = tuple(
    _case(part, what)
    for part in PARTS
    for what in FAULTS
    if what in (KILLED, HUNG) or part in _BY_PROXY[what]
)


def chosen(parts: Collection[str], faults: Collection[str], quick: bool) -> list[Case]:
    """The cases of some parts and faults; of all where none is named, of few where it is quick."""
    return [
        case
        for case in CASES
        if case.part in (parts or PARTS) and case.what in (faults or (_QUICK if quick else FAULTS))
    ]
