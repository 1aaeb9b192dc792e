"""A periodic task runs once at a time over all processes, again after its interval."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from ckan import model
from sqlalchemy import text

from ckanext.sdopen.jobs import schedule
from ckanext.sdopen.jobs.kinds import Periodic, Queue, declared

pytestmark = pytest.mark.usefixtures("kinds")
HOURLY = Periodic("hourly", Queue.UPKEEP, lambda: 3_600.0, lambda: "", 60.0)


@pytest.fixture(autouse=True)
def hourly(kinds):
    declared.use(lambda: (HOURLY,))


def test_a_task_that_is_not_declared_any_more_is_not_told_of():
    schedule.settle(HOURLY)
    assert [run.name for run in schedule.last_runs()] == ["hourly"]
    declared.use(tuple)
    assert schedule.last_runs() == []


def moved(seconds):
    """Let so many seconds pass for the task."""
    shift = "make_interval(secs => :seconds)"
    statement = f"UPDATE sdopen_schedule SET due = due - {shift}, begun = begun - {shift}"
    model.Session.execute(text(statement), {"seconds": seconds})
    model.Session.commit()


def late():
    return schedule.last_runs()[0].late


def test_a_task_that_never_ran_is_due_and_one_of_many_gets_it():
    schedule.settle(HOURLY)
    schedule.settle(HOURLY)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: schedule.take(HOURLY, 600), range(16)))
    assert sum(one is not None for one in taken) == 1


def test_a_task_is_due_again_after_its_interval():
    schedule.settle(HOURLY)
    schedule.end(schedule.take(HOURLY, 600), HOURLY, True, "done")
    assert schedule.take(HOURLY, 600) is None
    moved(3_500)
    assert schedule.take(HOURLY, 600) is None
    moved(100)
    assert schedule.take(HOURLY, 600) is not None


def test_a_task_whose_process_ended_in_the_middle_is_done_when_its_lease_has_ended():
    schedule.settle(HOURLY)
    lost = schedule.take(HOURLY, 0)
    again = schedule.take(HOURLY, 600)
    assert again is not None
    schedule.end(lost, HOURLY, True, "too late")
    assert schedule.renew(lost, 60) is False
    (run,) = schedule.last_runs()
    assert run.ended is None
    assert schedule.renew(again, 60)


def test_what_fails_is_tried_sooner_each_time_after_a_longer_pause():
    schedule.settle(HOURLY)
    pauses = []
    for _ in range(3):
        schedule.end(schedule.take(HOURLY, 600), HOURLY, False, "RuntimeError")
        pauses.append(-late())
        moved(3_600)
    assert pauses == sorted(pauses)
    assert pauses[0] <= 30 < pauses[1] < pauses[2] < 3_600
    assert schedule.last_runs()[0].failures == 3
    schedule.end(schedule.take(HOURLY, 600), HOURLY, True, "x" * 1_000)
    (run,) = schedule.last_runs()
    assert (run.failures, run.succeeded, len(run.told)) == (0, True, 500)


def test_a_shorter_interval_counts_at_once():
    schedule.settle(HOURLY)
    schedule.end(schedule.take(HOURLY, 600), HOURLY, True, "done")
    often = Periodic("hourly", Queue.UPKEEP, lambda: 60.0, lambda: "", 60.0)
    moved(61)
    assert schedule.take(HOURLY, 600) is None
    schedule.settle(often)
    assert schedule.take(often, 600) is not None
