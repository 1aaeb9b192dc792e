"""Releases, migrations of the database, and whether CKAN is the known one."""

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import ckan.plugins.toolkit as tk
from alembic.script import ScriptDirectory
from ckan import plugins
from sqlalchemy import Connection, text

from ckanext.sdopen.breaker import noted
from ckanext.sdopen.ckan_seams import guard
from ckanext.sdopen.guard.doctor.parts import Look, solr_release
from ckanext.sdopen.guard.doctor.rules.findings import Area, Finding, Severity
from ckanext.sdopen.paths import PACKAGE

_PACKAGES = ("ckan", "ckanext-sdopen", "ckanext-scheming", "ckanext-dcat")
# the oldest PostgreSQL that is supported, and the Solr whose schema is shipped
_POSTGRES, _SOLR = 15, "9."
_REVISION = text("SELECT version_num FROM sdopen_alembic_version")
_KNOWN = text("SELECT to_regclass('sdopen_alembic_version') IS NOT NULL")
_SERVER = text("SHOW server_version")


def _release(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"


def installed() -> Iterator[Finding]:
    """The releases of the packages."""
    for name in _PACKAGES:
        yield _told(name, _release(name), True)
    yield _told("Python", platform.python_version(), True)


def _told(name: str, found: str, fits: bool) -> Finding:
    check, severity = ("version", Severity.OK) if fits else ("version_unfit", Severity.WARNING)
    return Finding(Area.VERSIONS, check, severity, {"name": name, "found": found})


def of_solr(seen: Look) -> Iterator[Finding]:
    """Solr's release."""
    if seen.has(noted.SOLR):
        found = solr_release(seen)
        yield _told("Solr", found or "?", found.startswith(_SOLR))


def of_postgres(connection: Connection) -> Iterator[Finding]:
    """PostgreSQL's release."""
    found = str(connection.execute(_SERVER).scalar_one()).split(" ")[0]
    yield _told("PostgreSQL", found, int(found.split(".")[0]) >= _POSTGRES)


def head() -> str:
    """The last migration that this code brings."""
    folder = ScriptDirectory(str(Path(PACKAGE) / "migration" / "sdopen"))
    return str(folder.get_current_head())


def migrations(connection: Connection) -> Iterator[Finding]:
    """Whether the database has the tables that this code expects."""
    known = connection.execute(_KNOWN).scalar_one()
    found = str(connection.execute(_REVISION).scalar() or "-") if known else "-"
    wanted = head()
    same = found == wanted
    check, severity = ("migrated", Severity.OK) if same else ("not_migrated", Severity.ERROR)
    yield Finding(Area.DATABASE, check, severity, {"found": found, "wanted": wanted})


def seams() -> Iterator[Finding]:
    """Whether the fast ways are open; where not, which parts of CKAN are other than known."""
    wrong = [one for one in guard.state() if not one.ok]
    for one in wrong:
        severity = Severity.WARNING
        facts = {"name": one.name, "known": one.known, "found": one.found}
        check = "seam_closes" if one.ways else "seam_differs"
        yield Finding(Area.VERSIONS, check, severity, facts)
    if not any(one.ways for one in wrong):
        yield Finding(Area.VERSIONS, "seams", Severity.OK, {})


def loaded() -> frozenset[str]:
    """The plugins that are loaded."""
    named = tk.config["ckan.plugins"]
    return frozenset(name for name in named if plugins.plugin_loaded(name))
