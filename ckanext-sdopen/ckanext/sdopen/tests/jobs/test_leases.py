"""A job is one worker's at a time, and another's when its lease has ended."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from ckan import model

from ckanext.sdopen.jobs import leases, queues
from ckanext.sdopen.jobs.leases import Lease
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.tests.jobs.corpus.kinds import STEPS

pytestmark = pytest.mark.usefixtures("kinds")


def queued(*subjects):
    found = [queues.enqueue(STEPS, {}, subject=subject) for subject in subjects]
    model.Session.commit()
    return found


def take(seconds=600):
    return leases.take("imports", ["steps"], seconds)


def test_many_who_take_at_once_get_each_job_once():
    found = queued(*(f"s{number}" for number in range(20)))
    with ThreadPoolExecutor(8) as pool:
        taken = [one for one in pool.map(lambda _: take(), range(40)) if one]
    assert sorted(one.lease.id for one in taken) == sorted(found)
    assert len({one.lease.holder for one in taken}) == len(found)


def test_a_held_job_is_nobody_elses_until_its_lease_ends():
    queued("a")
    first = take()
    assert take() is None
    assert leases.renew(first.lease, 0)
    second = take()
    assert second.lease.id == first.lease.id
    assert second.row.tries == 2


def test_who_lost_the_lease_changes_nothing():
    (job,) = queued("a")
    lost = take(0)
    kept = take()
    for done in (
        leases.renew(lost.lease, 60),
        leases.progress(lost.lease, 1, 2, {}),
        leases.put_back(lost.lease, 0, counts=True),
        leases.end(lost.lease, State.DONE),
    ):
        assert done is False
    row = queues.find(job)
    assert (row.state, row.holder, row.done) == (State.RUNNING, kept.lease.holder, None)


def test_a_try_that_does_not_count_is_not_counted():
    (job,) = queued("a")
    leases.put_back(take().lease, 0, counts=False)
    assert queues.find(job).tries == 0
    leases.put_back(take().lease, 0, counts=True)
    assert queues.find(job).tries == 1


def test_a_job_put_back_for_a_while_is_not_taken_before():
    queued("a")
    leases.put_back(take().lease, 600, counts=True)
    assert take() is None


def test_a_kind_that_nobody_here_knows_waits_for_who_does():
    queued("a")
    assert leases.take("imports", ["other"], 60) is None
    assert take() is not None


def test_a_cancelled_job_is_taken_from_its_holder_and_an_ended_one_stays():
    (job,) = queued("a")
    held = take()
    assert leases.cancel(job)
    assert leases.renew(held.lease, 60) is False
    assert queues.find(job).state == State.CANCELLED
    assert leases.cancel(job) is False
    assert leases.cancel("nothing") is False


def test_a_holder_names_machine_and_process():
    host, pid, token = leases.new_holder().split(":")
    assert host
    assert pid.isdigit()
    assert len(token) == 16
    assert leases.end(Lease("nothing", "nobody"), State.DONE) is False
