"""Fixtures of the tests of background work."""

import pytest
from ckan import model
from sqlalchemy import delete

from ckanext.sdopen import contents
from ckanext.sdopen.jobs.kinds import declared
from ckanext.sdopen.jobs.model import jobs, schedule
from ckanext.sdopen.tests.jobs.corpus.kinds import KINDS


@pytest.fixture
def kinds(clean_portal):
    """The kinds of the tests in place of the portal's, and empty queues."""
    for table in (jobs, schedule):
        model.Session.execute(delete(table))
    model.Session.commit()
    declared.use(lambda: KINDS)
    yield
    declared.use(contents.background)
