"""What becomes of a job: done, refused, put off, tried again, never lost."""

import logging

import pytest
from ckan import model
from sqlalchemy import text

from ckanext.sdopen.jobs import leases, queues, schedule
from ckanext.sdopen.jobs.held import Job, LeaseLost, Stopped
from ckanext.sdopen.jobs.kinds import Kind, Periodic, Queue, declared
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.jobs.work.worker import Worker
from ckanext.sdopen.tests.jobs.corpus.kinds import FAIL, KINDS, LANGUAGE, LATER, REFUSE, STEPS

pytestmark = pytest.mark.usefixtures("kinds")


def queued(kind, **payload):
    found = queues.enqueue(kind, payload, subject="a")
    model.Session.commit()
    return found


def due_now():
    model.Session.execute(text("UPDATE sdopen_job SET due = now() WHERE state = 'waiting'"))
    model.Session.commit()


@pytest.fixture
def worker(portal_app):
    return lambda kind: Worker(portal_app.flask_app, kind.queue)


@pytest.fixture
def logged(caplog, monkeypatch):
    """What the worker writes into its log; our loggers hand nothing to the root's."""
    log = logging.getLogger("ckanext.sdopen.jobs.work.worker")
    # migrations that ran in this process silence the loggers that they do not name
    monkeypatch.setattr(log, "disabled", False)
    log.addHandler(caplog.handler)
    yield caplog
    log.removeHandler(caplog.handler)


def test_a_job_is_done_step_by_step_and_says_so(worker, tmp_path):
    job = queued(STEPS, folder=str(tmp_path), total=3)
    assert worker(STEPS).work_off() == 1
    row = queues.find(job)
    assert (row.state, row.done, row.total, row.result) == (State.DONE, 3, 3, {"steps": 3})
    assert (tmp_path / "steps").read_text().split() == ["0", "1", "2"]
    assert row.made <= row.started <= row.ended


def test_a_refusal_is_for_who_asked_and_is_not_tried_again(worker):
    job = queued(REFUSE)
    worker(REFUSE).work_off()
    row = queues.find(job)
    assert (row.state, row.error, row.tries) == (State.FAILED, "没有这样的表", 1)


def test_what_can_be_done_later_is_put_off_and_counts_as_no_try(worker):
    job = queued(LATER, seconds=600)
    assert worker(LATER).work_off() == 1
    row = queues.find(job)
    assert (row.state, row.tries) == (State.WAITING, 0)
    assert worker(LATER).work_off() == 0


def test_what_fails_is_tried_again_after_a_pause_then_ends_and_tells_no_secret(worker, logged):
    job = queued(FAIL)
    assert worker(FAIL).work_off() == 1
    assert queues.find(job).state == State.WAITING
    due_now()
    assert worker(FAIL).work_off() == 1
    row = queues.find(job)
    assert (row.state, row.tries) == (State.FAILED, 2)
    assert job in row.error
    assert job in logged.text
    assert "RuntimeError" in logged.text
    assert "swordfish" not in logged.text + row.error


def test_a_job_whose_process_ended_each_time_is_not_tried_for_ever(worker):
    job = queued(STEPS)
    for _ in range(STEPS.tries):
        assert leases.take("imports", ["steps"], 0)
    worker(STEPS).work_off()
    assert queues.find(job).state == State.FAILED


@pytest.mark.parametrize("lang, said", [("zh_Hans_CN", "排队"), ("en", "Waiting for its turn")])
def test_sentences_are_in_the_language_of_who_asked(worker, lang, said):
    job = queued(LANGUAGE)
    statement = text("UPDATE sdopen_job SET language = :lang")
    model.Session.execute(statement, {"lang": lang})
    model.Session.commit()
    worker(LANGUAGE).work_off()
    assert said in queues.find(job).result["said"]


def test_a_job_that_is_told_to_stop_keeps_what_it_did_and_goes_on_elsewhere(worker, tmp_path):
    job = queued(STEPS, folder=str(tmp_path), total=3)
    stopped = worker(STEPS)
    stopped.stop.set()
    assert stopped.do_job()
    row = queues.find(job)
    assert (row.state, row.tries, row.done) == (State.WAITING, 0, 1)
    assert worker(STEPS).work_off() == 1
    assert queues.find(job).state == State.DONE
    assert (tmp_path / "steps").read_text().split() == ["0", "1", "2"]


def test_whoever_lost_the_job_is_told_so_at_the_next_step():
    job = queued(STEPS)
    taken = leases.take("imports", ["steps"], 600)
    held = Job(taken.lease, {}, None, "en", {})
    held.progress(1, 2, {})
    assert leases.cancel(job)
    with pytest.raises(LeaseLost):
        held.progress(2, 2, {})


def test_whoever_is_to_stop_is_told_so_after_what_it_did_is_kept():
    job = queued(STEPS)
    held = Job(leases.take("imports", ["steps"], 600).lease, {}, None, "en", {})
    held.stop.set()
    with pytest.raises(Stopped):
        held.progress(1, 2, {"next": 1})
    assert queues.find(job).kept == {"next": 1}


def test_a_job_that_is_cancelled_while_it_is_done_stays_cancelled(worker):
    def work(job):
        leases.cancel(job.id)

    kind = Kind("own", Queue.DUMPS, work, lambda: 600.0)
    declared.use(lambda: (kind,))
    job = queued(kind)
    worker(kind).work_off()
    assert queues.find(job).state == State.CANCELLED


def test_tasks_that_are_due_run_and_one_that_fails_keeps_no_other_back(worker):
    ran = []

    def fail():
        raise RuntimeError("the password is swordfish")

    tasks = [
        Periodic("bad", Queue.UPKEEP, lambda: 3_600.0, fail, 60.0),
        Periodic("good", Queue.UPKEEP, lambda: 3_600.0, lambda: ran.append(1) or "told", 60.0),
    ]
    declared.use(lambda: (*KINDS, *tasks))
    for task in tasks:
        schedule.settle(task)
    assert worker(tasks[0]).round()
    assert not worker(tasks[0]).round()
    bad, good = schedule.last_runs()
    assert (bad.succeeded, bad.told, good.succeeded, good.told) == (
        False,
        "RuntimeError",
        True,
        "told",
    )
    assert ran == [1]
