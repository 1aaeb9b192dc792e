"""A storage elsewhere, asked for real: s3proxy speaks S3."""

import hashlib
import os
import time

import pytest

from ckanext.sdopen.tables.store import store as stores
from ckanext.sdopen.tables.store.errors import MissingVersion, NoRoom, StorageAway
from ckanext.sdopen.tables.store.remote import RemoteStore
from ckanext.sdopen.tests.tables.corpus import s3

MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of an S3 server, and the folder of its objects."""
    folder = tmp_path_factory.mktemp("s3")
    with s3.running(folder) as url:
        yield url, folder / "objects"


@pytest.fixture
def at(server, monkeypatch, tmp_path):
    """A function that gives the store of a prefix, with its copies in a folder of this test."""
    for name, value in {**s3.KEYS, "AWS_ENDPOINT_URL": server[0]}.items():
        monkeypatch.setenv(name, value)

    def store(prefix, most=100 * MEGABYTE, least_free=0):
        return RemoteStore(f"s3://{s3.BUCKET}/{prefix}", tmp_path / "copies", most, least_free)

    return store


def put(store, size, seed=b"x"):
    """The hash of so many bytes, which now stand in the store."""
    data = (seed * size)[:size]
    part = store.part()
    part.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    store.put(part, digest)
    return digest


def test_a_version_is_kept_elsewhere_and_read_from_a_copy(at):
    store = at("one")
    digest = put(store, 12 * MEGABYTE)
    assert store.has(digest)
    assert [found for found, age in store.hashes() if age < 6_000] == [digest]
    store.path(digest).unlink()
    assert hashlib.sha256(store.path(digest).read_bytes()).hexdigest() == digest
    assert list((store.folder / "parts").iterdir()) == []


def test_a_version_that_was_deleted_is_named(at):
    store = at("two")
    digest = put(store, 10)
    store.delete(digest)
    store.delete(digest)
    assert not store.has(digest)
    with pytest.raises(MissingVersion):
        store.path(digest)


def test_other_bytes_under_the_name_are_not_taken_for_the_version(at, server):
    store = at("three")
    digest = put(store, 10)
    store.path(digest).unlink()
    (found,) = server[1].rglob(f"{digest}.parquet")
    found.write_bytes(b"others")
    with pytest.raises(MissingVersion):
        store.path(digest)


def test_copies_are_bounded_and_the_least_asked_for_goes(at):
    store = at("four", most=2 * MEGABYTE)
    first, second = put(store, MEGABYTE, b"1"), put(store, MEGABYTE, b"2")
    for digest, age in ((first, 10), (second, 20)):
        moment = time.time() - age
        os.utime(store.folder / digest[:2] / f"{digest}.parquet", (moment, moment))
    third = put(store, MEGABYTE, b"3")
    copied = {path.stem for path in store.folder.glob("??/*.parquet")}
    assert copied == {first, third}
    assert store.path(second).is_file()


def test_a_copy_without_room_is_refused_and_nothing_stays(at):
    digest = put(at("five"), MEGABYTE)
    store = at("five", least_free=1 << 60)
    store.folder.joinpath(digest[:2], f"{digest}.parquet").unlink()
    with pytest.raises(NoRoom):
        store.path(digest)
    assert list((store.folder / "parts").iterdir()) == []


def test_a_storage_that_is_away_is_named_soon_without_its_address(at, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    store, began = at("six"), time.monotonic()
    part = store.part()
    part.write_bytes(b"data")
    with pytest.raises(StorageAway) as away:
        store.put(part, "ab" * 32)
    # a few tries within seconds; by itself the library goes on for minutes
    assert time.monotonic() - began < 120
    assert "127.0.0.1" not in str(away.value)
    assert away.value.__context__ is None or away.value.__suppress_context__
    assert part.exists()


def test_a_wrong_key_is_a_storage_that_is_away(at, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(StorageAway):
        at("seven").has("ab" * 32)


def test_the_settings_choose_the_store_by_its_url(at, tmp_path):
    assert isinstance(stores.store_at("s3://tables/x", tmp_path, 1, 0), RemoteStore)
    assert not isinstance(stores.store_at("", tmp_path, 1, 0), RemoteStore)
