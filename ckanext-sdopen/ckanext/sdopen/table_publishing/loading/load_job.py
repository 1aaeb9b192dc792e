"""The load of a table in the background, and the sweeping of what was kept of loads."""

from typing import Any

from ckan import model

from ckanext.sdopen.fetching.messages import FetchError
from ckanext.sdopen.jobs.held import Job, Refused
from ckanext.sdopen.jobs.kinds import Kind, Periodic, Queue
from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.table_publishing.loading import asked, kept, settings
from ckanext.sdopen.table_publishing.loading.load import Load
from ckanext.sdopen.table_publishing.loading.progress import Progress
from ckanext.sdopen.table_publishing.loading.sentences import LANGUAGES, LoadRefused
from ckanext.sdopen.tables import settings as tables_settings
from ckanext.sdopen.tables.findings.sentences import TableError
from ckanext.sdopen.tables.store.errors import StorageAway

__all__ = ["TABLE_LOAD", "TABLE_LOADS_SWEEP"]

_Error = LoadRefused | FetchError | SheetError | TableError


def load(job: Job) -> dict[str, Any]:
    """Load a table; a second call publishes the same version once more, which is no new one.

    Raises:
        Refused: nothing was published, and the version before stays; the sentence says why.
        StorageAway: the storage of tables does not answer; it is worth trying again.
    """
    try:
        under_way = Load(asked.of(job), Progress(job))
    except LoadRefused as error:
        raise _refused(job, error) from None
    try:
        done = under_way.done()
    except StorageAway:
        raise
    except (LoadRefused, FetchError, SheetError, TableError) as error:
        model.Session.rollback()
        if getattr(error, "code", "") not in ("replaced", "absent"):
            why = {lang: error.sentence(lang) for lang in LANGUAGES}
            under_way.keep(under_way.refused(why))
        raise _refused(job, error) from None
    under_way.keep(done)
    settings.forget_work(job.id)
    return {"number": done.number, "hash": done.hash, "rows": done.rows}


def _refused(job: Job, error: _Error) -> Refused:
    settings.forget_work(job.id)
    return Refused(error.sentence(job.language))


def _sweep() -> str:
    return f"{kept.sweep(tables_settings.keep())} loads forgotten"


# a try goes on behind what the one before has read
TABLE_LOAD = Kind("table_load", Queue.TABLES, load, settings.seconds, tries=5)
TABLE_LOADS_SWEEP = Periodic("table_loads_sweep", Queue.TABLES, lambda: 3_600.0, _sweep, 600.0)
