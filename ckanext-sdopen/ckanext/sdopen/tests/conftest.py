"""Fixtures of all tests: one CKAN start with our plugins, real PostgreSQL, Redis and Solr."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from ckan import plugins
from ckan.tests import factories
from ckan.tests import helpers as ckan_helpers

from ckanext.sdopen.ckan_seams import guard
from ckanext.sdopen.services.layout import ROOT
from ckanext.sdopen.services.servers import web
from ckanext.sdopen.tests.corpus.folders import SHARED
from ckanext.sdopen.tests.corpus.portal import empty_database, empty_portal


def _give_good_passwords() -> None:
    """CKAN's factories give two kinds of accounts a password that our rules refuse."""
    for factory in (factories.UserWithToken, factories.SysadminWithToken):
        factory._meta.pre_declarations.declarations["password"] = "Tr0ub4dor&3x"


@pytest.fixture(scope="session", autouse=True)
def portal_plugins() -> Iterator[None]:
    """CKAN unloads all plugins before the first test; ours are loaded once for the session."""
    plugins.load_all()
    _give_good_passwords()
    # before a test puts a function of its own in the place of one of CKAN's
    guard.unknown(guard.INDEX)
    yield
    plugins.unload_all()


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


@pytest.fixture(autouse=True)
def no_cookies_left(request) -> Iterator[None]:
    """A test asks as a visitor without cookies, whoever logged in or was told something before."""
    yield
    if "portal_app" in request.fixturenames:
        app = request.getfixturevalue("portal_app")
        app.client = app.test_client()


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
