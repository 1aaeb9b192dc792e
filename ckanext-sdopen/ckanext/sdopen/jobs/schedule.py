"""Periodic tasks: when each ran last, and the lease by which one process at a time does it."""

from collections.abc import Mapping
from typing import Any

from ckan import model
from sqlalchemy import Row, func, select, text
from sqlalchemy.dialects.postgresql import insert

from ckanext.sdopen.jobs.kinds import Periodic, declared
from ckanext.sdopen.jobs.leases import Lease, new_holder
from ckanext.sdopen.jobs.model import schedule

_TOLD = 500
# a shorter interval in the settings counts at once, not after the longer one
_SETTLE = text(
    """
    UPDATE sdopen_schedule SET due = LEAST(due, begun + make_interval(secs => :every))
    WHERE name = :name AND holder IS NULL AND failures = 0
    """
)
_TAKE = text(
    """
    UPDATE sdopen_schedule SET holder = :holder, begun = now(),
        due = now() + make_interval(secs => :seconds)
    WHERE name = :name AND due <= now() RETURNING name
    """
)
_RENEW = text(
    """
    UPDATE sdopen_schedule SET due = now() + make_interval(secs => :seconds)
    WHERE name = :name AND holder = :holder
    """
)
# what failed is tried again sooner than it would be, each time after a longer pause
_END = text(
    """
    UPDATE sdopen_schedule SET holder = NULL, ended = now(), succeeded = :succeeded, told = :told,
        failures = CASE WHEN :succeeded THEN 0 ELSE failures + 1 END,
        due = CASE WHEN :succeeded THEN begun + make_interval(secs => :every)
            ELSE now() + make_interval(secs => LEAST(:every, 30 * 2 ^ LEAST(failures, 10))) END
    WHERE name = :name AND holder = :holder
    """
)


def settle(task: Periodic) -> None:
    """Make a task known, due at once where it never ran."""
    with model.meta.engine.begin() as connection:
        row = insert(schedule).values(name=task.name, due=func.now())
        connection.execute(row.on_conflict_do_nothing())
        connection.execute(_SETTLE, {"name": task.name, "every": task.every()})


def take(task: Periodic, seconds: float) -> Lease | None:
    """The right to do a task that is due, for so many seconds; None where it is not, or others do.

    A task whose process ended in the middle is due when its lease has ended.
    """
    lease = Lease(task.name, new_holder())
    values = {"name": task.name, "holder": lease.holder, "seconds": seconds}
    with model.meta.engine.begin() as connection:
        return lease if connection.execute(_TAKE, values).first() else None


def renew(lease: Lease, seconds: float) -> bool:
    """Hold a task for so many seconds from now; False where it is not the holder's any more."""
    values = {"name": lease.id, "holder": lease.holder, "seconds": seconds}
    with model.meta.engine.begin() as connection:
        return bool(connection.execute(_RENEW, values).rowcount)


def end(lease: Lease, task: Periodic, succeeded: bool, told: str) -> None:
    """Say what a task did; it is due again after its interval, sooner where it failed."""
    values: Mapping[str, Any] = {
        "name": lease.id,
        "holder": lease.holder,
        "succeeded": succeeded,
        "told": told[:_TOLD],
        "every": task.every(),
    }
    with model.meta.engine.begin() as connection:
        connection.execute(_END, values)


def last_runs() -> list[Row[Any]]:
    """(name, begun, ended, succeeded, told, failures, late) of each task that is declared, by name.

    `late` is for how many seconds it has been due; below 0 it is not due yet.
    """
    late = func.extract("epoch", func.now() - schedule.c.due).label("late")
    names = ("name", "begun", "ended", "succeeded", "told", "failures")
    found = select(*(schedule.c[name] for name in names), late)
    # of a task that an earlier version had the row stays
    statement = found.where(schedule.c.name.in_(declared.periodic)).order_by(schedule.c.name)
    with model.meta.engine.connect() as connection:
        return list(connection.execute(statement))
