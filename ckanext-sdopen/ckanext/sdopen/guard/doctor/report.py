"""The whole report: every check once; what cannot be looked at is named, and stops no other."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from ckan import model
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from ckanext.sdopen.breaker import noted
from ckanext.sdopen.guard.doctor import (
    agreement,
    audit_log,
    machine,
    parts,
    settings,
    settings_facts,
    versions,
    work,
)
from ckanext.sdopen.guard.doctor.parts import Look
from ckanext.sdopen.guard.doctor.rules import settings_rules
from ckanext.sdopen.guard.doctor.rules.findings import Area, Finding, Severity

_Check = Callable[[], Iterable[Finding]]
_OfDatabase = Callable[[Connection], Iterable[Finding]]
_BOUND = text("SELECT set_config('statement_timeout', :milliseconds, true)")


def _on_a_connection(look: _OfDatabase) -> list[Finding]:
    """What a check finds by a connection of its own, whose statements end in time."""
    with model.meta.engine.connect() as connection:
        milliseconds = str(settings.statement_seconds() * 1000)
        connection.execute(_BOUND, {"milliseconds": milliseconds})
        return list(look(connection))


def _of_database(seen: Look) -> dict[str, _Check]:
    """The checks that ask the database, by name."""
    asked: dict[str, _OfDatabase] = {
        "postgresql": versions.of_postgres,
        "migrations": versions.migrations,
        "agreement": lambda connection: agreement.findings(connection, seen),
        "outbox": work.outbox,
        "mail": work.mail,
        "audit": audit_log.refusals,
        "clock": machine.clock_of_database,
    }
    checks: dict[str, _Check] = {
        name: partial(_on_a_connection, look) for name, look in asked.items()
    }
    return checks | {
        "queues": work.jobs,
        "tasks": work.tasks,
        "sealer": audit_log.sealed,
        "months": audit_log.months_ahead,
        "seams": versions.seams,
    }


def _others(seen: Look) -> Iterator[Finding]:
    """The checks that need no database."""
    yield from parts.findings(seen)
    yield from versions.installed()
    yield from versions.of_solr(seen)
    yield from machine.disks()
    yield from machine.clock_of_index(seen)
    yield from machine.backup()
    yield from settings_rules.judge(settings_facts.portal())


def _looked(checks: dict[str, _Check]) -> Iterator[Finding]:
    """What the checks of the database find; one that fails is named with its kind of error."""
    for name, check in checks.items():
        try:
            yield from list(check())
        except SQLAlchemyError as error:
            facts = {"name": name, "reason": type(error).__name__}
            yield Finding(Area.DATABASE, "not_looked", Severity.ERROR, facts)


def findings() -> list[Finding]:
    """All findings, the worst first, then in the order of their areas."""
    seen = parts.look()
    found = list(_others(seen))
    if seen.has(noted.POSTGRES):
        found += _looked(_of_database(seen))
    bad, areas = list(Severity), list(Area)
    return sorted(found, key=lambda one: (bad.index(one.severity), areas.index(one.area)))
