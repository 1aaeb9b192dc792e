"""The making of a difference in the background, and removing those whose versions are gone."""

from dataclasses import replace
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import select

from ckanext.sdopen.jobs.held import Job, Refused
from ckanext.sdopen.jobs.kinds import Kind, Periodic, Queue
from ckanext.sdopen.table_publishing.comparing import kept, pairs, settings
from ckanext.sdopen.table_publishing.comparing.pairs import Pair
from ckanext.sdopen.table_publishing.loading import settings as loading_settings
from ckanext.sdopen.table_publishing.loading.progress import Progress
from ckanext.sdopen.tables import settings as tables_settings
from ckanext.sdopen.tables.comparing.compare import Side
from ckanext.sdopen.tables.confined import calls
from ckanext.sdopen.tables.findings.sentences import TableError
from ckanext.sdopen.tables.model import versions
from ckanext.sdopen.tables.store.errors import StorageAway

__all__ = ["TABLE_COMPARE", "TABLE_DIFFERENCES_SWEEP"]

_HOUR = 3_600.0
# the child ends first, and says why
_BEYOND = 60.0


def compare(job: Job) -> dict[str, Any]:
    """Compare two versions and keep what is different.

    Raises:
        Refused: they cannot be compared; the sentence says why.
        StorageAway: the storage of tables does not answer; it is worth trying again.
    """
    progress = Progress(job)
    progress.stage("comparing", 0, 100)
    pair = _pair(job)
    target = loading_settings.work_folder(job.id) / "rows.jsonl"
    try:
        store = tables_settings.store()
        old, new = (Side(store.path(one.hash), one.columns) for one in (pair.before, pair.after))
        limits = replace(tables_settings.limits(), seconds=settings.seconds())
        summary = calls.compare(old, new, target, settings.rows(), limits, progress.share)
        kept.keep(pair.name, target, summary)
        _refuse_gone(job, pair)
    except StorageAway:
        raise
    except TableError as error:
        raise Refused(error.sentence(job.language)) from None
    except kept.TooMuch:
        message = tk._("What is different is more than may be kept; read all rows instead")
        raise Refused(message) from None
    finally:
        loading_settings.forget_work(job.id)
    return {name: summary[name] for name in ("added", "removed", "changed")}


def _pair(job: Job) -> Pair:
    try:
        return pairs.numbered(job.payload["resource"], job.payload["from"], job.payload["to"])
    except (tk.ObjectNotFound, tk.ValidationError) as error:
        raise Refused(str(error)) from None
    finally:
        model.Session.rollback()


def _refuse_gone(job: Job, pair: Pair) -> None:
    """Keep nothing of a version that was erased while it was compared, nor of narrowed items.

    An erasure is committed before it removes what is kept, so that it is seen here, or sees it.
    """
    try:
        now = _pair(job)
    except Refused:
        kept.forget(pair.name)
        raise
    if now.name != pair.name:
        kept.forget(pair.name)
        raise Refused(tk._("The table has changed meanwhile; ask for the difference again"))


def _sweep() -> str:
    """Remove differences of versions that nobody can read, and what was left."""
    every = kept.every()
    digests = {digest for of_one in every.values() for digest in of_one}
    asked = select(versions.c.hash).where(
        versions.c.hash.in_(digests), versions.c.removed.is_(None)
    )
    standing = set(model.Session.scalars(asked))
    gone = [name for name, of_one in every.items() if not of_one <= standing]
    for name in gone:
        kept.forget(name)
    kept.remove_left()
    return f"{len(gone)} differences removed"


TABLE_COMPARE = Kind("table_compare", Queue.DUMPS, compare, lambda: settings.seconds() + _BEYOND)
TABLE_DIFFERENCES_SWEEP = Periodic(
    "table_differences_sweep", Queue.DUMPS, lambda: _HOUR, _sweep, 600.0
)
