"""What the tests of the audit log share."""

import pytest
from ckan import model
from sqlalchemy import select, text

from ckanext.sdopen.audit.model import rows


@pytest.fixture
def told():
    """What was told since the test began, as (kind, result, account, object id)."""
    with model.meta.engine.connect() as connection:
        since = connection.execute(text("SELECT coalesce(max(id), 0) FROM sdopen_audit")).scalar()

    def answer(*columns):
        wanted = [rows.c[name] for name in columns or ("kind", "result", "account", "object_id")]
        with model.meta.engine.connect() as connection:
            found = connection.execute(select(*wanted).where(rows.c.id > since).order_by(rows.c.id))
            return [tuple(row) for row in found]

    return answer
