"""The commands of background work."""

import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import CKANCliRunner

from ckanext.sdopen.jobs import leases, queues, schedule
from ckanext.sdopen.jobs.sweep_job import JOBS_SWEEP
from ckanext.sdopen.tests.jobs.corpus.kinds import REFUSE, STEPS

pytestmark = pytest.mark.usefixtures("kinds")


def run(*arguments):
    return CKANCliRunner().invoke(ckan, ["sdopen", "jobs", *arguments])


def queued(kind, subject="a"):
    found = queues.enqueue(kind, {}, subject=subject)
    model.Session.commit()
    return found


def test_list_says_what_waits_and_when_tasks_ran_last():
    queued(STEPS)
    queued(STEPS, "b")
    queued(REFUSE)
    leases.take("imports", ["steps"], 0)
    schedule.settle(JOBS_SWEEP)
    said = run("list").output
    assert "checks: 1 wait, the oldest for" in said
    assert "imports: 1 wait" in said
    assert "imports: 1 lost their process" in said
    assert "jobs_sweep: never" in said
    lease = schedule.take(JOBS_SWEEP, 600)
    assert "under way" in run("list").output
    schedule.end(lease, JOBS_SWEEP, False, "RuntimeError")
    assert "RuntimeError (failed 1 times)" in run("list").output


def test_cancel_ends_a_job_and_says_where_there_is_none():
    job = queued(STEPS)
    assert run("cancel", job).exit_code == 0
    assert queues.find(job).state == "cancelled"
    assert run("cancel", job).exit_code == 1
