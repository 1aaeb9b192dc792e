"""What goes by itself, and what never does."""

import os

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy import text

from ckanext.sdopen.tables import history, settings, sweeping
from ckanext.sdopen.tables.store.local import LocalStore
from ckanext.sdopen.tables.sweep_job import TABLES_SWEEP
from ckanext.sdopen.tests.corpus.examples import as_site
from ckanext.sdopen.tests.tables.corpus.published import publish, put, resources

pytestmark = pytest.mark.usefixtures("clean_db")


@pytest.fixture
def resource():
    return resources(1)[0]


def held(store):
    return {digest for digest, _ in store.hashes()}


def later(store, days=40):
    """Let so many days pass for files and rows alike."""
    for digest in held(store):
        path = store.path(digest)
        moment = path.stat().st_mtime - days * 86_400
        os.utime(path, (moment, moment))
    statement = "UPDATE sdopen_table_version SET removed = removed - make_interval(days => :days)"
    model.Session.execute(text(statement), {"days": days})
    model.Session.commit()


def test_a_version_that_can_be_read_stays_for_ever(store, resource):
    publish(store, resource, b"one")
    later(store)
    assert sweeping.sweep(store) == (0, 0, 0)
    assert history.current(resource["id"])


def test_a_version_beyond_those_that_are_kept_goes_after_the_days(store, resource):
    for data in (b"one", b"two"):
        publish(store, resource, data, keep=1)
    assert sweeping.sweep(store) == (0, 0, 0)
    later(store)
    assert sweeping.sweep(store) == (0, 1, 0)
    assert [one.number for one in history.history(resource["id"])] == [2, 1]
    assert held(store) == {history.current(resource["id"]).version.hash}


def test_a_file_that_no_commit_followed_goes_after_the_days(store):
    put(store, "nothing", b"one")
    assert sweeping.sweep(store) == (0, 0, 0)
    later(store)
    assert sweeping.sweep(store) == (0, 1, 0)


def test_a_file_that_two_tables_have_stays_for_the_other(store):
    resource, other = resources(2)
    for one in (resource, other):
        publish(store, one, b"same")
    publish(store, resource, b"new", keep=1)
    later(store)
    sweeping.sweep(store)
    assert store.has(history.current(other["id"]).version.hash)


@pytest.mark.parametrize("action", ["resource_delete", "package_delete", "dataset_purge"])
def test_the_table_of_what_was_removed_goes_after_the_days(store, resource, action):
    publish(store, resource, b"one")
    of = resource["id"] if action == "resource_delete" else resource["package_id"]
    call_action(action, as_site(), id=of)
    assert sweeping.sweep(store) == (1, 0, 0)
    assert history.current(resource["id"]) is None
    later(store)
    assert sweeping.sweep(store) == (0, 1, 0)
    assert history.history(resource["id"]) == []
    assert held(store) == set()


def test_an_entry_that_comes_back_has_its_table_back(store, resource):
    publish(store, resource, b"one")
    entry = model.Package.get(resource["package_id"])
    for state in ("deleted", "active"):
        entry = model.Package.get(resource["package_id"])
        entry.state = state
        model.Session.commit()
        sweeping.sweep(store)
    assert history.current(resource["id"]).number == 1


def test_parts_that_were_left_go(store, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.part_hours", 0)
    store.part().write_bytes(b"half")
    assert sweeping.sweep(store) == (0, 0, 1)


def test_the_task_sweeps_the_store_of_the_settings(monkeypatch, tmp_path):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.folder", str(tmp_path))
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.part_hours", 0)
    settings.store().part().write_bytes(b"half")
    assert TABLES_SWEEP.work() == "0 versions marked, 0 files and 1 parts removed"
    assert isinstance(settings.store(), LocalStore)
    assert settings.limits().folder == tmp_path / "parts"
