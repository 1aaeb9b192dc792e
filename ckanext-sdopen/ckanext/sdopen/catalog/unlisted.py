"""Entries taken out of the index at once: nobody finds what he may not read any more.

A change that narrows who reads an entry stands in the database at the commit, in the index when
its document is made anew. In between every search would still show it.
"""

import hashlib
from collections.abc import Iterable

import ckan.plugins.toolkit as tk
import pysolr
from ckan import model
from ckan.lib.search import SearchIndexError, common

from ckanext.sdopen.catalog import outbox
from ckanext.sdopen.catalog.model import now


def index_id(entry_id: str) -> str:
    """The key of a package's document, as CKAN makes it (ckan.lib.search.index)."""
    whole = f"{entry_id}{tk.config['ckan.site_id']}"
    return hashlib.md5(whole.encode(), usedforsecurity=False).hexdigest()


def take_out(entry_ids: Iterable[str]) -> None:
    """Remove the documents of entries and wait until no search finds them.

    Call it before the commit, with the entries' rows locked, so that no drainer puts back what it
    read before, and before their rows of the outbox are written: they are queued here in a
    transaction of their own, so that the drainer puts them back as they are should this one fail.

    Raises:
        SearchIndexError: the index does not answer; nothing may be committed.
    """
    wanted = sorted(set(entry_ids))
    if not wanted:
        return
    with model.Session.get_bind().begin() as own:
        own.execute(outbox.ENQUEUE, {"ids": wanted, "queued": now()})
    connection = common.make_connection()
    try:
        connection.delete(id=[index_id(one) for one in wanted], commit=False)
        connection.commit(softCommit=True, waitSearcher=True)
    except (pysolr.SolrError, OSError) as error:
        # its text may hold the index's address
        raise SearchIndexError(type(error).__name__) from None
