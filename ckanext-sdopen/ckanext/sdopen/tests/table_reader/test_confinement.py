"""What the reader's database can do where somebody could say SQL to it: read the versions."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.sdopen.services.layout import ROOT
from ckanext.sdopen.services.servers import table_reader
from ckanext.sdopen.tests.table_reader.corpus import attempts

PREFIXES = [[], table_reader.as_nobody()] if os.geteuid() == 0 else [[]]


def tried(table, prefix, *statements) -> dict:
    """What comes of statements in a reader's database over the table's folder."""
    env = {**os.environ, **table_reader.environment("", 1, "x")}
    env["SDOPEN_TABLE_READER_FOLDER"] = str(table.folder)
    argv = [*prefix, sys.executable, "-m", attempts.__name__, json.dumps(statements)]
    said = subprocess.run(argv, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(said.stdout)


def bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_statement_leaves_a_byte_in_the_folder_of_versions(table, prefix):
    before, folder = bytes_in(table.folder), table.folder
    names = set(folder.rglob("*"))
    writes = [
        f"COPY (SELECT 1 FROM range(100000)) TO '{folder}/copied.csv'",
        f"COPY (SELECT 1) TO '{folder}/copied.parquet' (FORMAT parquet)",
        f"COPY (SELECT 1) TO '{table.path}' (FORMAT parquet)",
        f"ATTACH '{folder}/attached.db'; CREATE TABLE attached.t AS SELECT 1; CHECKPOINT attached",
        f"EXPORT DATABASE '{folder}/exported'",
    ]
    read = f"SELECT count(*) FROM read_parquet('{table.path}')"
    said = tried(table, prefix, *writes, read)
    assert said[read] == "[(50000,)]", "it reads, after all that was tried"
    assert bytes_in(folder) == before
    if prefix:
        assert said["uid"] == table_reader.USER
        assert set(folder.rglob("*")) == names, (
            "its account may make no file, not even an empty one"
        )


def test_nothing_beyond_the_folder_is_read_and_no_setting_is_changed(table, tmp_path):
    (tmp_path / "private.csv").write_text("a,b\n1,2\n")
    barred = [
        f"SELECT * FROM read_csv('{tmp_path}/private.csv')",
        f"SELECT * FROM read_csv('{table.folder}/../{tmp_path.name}/private.csv')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('http://127.0.0.1:1/x')",
        f"COPY (SELECT 1) TO '{tmp_path}/x.csv'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET allowed_directories = ['/']",
        "SET threads = 64",
        "SET temp_directory = '/tmp'",
        "INSTALL httpfs",
        "LOAD httpfs",
    ]
    said = tried(table, [], *barred)
    assert {one: said[one] for one in barred if not said[one].endswith("Exception")} == {}
    assert not (tmp_path / "x.csv").exists()
