"""An officer, tables that clients write, and a worker that publishes them."""

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy import delete

from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.jobs.model import jobs
from ckanext.sdopen.tests.corpus import workers
from ckanext.sdopen.tests.corpus.examples import authority
from ckanext.sdopen.tests.table_publishing.loading.corpus.handed_in import as_user, entry


@pytest.fixture(scope="module")
def officer(clean_portal):
    """An account that publishes."""
    return authority()


@pytest.fixture(scope="module")
def catalog(officer):
    """The catalog that the tables belong to."""
    return entry(1)


@pytest.fixture(autouse=True)
def no_jobs(clean_portal):
    """No job of another test is left."""
    model.Session.execute(delete(jobs))
    model.Session.commit()


@pytest.fixture
def worked(portal_app):
    """A function that does the jobs that wait; how many they were."""
    return lambda: workers.work_off(portal_app, Queue.TABLES)


@pytest.fixture
def write(officer, catalog):
    """A function that writes a new table; the id of its resource."""

    def written(records, fields=(), **more):
        asked = {"resource": {"package_id": catalog["id"], "name": "药店名录"}, **more}
        made = call_action(
            "datastore_create",
            as_user(officer),
            records=list(records),
            fields=list(fields),
            **asked,
        )
        return made["resource_id"]

    return written
