"""A loaded table of an open catalog, and what everybody gets of it."""

import pytest
from ckan import model

from ckanext.sdopen.tests.table_publishing.corpus.loaded import load
from ckanext.sdopen.tests.tables.corpus.published import resources


@pytest.fixture(scope="module")
def table(clean_portal, tmp_path_factory):
    """The table as it was published."""
    resource = resources(1)[0]
    resource["name"] = "全省 药店名录.csv"
    return load(resource, tmp_path_factory.mktemp("rows"))


@pytest.fixture(scope="module")
def address(table):
    """The address of its page."""
    return f"/dataset/{model.Package.get(table.entry).name}/{table.name}"
