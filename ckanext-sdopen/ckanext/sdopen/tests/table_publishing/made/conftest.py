"""A loaded table with coordinates."""

import shutil

import pytest
from ckan import model

from ckanext.sdopen.table_publishing.made import settings
from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tests.table_publishing.corpus.loaded import load
from ckanext.sdopen.tests.tables.corpus.published import resources

COLUMNS = (
    Column("编号", key=True, nullable=False, declared=True),
    Column("名称", title_en="name", declared=True),
    Column("经度", Kind.NUMBER, 10, 6),
    Column("纬度", Kind.NUMBER, 10, 6),
    Column("成立日期", Kind.DATE),
)
ROWS = (
    ("001", "=甲<&>\u0001店", "117.120000", "36.650000", "2021-03-04"),
    ("002", "乙店", None, None, None),
    ("003", "丙店", "118.5", "37.25", "2019-12-31"),
)


@pytest.fixture(scope="module")
def table(clean_portal, tmp_path_factory):
    """The table as it was published."""
    resource = resources(1)[0]
    resource["name"] = "药店名录"
    return load(resource, tmp_path_factory.mktemp("rows"), COLUMNS, ROWS)


@pytest.fixture(scope="module")
def address(table):
    """The address of its page."""
    return f"/dataset/{model.Package.get(table.entry).name}/{table.name}"


@pytest.fixture(autouse=True)
def nothing_made():
    """No file is made before a test, and none is left."""
    shutil.rmtree(settings.folder(), ignore_errors=True)
    yield
    shutil.rmtree(settings.folder(), ignore_errors=True)
