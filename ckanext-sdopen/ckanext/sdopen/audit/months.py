"""The months of the audit log: made ahead, and taken out when the law no longer asks for them.

网络安全法 第二十一条 asks for six months; the longest six months have 184 days.
"""

import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import insert, text

from ckanext.sdopen.audit.model import purges
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.moments import now

FEWEST_DAYS = 184
_AHEAD = 12
_THERE = text(
    """
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'sdopen_audit'::regclass ORDER BY c.relname
    """
)
_MAKE = """
CREATE TABLE IF NOT EXISTS sdopen_audit_months.m{first:%Y%m} PARTITION OF sdopen_audit
    FOR VALUES FROM ('{first:%Y-%m-%d} 00:00+00') TO ('{after:%Y-%m-%d} 00:00+00');
CREATE OR REPLACE TRIGGER sdopen_audit_whole BEFORE TRUNCATE ON sdopen_audit_months.m{first:%Y%m}
    FOR EACH STATEMENT EXECUTE FUNCTION sdopen_audit_stays();
"""


class TooYoung(SdopenError):
    """A month that is to be taken out is still asked for; `str` says until when."""


def _next(month: datetime.date) -> datetime.date:
    return (month + datetime.timedelta(days=32)).replace(day=1)


def there() -> list[datetime.date]:
    """The months that the log has partitions for, by their first days."""
    with model.meta.engine.connect() as connection:
        names = [row.relname.removeprefix("m") for row in connection.execute(_THERE)]
    return [datetime.date(int(name[:4]), int(name[4:]), 1) for name in names]


def make_ahead() -> int:
    """Make the partitions of the coming year that are missing; how many were made."""
    month = now().date().replace(day=1)
    known, made = set(there()), 0
    for _ in range(_AHEAD):
        if month not in known:
            with model.meta.engine.begin() as connection:
                connection.execute(text(_MAKE.format(first=month, after=_next(month))))
            made += 1
        month = _next(month)
    return made


def keep_days() -> int:
    """For how many days rows are kept, never fewer than the law asks."""
    return max(FEWEST_DAYS, int(tk.config["ckanext.sdopen.audit.keep_days"]))


def purge(month: datetime.date, account: str) -> None:
    """Take out one month whole; its digests stay in the chain, and who took it out is kept.

    Raises:
        TooYoung: a row of the month is younger than the days that are kept.
    """
    until = _next(month) + datetime.timedelta(days=keep_days())
    if now().date() < until:
        message = tk._("The audit log of {month} is kept until {day}")
        raise TooYoung(message.format(month=f"{month:%Y-%m}", day=until.isoformat()))
    with model.meta.engine.begin() as connection:
        row: dict[str, Any] = {"month": month, "moment": now(), "account": account}
        connection.execute(insert(purges).values(row))
        connection.execute(text(f"DROP TABLE IF EXISTS sdopen_audit_months.m{month:%Y%m}"))
