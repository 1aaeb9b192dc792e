"""Activities as the rows of ckanext-activity, whose table is there with its plugin only."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import plugin_loaded

# what is changed set-based, without loading activities
_TABLE = sa.table(
    "activity",
    sa.column("object_id", sa.Text),
    sa.column("permission_labels", sa.ARRAY(sa.Text)),
)


def activity_by_id(reference: str) -> Any:
    """An activity by its id; None where there is none."""
    if not plugin_loaded("activity") or not reference or "\x00" in reference:
        return None
    from ckanext.activity.model import Activity

    return model.Session.get(Activity, reference)


def add(user_id: str, object_id: str, kind: str, data: Mapping[str, Any]) -> None:
    """Leave an activity of an account, where there are any; no commit."""
    if not plugin_loaded("activity"):
        return
    from ckanext.activity.model import Activity

    model.Session.add(Activity(user_id, object_id, kind, dict(data)))


def relabel(entry_id: str, labels: Sequence[str]) -> None:
    """Give all activities of an entry these labels; one statement, no commit."""
    if not plugin_loaded("activity"):
        return
    column = _TABLE.c.permission_labels
    model.Session.execute(
        sa.update(_TABLE)
        .where(_TABLE.c.object_id == entry_id, column.is_distinct_from(list(labels)))
        .values(permission_labels=list(labels))
    )
