"""A load or a publication as a job does it: what came of it is kept, a refusal ends the job."""

from collections.abc import Callable
from typing import Any

from ckan import model

from ckanext.sdopen.fetching.messages import FetchError
from ckanext.sdopen.jobs.held import Job, Refused
from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.table_publishing.loading import asked, settings
from ckanext.sdopen.table_publishing.loading.asked import Asked
from ckanext.sdopen.table_publishing.loading.load import Load
from ckanext.sdopen.table_publishing.loading.progress import Progress
from ckanext.sdopen.table_publishing.loading.sentences import LANGUAGES, LoadRefused
from ckanext.sdopen.tables.findings.sentences import TableError
from ckanext.sdopen.tables.store.errors import StorageAway

_Error = LoadRefused | FetchError | SheetError | TableError


def run(job: Job, kind: Callable[[Asked, Progress], Load]) -> dict[str, Any]:
    """Do what a job asks; a second call publishes the same version, which is no new one.

    Raises:
        Refused: nothing was published, and the version before stays; the sentence says why.
        StorageAway: the storage of tables does not answer; it is worth trying again.
    """
    try:
        under_way = kind(asked.of(job), Progress(job))
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
