"""The files of the sample's tables, written without CKAN."""

import subprocess
import sys
from pathlib import Path

from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.__main__ import main, seed_in
from ckanext.sdopen.sample.entries.shares import SEED
from ckanext.sdopen.sample.tables import files

CATALOGS = 600


def settings(folder: Path, *lines: str) -> Path:
    path = folder / "portal.ini"
    path.write_text("\n".join(["[app:main]", "plugins = sdopen %(here)s", *lines]))
    return path


def _files(storage: Path) -> list[Path]:
    return [path for path in (storage / "resources").rglob("*") if path.is_file()]


def test_every_table_gets_its_files_and_a_second_run_leaves_them(tmp_path):
    main(tmp_path, settings(tmp_path), CATALOGS)
    wanted = {
        files.file_of(table, extension, tmp_path)
        for table in Province(catalogs=CATALOGS).tables()
        for extension in files.FORMATS
    }
    assert len(wanted) >= 2
    written = {path: path.stat().st_mtime_ns for path in _files(tmp_path)}
    assert written.keys() == wanted
    main(tmp_path, settings(tmp_path), CATALOGS)
    assert {path: path.stat().st_mtime_ns for path in _files(tmp_path)} == written


def test_the_seed_is_that_of_the_settings(tmp_path):
    assert seed_in(settings(tmp_path)) == SEED
    assert seed_in(settings(tmp_path, "ckanext.sdopen.sample.seed = 7")) == 7


# a process in which a command has caught the signal leaves in the middle of the longest table
_DEAF = """
import signal, sys, time
from pathlib import Path
from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.tables import write_files
signal.signal(signal.SIGTERM, lambda *_: None)
storage = Path(sys.argv[1])
with write_files.begun(Province().tables(), storage, 2):
    while not list(storage.rglob("*.part")):
        time.sleep(0.01)
"""


def test_the_writers_end_with_the_work_whatever_signals_are_caught(tmp_path):
    argv = [sys.executable, "-c", _DEAF, str(tmp_path)]
    assert subprocess.run(argv, timeout=1200, check=False).returncode == 0
    assert [path for path in _files(tmp_path) if path.suffix != ".part"] == []
