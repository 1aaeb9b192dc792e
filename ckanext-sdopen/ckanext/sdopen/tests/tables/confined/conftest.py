"""A folder to make versions in."""

import pytest

from ckanext.sdopen.tests.tables.corpus.normalised import Bench


@pytest.fixture
def bench(tmp_path) -> Bench:
    """The folder."""
    return Bench(tmp_path)
