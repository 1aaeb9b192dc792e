"""A job as its account sees it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from ckanext.sdopen.jobs import queues

_AS_KEPT = ("id", "queue", "kind", "subject", "state", "done", "total", "tries", "result", "error")


def _moment(value: datetime | None) -> str | None:
    return value.astimezone(UTC).replace(microsecond=0).isoformat() if value else None


def shown(row: Row[Any]) -> dict[str, Any]:
    """What is told of a job; what was handed in for it is not."""
    told = {name: getattr(row, name) for name in _AS_KEPT}
    moments = {name: _moment(getattr(row, name)) for name in ("made", "started", "ended")}
    return {**told, **moments, "ahead": queues.ahead(row)}
