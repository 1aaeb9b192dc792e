"""A portal with nothing in it."""

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.db import _run_migrations
from ckan.lib import search
from ckan.plugins import plugin_loaded
from ckan.tests import helpers as ckan_helpers
from ckanext.datastore.backend.postgres import get_write_engine
from sqlalchemy import delete, text
from sqlalchemy.orm import close_all_sessions

from ckanext.sdopen.access import scopes
from ckanext.sdopen.changes.model import Tombstone
from ckanext.sdopen.departments.listing import counts
from ckanext.sdopen.entries.files.model import removed_resources
from ckanext.sdopen.portal import home_counts
from ckanext.sdopen.search import probe
from ckanext.sdopen.search.without_index import plain_search

# the tables of the database once all migrations have run; before, nothing is known
_tables: set[str] = set()


def _present() -> set[str]:
    found = model.Session.execute(
        text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    )
    return set(found.scalars())


def _reset() -> None:
    """Empty CKAN's tables by CKAN's way, and make those of the plugins that are absent.

    CKAN's migrations leave an engine of their own in the place of the portal's, which keeps its
    connections: to begin one for each action would take most of the time of most tests.
    """
    engine = model.ensure_engine()
    ckan_helpers.reset_db()
    for plugin in ("activity", "sdopen"):
        _run_migrations(plugin, "head", True)
    if model.meta.engine is not engine:
        model.init_model(engine)
    _tables.clear()
    _tables.update(_present())


def _drop_tables_of_files() -> None:
    """Drop the DataStore's tables: a file made again bears its id, and would find its old table."""
    if not plugin_loaded("datastore"):
        return
    with get_write_engine().begin() as connection:
        named = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for table in connection.execute(named).scalars().all():
            # the DataStore's own begin with a stroke below
            if not table.startswith("_"):
                connection.execute(text(f'DROP TABLE "{table}" CASCADE'))


def _forget() -> None:
    """What is kept for some seconds was counted in another portal, whichever tests ran before."""
    for kept in (home_counts, plain_search, probe, scopes):
        kept.forget()
    counts._by_rows.cache_clear()


def empty_database() -> None:
    """Empty the databases; what migrations of plugins made goes with the first reset.

    While all tables are there that the last reset left, one statement empties what CKAN's reset
    would: asking for each table and each migration again takes most of a small test's time.
    What an action does without a user it does as the site's user, which must exist.
    """
    close_all_sessions()
    if _tables and _present() == _tables:
        known = (table.name for table in reversed(model.repo.metadata.sorted_tables))
        emptied = [name for name in known if name in _tables and name != "alembic_version"]
        model.Session.execute(text("; ".join(f'DELETE FROM "{name}"' for name in emptied)))
    else:
        _reset()
    # emptying the tables of entries and resources leaves tombstones and ids
    for left in (delete(Tombstone), delete(removed_resources)):
        model.Session.execute(left)
    model.Session.commit()
    _drop_tables_of_files()
    _forget()
    tk.get_action("get_site_user")({"ignore_auth": True}, {})


def empty_portal() -> None:
    """Empty the database and the index."""
    empty_database()
    search.clear_all()
