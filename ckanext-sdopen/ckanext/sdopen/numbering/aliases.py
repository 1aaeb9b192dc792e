"""Addresses that lead to an entry besides its own: codes that it bore or bears elsewhere.

Code, id and name of an entry never change. A re-coding (机构改革) adds an alias: the address of
the other code answers 301, and nobody can create an entry with that code.
"""

import re
from typing import Any

from ckan import model
from sqlalchemy import ScalarSelect, delete, select
from sqlalchemy.dialects.postgresql import insert

from ckanext.sdopen.moments import now
from ckanext.sdopen.numbering.model import aliases

_ADDRESS = re.compile(r"[ci]-\d{6}-[a-z0-9_-]+")


def entry_id(name: str) -> str | None:
    """The id of the entry that an alias leads to."""
    if not _ADDRESS.fullmatch(name):
        return None
    found = model.Session.execute(select(aliases.c.entry_id).where(aliases.c.name == name))
    return found.scalar()


def leading(name: str) -> ScalarSelect[Any]:
    """The id of the entry that an alias leads to, as a query."""
    return select(aliases.c.entry_id).where(aliases.c.name == name).scalar_subquery()


def add(name: str, code: str, target: str, user_id: str | None, reason: str) -> bool:
    """Let an address lead to an entry; False where it leads to one already. No commit."""
    done = model.Session.execute(
        insert(aliases)
        .values(
            name=name, entry_id=target, code=code, user_id=user_id, created=now(), reason=reason
        )
        .on_conflict_do_nothing()
    )
    return bool(done.rowcount)


def of_entry(target: str) -> list[dict[str, Any]]:
    """`{code, name, created, reason}` of the aliases of an entry, oldest first."""
    rows = model.Session.execute(
        select(aliases.c.code, aliases.c.name, aliases.c.created, aliases.c.reason)
        .where(aliases.c.entry_id == target)
        .order_by(aliases.c.created, aliases.c.name)
    )
    return [{**row._mapping, "created": row.created.isoformat(timespec="seconds")} for row in rows]


def forget(target: str) -> None:
    """Remove the aliases of a purged entry; no commit."""
    model.Session.execute(delete(aliases).where(aliases.c.entry_id == target))
