"""Who hands files in."""

import pytest

from ckanext.sdopen.tests.corpus.examples import authority
from ckanext.sdopen.tests.entries.files.corpus.handed_in import token_of


@pytest.fixture(scope="module")
def publisher(clean_portal):
    """An account of the province's data authority, which publishes."""
    return authority()


@pytest.fixture(scope="module")
def token(publisher):
    """A token of the publisher."""
    return token_of(publisher)
