"""Jobs are queued with the caller's transaction, bounded for an account, one for a subject."""

import datetime
import threading

import pytest
from ckan import model
from sqlalchemy import update

from ckanext.sdopen.jobs import leases, queues
from ckanext.sdopen.jobs.model import jobs
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.tests.jobs.corpus.kinds import REFUSE, STEPS

pytestmark = pytest.mark.usefixtures("kinds")


def queued(subject="a", kind=STEPS, account=None):
    found = queues.enqueue(kind, {"n": 1}, subject=subject, account=account)
    model.Session.commit()
    return found


def test_a_job_is_there_when_its_transaction_is_committed_and_not_before():
    job = queues.enqueue(STEPS, {}, subject="a")
    assert queues.find(job) is None
    model.Session.rollback()
    assert queues.find(job) is None
    assert queues.find(queued()).state == State.WAITING


def test_one_job_for_a_subject_waits_or_runs():
    first = queued()
    with pytest.raises(queues.AlreadyQueued):
        queued()
    model.Session.rollback()
    taken = leases.take("imports", ["steps"], 60)
    with pytest.raises(queues.AlreadyQueued):
        queued()
    model.Session.rollback()
    leases.end(taken.lease, State.DONE)
    second = queued()
    assert second != first
    assert queues.latest(STEPS, ["a", "b"])["a"].id == second


def test_of_two_who_queue_for_one_subject_at_once_one_does():
    barrier, results = threading.Barrier(2), []

    def ask():
        barrier.wait()
        try:
            results.append(queued())
        except queues.AlreadyQueued:
            results.append(None)
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(result is not None for result in results) == 1


def test_an_account_has_so_many_jobs_of_a_kind_and_others_are_not_counted():
    for number in range(3):
        queued(f"s{number}", account="u1")
    queued("other kind", REFUSE, account="u1")
    queued("other account", account="u2")
    queues.refuse_beyond(STEPS, "u1", 4)
    with pytest.raises(queues.TooMany):
        queues.refuse_beyond(STEPS, "u1", 3)
    model.Session.rollback()
    leases.end(leases.take("imports", ["steps"], 60).lease, State.DONE)
    queues.refuse_beyond(STEPS, "u1", 3)
    model.Session.rollback()


def test_two_who_ask_for_the_last_place_at_once_do_not_both_get_it():
    barrier, results = threading.Barrier(2), []

    def ask(subject):
        barrier.wait()
        try:
            queues.refuse_beyond(STEPS, "u1", 1)
            results.append(queued(subject, account="u1"))
        except queues.TooMany:
            results.append(None)
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=ask, args=(name,)) for name in ("x", "y")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(result is not None for result in results) == 1


def test_a_waiting_job_knows_how_many_come_before_it():
    found = [queued(f"s{number}") for number in range(3)]
    assert [queues.ahead(queues.find(one)) for one in found] == [0, 1, 2]
    leases.end(leases.take("imports", ["steps"], 60).lease, State.DONE)
    assert queues.ahead(queues.find(found[2])) == 1


def test_ages_tell_what_waits_runs_and_lost_its_process():
    queued("a")
    queued("b")
    leases.take("imports", ["steps"], 0)
    (told,) = queues.ages()
    assert (told.queue, told.waiting, told.running, told.overdue) == ("imports", 1, 1, 1)
    assert told.oldest >= 0


def test_ended_jobs_are_forgotten_after_their_days_and_open_ones_are_not():
    old, fresh, waiting = queued("old"), queued("fresh"), queued("waiting")
    for one in (old, fresh):
        assert leases.cancel(one)
    long_ago = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=31)
    model.Session.execute(update(jobs).where(jobs.c.id == old).values(ended=long_ago))
    model.Session.commit()
    assert queues.sweep(30) == 1
    assert [queues.find(one) is None for one in (old, fresh, waiting)] == [True, False, False]
