"""Tombstones: entries that were public and are not any more; triggers of the database keep them."""

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import Column, DateTime, Index, Text, tuple_


class Tombstone(tk.BaseModel):  # type: ignore[misc, name-defined]
    """An entry that was public: its id, its name, and when it ceased to be; nothing of its content.

    The triggers stand in migration/sdopen/versions.
    """

    __tablename__ = "sdopen_tombstone"
    __table_args__ = (Index("sdopen_tombstone_order", "withdrawn", "name"),)

    id: Any = Column(Text, primary_key=True)
    name: Any = Column(Text, nullable=False)
    withdrawn: Any = Column(DateTime, nullable=False)


def after(when: datetime, name: str, most: int) -> list[Tombstone]:
    """At most so many tombstones after a place in their order; one query by index.

    Args:
        when: UTC, without a zone.
        name: the name at that moment after which they begin; empty begins with the moment.
        most: how many.
    """
    place = tuple_(Tombstone.withdrawn, Tombstone.name)
    rows = model.Session.query(Tombstone).filter(place > (when, name))
    return list(rows.order_by(Tombstone.withdrawn, Tombstone.name).limit(most))
