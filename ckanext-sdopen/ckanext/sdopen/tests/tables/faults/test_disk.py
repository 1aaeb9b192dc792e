"""A disk that is full while a version is made: a sentence, and the versions before stay."""

import os
import subprocess

import pytest

from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.confined import calls
from ckanext.sdopen.tables.making.make import Asked
from ckanext.sdopen.tables.making.parquet import content_hash
from ckanext.sdopen.tables.store.errors import NoRoom
from ckanext.sdopen.tables.store.local import LocalStore
from ckanext.sdopen.tests.tables.corpus.normalised import Bench, write

COLUMNS = {"编号": Column("编号", declared=True)}


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 4 MB."""
    if os.geteuid() != 0:
        pytest.skip("a small disk is mounted by root only")
    place = tmp_path / "disk"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    done = subprocess.run(mounting, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_the_version_before_stays_and_the_part_goes(small_disk, tmp_path):
    store, bench = LocalStore(small_disk, 0), Bench(small_disk)
    asked = Asked("table", {}, COLUMNS)
    part = store.part()
    path = write(tmp_path / "rows.csv", list(COLUMNS), [("1",)])
    before = calls.make(path, asked, part, bench.found, bench.limits()).version
    store.put(part, before.hash)
    # texts that no packing makes small
    rows = ((os.urandom(500).hex(),) for _ in range(10_000))
    path = write(tmp_path / "rows.csv", list(COLUMNS), rows)
    part = store.part()
    with pytest.raises(NoRoom) as error:
        calls.make(path, asked, part, bench.found, bench.limits())
    assert "存储空间不足" in error.value.sentence("zh")
    assert content_hash(store.path(before.hash)) == before.hash
    part.unlink(missing_ok=True)
    assert list((small_disk / "temporary").iterdir()) == []
