"""The making of a difference in the background."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen.jobs.held import Job, Refused
from ckanext.sdopen.jobs.kinds import Kind, Queue
from ckanext.sdopen.table_publishing.comparing import kept, pairs, settings
from ckanext.sdopen.table_publishing.loading import settings as loading_settings
from ckanext.sdopen.table_publishing.loading.progress import Progress
from ckanext.sdopen.tables import settings as tables_settings
from ckanext.sdopen.tables.comparing.compare import Side
from ckanext.sdopen.tables.confined import calls
from ckanext.sdopen.tables.findings.sentences import TableError
from ckanext.sdopen.tables.store.errors import StorageAway

__all__ = ["TABLE_COMPARE"]


def compare(job: Job) -> dict[str, Any]:
    """Compare two versions and keep what is different.

    Raises:
        Refused: they cannot be compared; the sentence says why.
        StorageAway: the storage of tables does not answer; it is worth trying again.
    """
    progress = Progress(job)
    progress.stage("comparing", 0, 100)
    try:
        pair = pairs.numbered(job.payload["resource"], job.payload["from"], job.payload["to"])
    except (tk.ObjectNotFound, tk.ValidationError) as error:
        raise Refused(str(error)) from None
    finally:
        model.Session.rollback()
    target = loading_settings.work_folder(job.id) / "rows.jsonl"
    try:
        store = tables_settings.store()
        old, new = (Side(store.path(one.hash), one.columns) for one in (pair.before, pair.after))
        limits = tables_settings.limits()
        summary = calls.compare(old, new, target, settings.rows(), limits, progress.share)
        kept.keep(pair.key, target, summary)
    except StorageAway:
        raise
    except TableError as error:
        raise Refused(error.sentence(job.language)) from None
    finally:
        loading_settings.forget_work(job.id)
    return {name: summary[name] for name in ("added", "removed", "changed")}


TABLE_COMPARE = Kind("table_compare", Queue.TABLES, compare, loading_settings.seconds)
