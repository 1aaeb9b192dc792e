"""What of tables nobody needs any more goes, some days after: files, parts, rows.

A version that can be read is never touched: while a chunk of files goes, none is published.
"""

from ckan import model
from sqlalchemy import select, text

from ckanext.sdopen.moments import now
from ckanext.sdopen.tables import settings
from ckanext.sdopen.tables.model import versions
from ckanext.sdopen.tables.store.store import Store

_CHUNK = 100
# resources that were removed, or whose entry was; deleted is what can come back, purged what cannot
_GONE = """
NOT EXISTS (
    SELECT FROM resource r JOIN package p ON p.id = r.package_id
    WHERE r.id = v.resource_id AND r.state = 'active' AND p.state <> 'deleted'
)
"""
_MARK = text(
    f"UPDATE sdopen_table_version v SET removed = :now WHERE v.removed IS NULL AND {_GONE}"  # noqa: S608
)
# of an entry that came back the current version does, too
_RETURN = text(
    "UPDATE sdopen_table_version v SET removed = NULL FROM sdopen_table t "  # noqa: S608
    "WHERE t.resource_id = v.resource_id AND t.number = v.number AND v.removed IS NOT NULL "
    f"AND NOT ({_GONE})"
)
_FORGET = text(
    "WITH gone AS (DELETE FROM sdopen_table v WHERE "  # noqa: S608
    f"{_GONE} AND NOT EXISTS (SELECT FROM sdopen_table_version w "
    "WHERE w.resource_id = v.resource_id AND (w.removed IS NULL OR w.removed > :due)) "
    "RETURNING resource_id) "
    "DELETE FROM sdopen_table_version WHERE resource_id IN (SELECT resource_id FROM gone)"
)
_LOCK = text("LOCK TABLE sdopen_table_version IN SHARE MODE")


def sweep(store: Store) -> tuple[int, int, int]:
    """(versions newly unreadable, files removed, parts removed)."""
    marked = _mark()
    removed = _remove_files(store)
    model.Session.execute(_FORGET, {"due": now() - settings.keep()})
    model.Session.commit()
    return marked, removed, store.sweep_parts(settings.part_seconds())


def _mark() -> int:
    """Say that versions of removed tables cannot be read any more, and those of returned ones can.

    How many ceased to be readable.
    """
    model.Session.execute(_RETURN)
    marked = model.Session.execute(_MARK, {"now": now()}).rowcount
    model.Session.commit()
    return int(marked)


def _remove_files(store: Store) -> int:
    """Remove the files of versions that nothing has named for the days; how many they were."""
    seconds = settings.keep().total_seconds()
    old = [digest for digest, age in store.hashes() if age >= seconds]
    removed = 0
    for begin in range(0, len(old), _CHUNK):
        chunk = old[begin : begin + _CHUNK]
        model.Session.execute(_LOCK)
        named = versions.c.removed.is_(None) | (versions.c.removed > now() - settings.keep())
        kept = set(
            model.Session.scalars(select(versions.c.hash).where(versions.c.hash.in_(chunk), named))
        )
        for digest in set(chunk) - kept:
            store.delete(digest)
            removed += 1
        model.Session.commit()
    return removed
