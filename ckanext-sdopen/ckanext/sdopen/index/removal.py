"""Entries taken out of the index at once: nobody finds what he may not read any more.

A change that narrows who reads an entry stands in the database at the commit, in the index when
its document is made anew. In between every search would still show it.
"""

from collections.abc import Iterable

import pysolr
from ckan import model
from ckan.lib.search import SearchIndexError
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from ckanext.sdopen.ckan_seams.index_key import index_id
from ckanext.sdopen.ckan_seams.repairs.solr_connection import connect
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.moments import now

# whoever holds a row of the outbox and then wants the entry waits for us, where PostgreSQL, which
# sees two sessions of ours, finds no circle
_PATIENCE = "20s"
_QUEUE = text(f"SELECT set_config('lock_timeout', :patience, true); {outbox.ENQUEUE.text}")
_LOCKED = "55P03"


def take_out(entry_ids: Iterable[str]) -> None:
    """Remove the documents of entries and wait until no search finds them.

    Call it before the commit, with the entries' rows locked, so that no drainer puts back what it
    read before, and before their rows of the outbox are written: they are queued here in a
    transaction of their own, so that the drainer puts them back as they are should this one fail.

    Raises:
        SearchIndexError: the index does not answer, or somebody holds their rows of the outbox;
            nothing may be committed.
    """
    wanted = sorted(set(entry_ids))
    if not wanted:
        return
    _queue(wanted)
    connection = connect()
    try:
        connection.delete(id=[index_id(one) for one in wanted], commit=False)
        connection.commit(softCommit=True, waitSearcher=True)
    except (pysolr.SolrError, OSError) as error:
        # its text may hold the index's address
        raise SearchIndexError(type(error).__name__) from None


def _queue(entry_ids: list[str]) -> None:
    asked = {"ids": entry_ids, "queued": now(), "patience": _PATIENCE}
    try:
        with model.Session.get_bind().begin() as own:
            own.execute(_QUEUE, asked)
    except OperationalError as error:
        if getattr(error.orig, "pgcode", None) != _LOCKED:
            raise
        raise SearchIndexError("somebody holds the rows of the outbox") from None
