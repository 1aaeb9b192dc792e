"""Fixtures of all tests: one CKAN start with our plugins, real PostgreSQL, Redis and Solr."""

import os
from collections.abc import Iterator
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from ckan import model, plugins
from ckan.cli.db import _run_migrations
from ckan.lib import search
from ckan.tests import helpers as ckan_helpers
from sqlalchemy import delete

from ckanext.sdopen.catalog.changes.model import Tombstone
from ckanext.sdopen.services import web
from ckanext.sdopen.services.layout import ROOT

# real inputs that stay outside the repository
SHARED = Path(__file__).resolve().parents[5] / "shared"


@pytest.fixture(scope="session", autouse=True)
def portal_plugins() -> Iterator[None]:
    """CKAN unloads all plugins before the first test; ours are loaded once for the session."""
    plugins.load_all()
    yield
    plugins.unload_all()


def empty_database() -> None:
    """Empty the database; what migrations of plugins made goes with the first reset.

    What an action does without a user it does as the site's user, which must exist.
    """
    ckan_helpers.reset_db()
    for plugin in ("activity", "sdopen"):
        _run_migrations(plugin, "head", True)
    # emptying the table of entries leaves their tombstones
    model.Session.execute(delete(Tombstone))
    model.Session.commit()
    tk.get_action("get_site_user")({"ignore_auth": True}, {})


def empty_portal() -> None:
    """Empty the database and the index."""
    empty_database()
    search.clear_all()


@pytest.fixture
def clean_db() -> None:
    """CKAN's fixture, with what our plugins need."""
    empty_database()


@pytest.fixture(scope="module")
def clean_portal() -> None:
    """An empty portal for the tests of one module."""
    empty_portal()


@pytest.fixture(scope="session")
def portal_app(portal_plugins):
    """The web application, built once for the session."""
    return ckan_helpers._get_test_app()


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[str]:
    """The address of a real web server (gunicorn) on the tests' databases and index."""
    log = tmp_path_factory.mktemp("web") / "web.log"
    with web.serve(ROOT / "test.ini", log) as url:
        yield url


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real inputs; tests that need it are skipped, with this reason, without it."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip(f"the real inputs are absent: {folder}")
    return folder


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout's root."""
    return Path(__file__).resolve().parents[4]


def pytest_report_header() -> list[str]:
    """Say which services the tests use, and whether the real inputs are there."""
    names = ("CKAN_SQLALCHEMY_URL", "CKAN_SOLR_URL", "CKAN_REDIS_URL")
    services = [f"{name}: {os.environ.get(name, 'from test.ini').split('@')[-1]}" for name in names]
    return [*services, f"real inputs: {'present' if (SHARED / 'data').is_dir() else 'absent'}"]
