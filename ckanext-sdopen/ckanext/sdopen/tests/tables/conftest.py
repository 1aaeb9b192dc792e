"""A store of versions."""

import pytest

from ckanext.sdopen.tables.store.local import LocalStore


@pytest.fixture
def store(tmp_path) -> LocalStore:
    """An empty folder of versions."""
    return LocalStore(tmp_path / "tables", 0)
