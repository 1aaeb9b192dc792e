"""The folder of versions: whole or not at all, bounded, swept."""

import os
import time

import pytest

from ckanext.sdopen.tables.store.errors import MissingVersion, NoRoom
from ckanext.sdopen.tables.store.local import LocalStore

HASH = "ab" * 32


@pytest.fixture
def store(tmp_path) -> LocalStore:
    """An empty folder."""
    return LocalStore(tmp_path / "tables", 0)


def _put(store, data=b"data", digest=HASH):
    part = store.part()
    part.write_bytes(data)
    store.put(part, digest)
    return part


def test_a_part_becomes_the_file_of_its_version(store):
    assert not store.has(HASH)
    part = _put(store)
    assert store.has(HASH)
    assert store.path(HASH) == store.folder / "ab" / f"{HASH}.parquet"
    assert store.path(HASH).read_bytes() == b"data"
    assert not part.exists()
    assert [digest for digest, _ in store.hashes()] == [HASH]


def test_a_version_that_is_put_again_is_as_new(store):
    _put(store)
    os.utime(store.path(HASH), (0, 0))
    _put(store)
    assert [age < 60 for _, age in store.hashes()] == [True]


def test_who_reads_a_version_that_goes_reads_on(store):
    _put(store)
    with store.path(HASH).open("rb") as file:
        store.delete(HASH)
        assert file.read() == b"data"
    store.delete(HASH)
    with pytest.raises(MissingVersion, match="找不到"):
        store.path(HASH)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "AB" * 32, "ab"])
def test_what_is_no_hash_leads_nowhere(store, digest):
    with pytest.raises(MissingVersion):
        store.path(digest)


def test_a_disk_without_room_is_named_before_anything_is_written(tmp_path):
    with pytest.raises(NoRoom) as refused:
        LocalStore(tmp_path, 1 << 60).part()
    assert "MB" in refused.value.sentence("en")
    assert list((tmp_path / "parts").iterdir()) == []


def test_only_old_parts_go_and_temporary_folders_with_them(store):
    new, old = store.part(), store.part()
    folder = old.with_name("making-1")
    folder.mkdir()
    for path in (new, old, folder / "spilt"):
        path.write_bytes(b"")
    for path in (old, folder):
        os.utime(path, (0, time.time() - 7_200))
    assert store.sweep_parts(3_600) == 2
    assert list(new.parent.iterdir()) == [new]


def test_strange_files_are_no_versions(store):
    _put(store)
    (store.folder / "ab" / "readme.parquet").write_bytes(b"")
    assert [digest for digest, _ in store.hashes()] == [HASH]
