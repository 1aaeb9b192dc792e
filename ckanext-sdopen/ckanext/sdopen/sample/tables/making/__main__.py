"""`python -m ckanext.sdopen.sample.tables.making FOLDER`: tables as files, without CKAN.

Each line that comes in is an outline as JSON; each line that goes out is the hash of its file in
the folder, in the same order. It ends with its input, or with the process that started it.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

from ckanext.sdopen.sample.tables.generating.outline import Outline
from ckanext.sdopen.sample.tables.making import made, parquet

# whoever serves, loads or indexes comes first
_NICENESS = 15
_LOOK = 1.0


def _end_with(parent: int) -> None:
    """End in the middle of the work where nobody waits for it any more."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


def main(folder: Path, asked: TextIO, told: TextIO) -> None:
    """Make what is asked for, one table after the other."""
    with parquet.connected(folder, made.MEMORY_MB) as connection:
        for line in asked:
            outline = Outline.from_dict(json.loads(line))
            told.write(parquet.write(connection, outline, folder) + "\n")
            told.flush()


if __name__ == "__main__":
    os.nice(_NICENESS)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    main(Path(sys.argv[1]), sys.stdin, sys.stdout)
