"""Whether CKAN, its tables and its plugins are the known ones; else the slow way is taken.

The statements of bulk writes and the compiled documents follow CKAN to the letter; another CKAN
may mean something else by the same row. Then batches go by the actions, and documents by CKAN.

A patch release that nobody here has seen is known where all that is copied of it is the same:
the version counts to its second number only, what counts beyond are the hashes.
"""

import logging
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from ckan.plugins import plugin_loaded

from ckanext.sdopen.ckan_seams import copied, known_tables, scheming, sources
from ckanext.sdopen.ckan_seams.copied import BULK, INDEX

_log = logging.getLogger(__name__)
# threads that ask at once look, and tell, once
_LOOKING = threading.RLock()
# (distribution, the release that is known as far as it counts)
RELEASES = (("ckan", "2.12"), ("ckanext-scheming", "3"), ("ckanext-dcat", "2"))
CONSEQUENCES = {
    BULK: "bulk writes go by the actions, some thirty entries a second",
    INDEX: "documents of the index are made by CKAN, one by one",
}
_NOTHING = "nothing goes another way; docs/developing.md says what to look at"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is known of CKAN and its plugins, and what was found of it.

    `ways` are those that it closes where it is not ok.
    """

    name: str
    known: str
    found: str
    ok: bool
    ways: tuple[str, ...]

    @property
    def consequence(self) -> str:
        """What follows where it is not ok."""
        return "; ".join(CONSEQUENCES[way] for way in self.ways) or _NOTHING


def _same(name: str, known: str, found: str, ways: tuple[str, ...]) -> Check:
    return Check(name, known, found, known == found, ways)


def _releases() -> Iterator[Check]:
    for name, known in RELEASES:
        try:
            found = version(name)
        except PackageNotFoundError:
            found = sources.MISSING
        ok = found == known or found.startswith(f"{known}.")
        yield Check(f"release {name}", known, found, ok, (BULK, INDEX))


def _tables() -> Iterator[Check]:
    found = known_tables.fingerprints()
    for name, known in known_tables.wanted().items():
        yield _same(f"table {name}", known, found.get(name, sources.MISSING), (BULK,))


def _attributes() -> Iterator[Check]:
    for name in scheming.ATTRIBUTES:
        found = "there" if sources.exists(name) else sources.MISSING
        yield _same(f"attribute {name}", "there", found, (BULK, INDEX))


def _functions() -> Iterator[Check]:
    for one in copied.COPIED:
        if not one.plugin or plugin_loaded(one.plugin):
            kind = "file" if ":/" in one.name else "function"
            yield _same(f"{kind} {one.name}", one.known, sources.source_hash(one.name), one.ways)


@cache
def _installed() -> tuple[Check, ...]:
    """What does not change while a process lives: the packages that are installed."""
    return (*_releases(), *_attributes(), *_functions())


@cache
def _all() -> tuple[Check, ...]:
    return (*_installed(), *_tables())


@cache
def _closed(way: str) -> str:
    checks = _all() if way == BULK else _installed()
    closed = ", ".join(_named(check for check in checks if way in check.ways and not check.ok))
    if closed:
        _log.warning("Not the known CKAN (%s): %s", closed, CONSEQUENCES[way])
    return closed


def state() -> tuple[Check, ...]:
    """All checks, made once in each process; half a second the first time."""
    with _LOOKING:
        return _all()


def unknown(way: str) -> str:
    """Why a way (BULK, INDEX) is closed: the names of what is not known; empty where it is open.

    It is looked at once in each process, and told in the log.
    """
    with _LOOKING:
        return _closed(way)


def _named(checks: Iterable[Check]) -> list[str]:
    return [check.name for check in checks]


def forget() -> None:
    """Look anew at the next question."""
    for kept in (_installed, _all, _closed):
        kept.cache_clear()
