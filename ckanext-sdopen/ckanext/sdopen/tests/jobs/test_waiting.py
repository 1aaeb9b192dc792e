"""Who wants the answer at once waits so long as it may, and not too many do."""

import threading

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.sdopen.jobs import leases, queues, waiting
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.tests.corpus import workers
from ckanext.sdopen.tests.jobs.corpus.kinds import STEPS

pytestmark = pytest.mark.usefixtures("kinds")
# no test lasts so long: who waits does so until something happens
LONG = workers.PATIENCE


@pytest.fixture
def job():
    found = queues.enqueue(STEPS, {}, subject="a")
    model.Session.commit()
    return found


def waiter(job, seconds, results):
    thread = threading.Thread(target=lambda: results.append(waiting.until_ended(job, seconds)))
    thread.start()
    return thread


def test_a_job_that_ends_meanwhile_is_the_answer(job):
    results = []
    thread = waiter(job, LONG, results)
    leases.end(leases.take("imports", ["steps"], 600).lease, State.DONE)
    thread.join(LONG)
    assert results[0].state == State.DONE


def test_one_that_does_not_end_is_answered_as_it_is(job):
    assert waiting.until_ended(job, 0).state == State.WAITING
    assert waiting.until_ended(job, 0.2).state == State.WAITING
    assert waiting.until_ended("nothing", LONG) is None


def test_of_many_who_would_wait_so_many_do(job, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.jobs.waiting_calls", 1)
    results = []
    first = waiter(job, LONG, results)
    workers.until(lambda: waiting._waiting == 1)
    # it comes back at once, or this test would last for ever
    assert waiting.until_ended(job, LONG).state == State.WAITING
    assert not results
    leases.cancel(job)
    first.join(LONG)
    assert results[0].state == State.CANCELLED
