"""The audit log: sealed in time, with months for what comes, guarded against changes."""

import datetime
from collections.abc import Iterator

from sqlalchemy import Connection, text

from ckanext.sdopen.audit import chain, months
from ckanext.sdopen.guard.doctor.rules.findings import Area, Finding, Severity, graded
from ckanext.sdopen.moments import now

# rows that no sealer took: some wait at any time, so many only where none works
_SOME, _MANY = 10_000, 1_000_000
_MONTHS = 2
# how often the tables refuse: change and removal of rows, emptying of the whole
_REFUSALS = {"sdopen_audit": 2, "sdopen_audit_block": 2, "sdopen_audit_purge": 2}
_TRIGGERS = text(
    """
    SELECT c.relname, count(*) AS refusals FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE c.relname = ANY(:tables) AND t.tgenabled IN ('O', 'A') AND NOT t.tgisinternal
        AND p.proname = 'sdopen_audit_stays' AND p.prosrc LIKE '%RAISE EXCEPTION%'
    GROUP BY c.relname
    """
)


def refusals(connection: Connection) -> Iterator[Finding]:
    """Whether the database still refuses to change rows of the log."""
    rows = connection.execute(_TRIGGERS, {"tables": list(_REFUSALS)})
    found = {row.relname: row.refusals for row in rows}
    open_tables = [name for name, count in _REFUSALS.items() if found.get(name, 0) < count]
    for name in open_tables:
        yield Finding(Area.AUDIT, "audit_open", Severity.ERROR, {"table": name})
    if not open_tables:
        yield Finding(Area.AUDIT, "audit_closed", Severity.OK, {})


def sealed() -> Iterator[Finding]:
    """How many rows no sealer has taken yet."""
    count = chain.unsealed()
    severity = graded(count, _SOME, _MANY)
    check = "audit_sealed" if severity is Severity.OK else "audit_unsealed"
    yield Finding(Area.AUDIT, check, severity, {"count": count})


def months_ahead() -> Iterator[Finding]:
    """Whether rows of the coming months have a place; without one every write is refused."""
    this = now().date().replace(day=1)
    ahead = 0
    there, month = set(months.there()), this
    while month in there:
        ahead += 1
        month = (month + datetime.timedelta(days=32)).replace(day=1)
    severity = graded(-ahead, -_MONTHS, 0)
    check = "audit_months" if severity is Severity.OK else "audit_months_end"
    yield Finding(Area.AUDIT, check, severity, {"count": ahead})
