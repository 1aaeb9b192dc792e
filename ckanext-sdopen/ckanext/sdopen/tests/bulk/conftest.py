"""Who sends in most tests of bulk writes, and for whom."""

import pytest

from ckanext.sdopen.tests.corpus.examples import authority, department


@pytest.fixture(scope="module")
def bureau(clean_portal):
    """A department of the province."""
    return department("山东省医疗保障局")


@pytest.fixture(scope="module")
def user(bureau):
    """The name of an administrator of the data authority."""
    return authority()
