"""A loaded table and one that a client wrote, of two files of one open catalog."""

import pytest
from ckan.tests.helpers import call_action

from ckanext.sdopen.tests.corpus.examples import as_site
from ckanext.sdopen.tests.table_publishing.corpus.loaded import load
from ckanext.sdopen.tests.tables.corpus.published import resources


@pytest.fixture(scope="module")
def files(clean_portal):
    """The two files."""
    return resources(2)


@pytest.fixture(scope="module")
def loaded(files, tmp_path_factory):
    """The id of the loaded table."""
    load(files[0], tmp_path_factory.mktemp("rows"))
    return files[0]["id"]


@pytest.fixture(scope="module")
def written(files):
    """The id of the table that a client wrote, of the same rows as far as they are texts."""
    fields = [{"id": "编号", "type": "text"}, {"id": "人数", "type": "int"}]
    records = [{"编号": "001", "人数": 12}, {"编号": "002", "人数": None}]
    call_action(
        "datastore_create",
        as_site(),
        resource_id=files[1]["id"],
        force=True,
        fields=fields,
        records=records,
    )
    return files[1]["id"]
