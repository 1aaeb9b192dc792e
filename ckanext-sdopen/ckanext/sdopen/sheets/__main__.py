"""The child that reads one file of rows: `python -m ckanext.sdopen.sheets` < request."""

import sys
from pathlib import Path
from typing import Any

from ckanext.sdopen.sheets import confinement, file_tables
from ckanext.sdopen.sheets.formats import File
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.sheets.sources.delimited import Progress

# how often it tells how far it is: hundredths of the file, or MB
_STEPS, _STEP = 100, 1 << 20


def _telling(path: Path) -> Progress:
    whole = path.stat().st_size if path.exists() else 0
    step, told = max(_STEP, whole // _STEPS), 0

    def progress(read: int) -> None:
        nonlocal told
        if read - told >= step or read < told:
            told = read
            confinement.say([min(read, whole), whole])

    return progress


def _read(request: dict[str, Any]) -> list[dict[str, Any]]:
    file = File(Path(request["path"]), request["name"], Path(request["folder"]))
    limits, expected = Limits(**request["limits"]), request["expected"]
    tables = file_tables.write(file, limits, expected, _telling(file.path))
    return [account.as_dict() for account in tables]


if __name__ == "__main__":
    sys.exit(confinement.serve(_read))
