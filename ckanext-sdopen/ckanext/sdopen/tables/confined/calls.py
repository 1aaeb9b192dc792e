"""Making and comparing in a child process: a table that takes too much ends the child alone."""

from pathlib import Path
from typing import Any

from ckanext.sdopen.sheets import confinement
from ckanext.sdopen.sheets.confinement import Bounds, End, Ended
from ckanext.sdopen.tables.comparing.compare import Side
from ckanext.sdopen.tables.confined import told
from ckanext.sdopen.tables.findings.sentences import TableError
from ckanext.sdopen.tables.making.engine import Watch, unwatched
from ckanext.sdopen.tables.making.errors import Broken, NotWhole, TooLarge, TooSlow, Unreadable
from ckanext.sdopen.tables.making.limits import Limits
from ckanext.sdopen.tables.making.make import Asked, Made
from ckanext.sdopen.tables.store import paths
from ckanext.sdopen.tables.store.errors import NoRoom

_MODULE = "ckanext.sdopen.tables.confined"
# beside what DuckDB counts: address space that it keeps (670), Python, libraries, stacks, and what
# it takes for a moment beyond its limit
_BESIDE_MB = 1536
_REFUSALS = {one.code: one for one in (TooLarge, Unreadable, NotWhole, NoRoom)}


def make(
    path: Path, asked: Asked, part: Path, found: Path, limits: Limits, watch: Watch = unwatched
) -> Made:
    """`making.make.make` in a child; see there.

    Raises:
        TableError: it cannot be made within its bounds; the part holds nothing of use.
    """
    request = {"path": str(path), "asked": told.asked_told(asked)}
    more = {"part": str(part), "found": str(found)}
    return told.made(_run("make", {**request, **more}, limits, watch))


def compare(
    old: Side, new: Side, target: Path, most: int, limits: Limits, watch: Watch = unwatched
) -> dict[str, Any]:
    """`comparing.compare.compare` in a child; see there.

    Raises:
        TableError: they cannot be compared within the bounds.
    """
    sides = {"old": told.side_told(old), "new": told.side_told(new)}
    answer: dict[str, Any] = _run(
        "compare", {**sides, "target": str(target), "most": most}, limits, watch
    )
    return answer


def _run(what: str, request: dict[str, Any], limits: Limits, watch: Watch) -> Any:
    asked = {"what": what, "limits": told.limits_told(limits), **request}
    bounds = Bounds(
        memory_mb=limits.memory + _BESIDE_MB, seconds=limits.seconds, file_mb=limits.temporary
    )
    try:
        return confinement.run(_MODULE, asked, bounds, watch)
    except Ended as ended:
        raise _named(ended, limits) from None


def _named(ended: Ended, limits: Limits) -> TableError:
    if ended.end is End.REFUSED:
        return _REFUSALS[ended.code](**ended.params)
    if ended.end is End.NO_ROOM:
        return paths.no_room(limits.folder, limits.free << 20)
    if ended.end is End.SLOW:
        return TooSlow(seconds=limits.seconds)
    if ended.end in (End.MEMORY, End.TOO_MUCH):
        return TooLarge(megabytes=limits.memory + limits.temporary)
    return Broken()
