"""The house: one ordered list of folders, `bench.house.ROWS`; nothing stands against it."""

from ckanext.sdopen.bench import house
from ckanext.sdopen.paths import PACKAGE


def test_nothing_stands_against_the_order_of_the_house():
    assert [str(finding) for finding in house.findings(house.modules(PACKAGE))] == []
