"""An officer who hands in tables, and a portal that loads what is uploaded."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from sqlalchemy import delete

from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.jobs.model import jobs
from ckanext.sdopen.tests.corpus import workers
from ckanext.sdopen.tests.corpus.examples import authority


@pytest.fixture(scope="module")
def officer(clean_portal):
    """An account that publishes."""
    return authority()


@pytest.fixture(autouse=True)
def loading(clean_portal, monkeypatch):
    """Uploaded tables are loaded by themselves; no job of another test is left."""
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.load_uploads", True)
    model.Session.execute(delete(jobs))
    model.Session.commit()


@pytest.fixture
def loaded(portal_app):
    """A function that does the loads that wait; how many they were."""
    return lambda: workers.work_off(portal_app, Queue.TABLES)
