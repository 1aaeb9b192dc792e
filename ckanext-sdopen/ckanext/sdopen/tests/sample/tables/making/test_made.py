"""The made files: the store's layout, the same again, whole or not at all."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from ckan.cli.cli import ckan

from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.tables.generating import select
from ckanext.sdopen.sample.tables.making import made, parquet, sizes

ENTRIES = [entry for entry in Province(catalogs=60).catalog_entries() if sizes.is_open(entry)][:4]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    found = tmp_path_factory.mktemp("tables")
    list(made.made_tables(ENTRIES, found, full=False))
    return found


def files(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.*")}


def test_a_file_is_named_by_its_content_and_numbered_in_the_order_of_the_key(folder):
    for one in made.made_tables(ENTRIES, folder, full=False):
        path = one.path(folder)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == one.hash
        entry = next(entry for entry in ENTRIES if entry.id == one.entry)
        outline = made.outline_of(entry, full=False)
        ids = duckdb.sql(f"SELECT _id FROM '{path}'").fetchall()
        assert [row[0] for row in ids] == list(range(1, outline.rows + 1))
        first = outline.key[0] if outline.key else "_id"
        keys = [row[0] for row in duckdb.sql(f"SELECT \"{first}\" FROM '{path}'").fetchall()]
        assert keys == sorted(keys, key=lambda key: key.encode() if type(key) is str else key)


def test_the_layout_is_that_of_the_store(folder, tmp_path):
    outline = replace(made.outline_of(ENTRIES[0], full=False), rows=50_000)
    with parquet.connected(tmp_path, 256) as connection:
        digest = parquet.write(connection, outline, tmp_path)
    path = tmp_path / f"{digest}.parquet"
    stored = f"parquet_metadata('{path}')"
    groups = duckdb.sql(
        f"SELECT DISTINCT row_group_id, row_group_num_rows FROM {stored}"
    ).fetchall()
    assert sorted(groups) == [(0, 20_480), (1, 20_480), (2, 9_040)]
    packed = duckdb.sql(f"SELECT DISTINCT compression FROM {stored}").fetchall()
    assert packed == [("ZSTD",)]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_the_same_catalog_gives_the_same_bytes_and_another_other_rows(folder, tmp_path):
    again = list(made.made_tables(ENTRIES, tmp_path, full=False))
    assert sorted(one.hash for one in again) == sorted(
        path.stem for path in folder.glob("*.parquet")
    )
    assert len({one.hash for one in again}) == len(ENTRIES)


def test_what_was_made_is_left_and_what_is_missing_or_older_is_made(folder):
    before = files(folder)
    assert all(one.again for one in made.made_tables(ENTRIES, folder, full=False))
    assert files(folder) == before
    lost, older = ENTRIES[0], ENTRIES[1]
    first = next(made.made_tables([lost], folder, full=False))
    first.path(folder).unlink()
    record = folder / f"{older.name}.json"
    record.write_text(record.read_text().replace(made.GENERATOR, "0/duckdb-1"))
    done = {one.entry: one.again for one in made.made_tables(ENTRIES, folder, full=False)}
    assert [done[entry.id] for entry in ENTRIES] == [False, False, True, True]
    assert files(folder).keys() == before.keys()


def test_another_number_of_rows_takes_the_place_of_the_old_file(tmp_path):
    entry = ENTRIES[2]
    next(made.made_tables([entry], tmp_path, full=False))
    small = replace(entry, payload={**entry.payload, "record_count": 100})
    one = next(made.made_tables([small], tmp_path, full=True))
    assert one.rows == 100
    assert [path.stem for path in tmp_path.glob("*.parquet")] == [one.hash]


_LONG = """
import signal, sys
# a shell lets its background work ignore it
signal.signal(signal.SIGINT, signal.default_int_handler)
from pathlib import Path
from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.tables.making import made, sizes
entries = [one for one in Province().catalog_entries() if sizes.is_open(one)]
# seconds of work
large = next(one for one in entries if 1_200_000 < one.payload["record_count"] < 2_000_000)
list(made.made_tables([large], Path(sys.argv[1]), full=True))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_who_is_stopped_in_the_middle_leaves_no_file_that_looks_whole(tmp_path, number):
    process = subprocess.Popen(
        [sys.executable, "-c", _LONG, str(tmp_path)], stderr=subprocess.DEVNULL
    )
    while not list(tmp_path.glob("*.part")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    assert process.wait(300) in (-number, 130)
    assert list(tmp_path.glob("*.parquet")) == []
    next(made.made_tables(ENTRIES[:1], tmp_path, full=False))
    assert list(tmp_path.glob("*.part")) == []
    assert len(list(tmp_path.glob("*.parquet"))) == 1


def test_a_table_larger_than_the_memory_is_sorted_on_the_disk(tmp_path):
    outline = replace(made.outline_of(ENTRIES[0], full=False), rows=600_000)
    with parquet.connected(tmp_path, 40) as connection:
        connection.execute(f"CREATE VIEW v AS {select.rows(outline)}")
        assert connection.execute("SELECT count(*), max(_id) FROM v").fetchone() == (
            600_000,
            600_000,
        )


def test_the_command_makes_the_named_ones_gently_and_says_how_much(cli, tmp_path, monkeypatch):
    niceness: list[int] = []
    # the tests' own process is not to stay slow
    monkeypatch.setattr(os, "nice", niceness.append)
    arguments = ["sdopen", "sample", "tables", "--catalogs", "60", "--out", str(tmp_path)]
    name = ENTRIES[0].name
    result = cli.invoke(ckan, [*arguments, "--only", name])
    assert result.exit_code == 0, result.output
    assert "数据表 tables: 1/1" in result.stdout
    assert niceness == [10]
    assert [path.stem for path in tmp_path.glob("*.json")] == [name]
    wrong = cli.invoke(ckan, [*arguments, "--only", "c-nowhere"])
    assert wrong.exit_code == 2
    assert "c-nowhere" in wrong.output
