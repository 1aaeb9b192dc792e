"""Run as a child: what is tried in the reader's own database, and what comes of it, as JSON.

What could be asked of a reader makes no such SQL; this is what a fault of ours would find.
"""

import json
import os
import sys

import duckdb

from ckanext.sdopen.table_reader import confinement
from ckanext.sdopen.table_reader.engine import Engine
from ckanext.sdopen.table_reader.settings import Settings


def main() -> None:
    settings = Settings.of()
    confinement.forbid_writing()
    cursor = Engine(settings).cursor()
    said: dict[str, object] = {}
    for statement in json.loads(sys.argv[1]):
        try:
            said[statement] = str(cursor.execute(statement).fetchall())
        except duckdb.Error as error:
            said[statement] = type(error).__name__
    said["uid"] = os.geteuid()
    print(json.dumps(said))


if __name__ == "__main__":
    main()
