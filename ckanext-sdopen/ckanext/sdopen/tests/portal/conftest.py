"""A small province for the tests of pages."""

import pytest

from ckanext.sdopen.tests.corpus.province import small_province


@pytest.fixture(scope="module")
def province(clean_portal):
    """A small province in the portal, with the files of its tables."""
    return small_province()
