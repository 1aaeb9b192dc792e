"""`python -m ckanext.sdopen.sample STORAGE SETTINGS`: the files of the tables, without CKAN.

So they are written while the services of a new portal start; `ckan sdopen sample load` writes
those that are missing.
"""

import sys
from configparser import RawConfigParser
from pathlib import Path

from ckanext.sdopen.sample.entries.shares import CATALOGS, SEED
from ckanext.sdopen.sample.province import Province
from ckanext.sdopen.sample.tables import write_files

_WORKERS = 2


def seed_in(settings: Path) -> int:
    """The seed of the sample in a settings file of CKAN."""
    found = RawConfigParser()
    found.read(settings, encoding="utf-8")
    return found.getint("app:main", "ckanext.sdopen.sample.seed", fallback=SEED)


def main(storage: Path, settings: Path, catalogs: int = CATALOGS) -> None:
    """Write every file that is missing, in processes of their own."""
    tables = Province(seed_in(settings), catalogs).tables()
    with write_files.begun(tables, storage, _WORKERS) as written:
        for _ in written:
            pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
