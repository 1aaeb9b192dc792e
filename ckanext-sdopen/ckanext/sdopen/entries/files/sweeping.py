"""Bytes of files that no resource gives any more go, some days after."""

from collections.abc import Callable
from datetime import timedelta

from ckan import model
from sqlalchemy import delete, select, text, update

from ckanext.sdopen.entries.files import settings, stored
from ckanext.sdopen.entries.files.model import files
from ckanext.sdopen.moments import now

_CHUNK = 500
# what else is made of a file and goes with it when it is erased, each given its resource's id
made_of_files: list[Callable[[str], None]] = []
_MARK = text(
    """
    UPDATE sdopen_file f SET due = :due WHERE f.due IS NULL AND NOT EXISTS (
        SELECT FROM resource r
        WHERE r.id = f.resource_id AND r.state = 'active' AND r.url_type = 'upload'
    )
    """
)


def mark() -> int:
    """Say when the files that no resource gives any more are due; how many they are."""
    due = now() + timedelta(days=settings.keep_days())
    marked = model.Session.execute(_MARK, {"due": due}).rowcount
    model.Session.commit()
    return int(marked)


def remove_due() -> int:
    """Remove the bytes that are due; how many files they were.

    A file is forgotten after its bytes: what is ended in between is done again.
    """
    removed = 0
    while True:
        due = select(files.c.name).where(files.c.due <= now()).limit(_CHUNK)
        names = list(model.Session.scalars(due.with_for_update(skip_locked=True)))
        for name in names:
            stored.remove_bytes(name)
        model.Session.execute(delete(files).where(files.c.name.in_(names)))
        model.Session.commit()
        removed += len(names)
        if len(names) < _CHUNK:
            return removed


def sweep() -> tuple[int, int]:
    """(how many files are newly due some days from now, how many were removed)."""
    return mark(), remove_due()


def erase(resource_id: str) -> int:
    """Remove every file that a resource gives or gave, and what was made of them, at once.

    Their end is committed before the first byte goes, so that a sweep finishes what is broken off.
    """
    mine = files.c.resource_id == resource_id
    names = list(model.Session.scalars(select(files.c.name).where(mine)))
    model.Session.execute(update(files).where(mine).values(due=now()))
    model.Session.commit()
    # one of before the table of files stands under the id of its resource
    for name in {*names, resource_id}:
        stored.remove_bytes(name)
    for remove in made_of_files:
        remove(resource_id)
    model.Session.execute(delete(files).where(mine))
    model.Session.commit()
    return len(names)
