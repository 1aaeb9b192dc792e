"""What tests of logins and letters begin with."""

import pytest
from ckan import model
from sqlalchemy import text


@pytest.fixture
def nothing_counted(clean_portal):
    """Nobody has failed to log in, nor asked for a letter."""
    model.Session.execute(text("DELETE FROM sdopen_attempt"))
    model.Session.commit()
