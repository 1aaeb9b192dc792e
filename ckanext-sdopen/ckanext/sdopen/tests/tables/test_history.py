"""Pointers and histories: what is published, under which name, and what was."""

import pytest
from ckan import model
from ckan.cli.db import _run_migrations
from sqlalchemy import inspect

from ckanext.sdopen.tables import history
from ckanext.sdopen.tables.model import tables, versions
from ckanext.sdopen.tables.store.errors import MissingVersion
from ckanext.sdopen.tests.tables.corpus.published import COLUMNS, publish, put, resources

pytestmark = pytest.mark.usefixtures("clean_db")


@pytest.fixture
def resource():
    return resources(1)[0]


def test_a_table_points_to_its_newest_version_and_keeps_its_history(store, resource):
    assert [publish(store, resource, data) for data in (b"one", b"two")] == [1, 2]
    now = history.current(resource["id"])
    assert (now.number, now.entry, now.version.bytes) == (2, resource["package_id"], 3)
    assert store.path(now.version.hash).read_bytes() == b"two"
    assert now.version.columns == COLUMNS
    assert now.version.created.isoformat() == "2026-11-30T08:00:00+00:00"
    assert [one.number for one in history.history(resource["id"])] == [2, 1]
    assert now.findings == {"rows": 3}


def test_what_was_never_published_has_no_version():
    assert history.current("nothing") is None
    assert history.history("nothing") == []


def test_the_same_bytes_are_no_new_version(store, resource):
    assert [publish(store, resource, b"one") for _ in range(2)] == [1, 1]
    assert publish(store, resource, b"two") == 2
    assert publish(store, resource, b"one") == 3


def test_a_name_is_short_fixed_and_the_tables_own_within_its_entry(store):
    (resource, other), (elsewhere,) = resources(2), resources(1, "2")
    publish(store, resource, b"one", "2024年 企业名录（新）.csv")
    publish(store, resource, b"two", "another name")
    publish(store, other, b"one", "2024年 企业名录(新)")
    publish(store, elsewhere, b"one", "2024年企业名录.xlsx")
    names = [history.current(one["id"]).name for one in (resource, other, elsewhere)]
    assert names == ["2024年-企业名录-新", "2024年-企业名录-新-2", "2024年企业名录"]


@pytest.mark.parametrize(
    ("wish", "name"),
    [("", "data"), ("../../x@y", "x-y"), ("A.csv", "a"), ("%%.csv", "data"), ("x" * 99, "x" * 60)],
)
def test_a_name_holds_nothing_that_an_address_gives_a_meaning(wish, name):
    assert history.short_name(wish) == name


def test_only_so_many_versions_can_be_read(store, resource):
    for data in (b"1", b"2", b"3", b"4"):
        publish(store, resource, data, keep=2)
    found = history.history(resource["id"])
    assert [(one.number, one.removed is None) for one in found] == [
        (4, True),
        (3, True),
        (2, False),
        (1, False),
    ]


def test_a_version_without_its_file_is_not_published(store, resource):
    version = put(store, resource["id"], b"one")
    store.delete(version.hash)
    with pytest.raises(MissingVersion):
        history.publish(resource["package_id"], "data", version, {}, store, 10)
    model.Session.rollback()
    assert history.current(resource["id"]) is None


def test_the_tables_are_those_that_the_code_knows_and_the_migration_can_be_undone():
    names = {tables.name, versions.name}
    for table in (tables, versions):
        found = inspect(model.meta.engine)
        assert {one["name"] for one in found.get_columns(table.name)} == set(table.c.keys())
        indexes = {one["name"] for one in found.get_indexes(table.name)}
        assert indexes == {index.name for index in table.indexes}
    model.Session.rollback()
    try:
        _run_migrations("sdopen", "009_entry_order", False)
        assert not names & set(inspect(model.meta.engine).get_table_names())
    finally:
        _run_migrations("sdopen", "head", True)
    assert names <= set(inspect(model.meta.engine).get_table_names())
