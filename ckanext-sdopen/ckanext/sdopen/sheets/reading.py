"""The one call that reads a file of rows: in a child process, into normalised tables.

`read(path, name, folder)` leaves a CSV for each table in the folder, or nothing.
"""

import shutil
import tempfile
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ckanext.sdopen.sheets import confinement
from ckanext.sdopen.sheets.account import Account
from ckanext.sdopen.sheets.confinement import End, Ended
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.sheets.messages import SheetError

_MODULE = "ckanext.sdopen.sheets"


@dataclass(frozen=True)
class Table:
    """A table that was read: its normalised CSV and how it was read."""

    csv: Path
    account: Account


def read(
    path: Path,
    name: str,
    folder: Path,
    limits: Limits | None = None,
    expected: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> list[Table]:
    """Read a file of any kind of table.

    Args:
        path: the file.
        name: the name it was handed in under.
        folder: an existing folder, which gets the tables.
        expected: names of columns that are known, which help to find the header.
        progress: called with the bytes read and all bytes; what it raises ends the reading.

    Raises:
        SheetError: the file cannot be read within the limits; nothing is left of it.
    """
    limits = limits or Limits()
    made = Path(tempfile.mkdtemp(prefix="sheets-", dir=folder))
    request = {
        "path": str(path.resolve()),
        "name": name,
        "folder": str(made),
        "limits": asdict(limits),
        "expected": list(expected),
    }

    def told(said: Any) -> None:
        if progress:
            progress(*said)

    try:
        accounts = confinement.run(_MODULE, request, limits.bounds(), told)
    except BaseException as error:
        shutil.rmtree(made, ignore_errors=True)
        if isinstance(error, Ended):
            raise _refused(error, limits) from None
        raise
    return [
        Table(made / f"{number}.csv", Account.from_dict(account))
        for number, account in enumerate(accounts, start=1)
    ]


def _refused(ended: Ended, limits: Limits) -> SheetError:
    if ended.end is End.REFUSED:
        return SheetError(ended.code, **ended.params)
    if ended.end is End.MEMORY:
        return SheetError("memory", limit=limits.memory_mb)
    if ended.end is End.SLOW:
        return SheetError("slow", seconds=limits.seconds)
    if ended.end is End.TOO_MUCH:
        return SheetError("too_much", limit=limits.made_mb)
    return SheetError("no_room" if ended.end is End.NO_ROOM else "crashed")
