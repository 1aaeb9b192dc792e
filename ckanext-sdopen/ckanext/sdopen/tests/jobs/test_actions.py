"""A job is its account's own: others are told that there is none."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.jobs import leases, queues
from ckanext.sdopen.tests.corpus import workers
from ckanext.sdopen.tests.jobs.corpus.kinds import REFUSE, STEPS

pytestmark = pytest.mark.usefixtures("kinds")
ACTIONS = ("sdopen_job_show", "sdopen_job_cancel")


@pytest.fixture
def owner():
    return factories.User()


@pytest.fixture
def job(owner):
    found = queues.enqueue(STEPS, {"secret": "handed in"}, subject="a", account=owner["id"])
    model.Session.commit()
    return found


def context(user):
    return {"user": user["name"] if user else "", "ignore_auth": False}


def test_who_asked_for_a_job_sees_how_far_it_is_and_not_what_was_handed_in(owner, job):
    shown = call_action("sdopen_job_show", context(owner), id=job)
    assert (shown["state"], shown["queue"], shown["kind"]) == ("waiting", "imports", "steps")
    assert (shown["ahead"], shown["tries"], shown["ended"]) == (0, 0, None)
    assert "handed in" not in str(shown)
    taken = leases.take("imports", ["steps"], 600)
    leases.progress(taken.lease, 3, 10, {"own": "handed in"})
    shown = call_action("sdopen_job_show", context(owner), id=job)
    assert (shown["state"], shown["done"], shown["total"]) == ("running", 3, 10)
    assert "handed in" not in str(shown)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_job_of_others_and_one_that_is_not_there_are_the_same(job, action):
    other = factories.User()
    said = set()
    for asked in (job, "0" * 36, "", None):
        for user in (other, None):
            with pytest.raises(tk.ObjectNotFound) as caught:
                call_action(action, context(user), id=asked)
            said.add(str(caught.value))
    assert len(said) == 1
    # what is no text is refused before anything is looked up, whoever asks
    for odd in (7, ["a"], {"a": 1}):
        for user in (other, None):
            with pytest.raises(tk.ValidationError) as refused:
                call_action(action, context(user), id=odd)
            assert list(refused.value.error_dict) == ["id"]
    assert queues.find(job).state == "waiting"


def test_administrators_see_every_job(job):
    assert call_action("sdopen_job_show", context(factories.Sysadmin()), id=job)["id"] == job
    with pytest.raises(tk.ObjectNotFound):
        call_action("sdopen_job_show", context(factories.Sysadmin()), id="0" * 36)


def test_who_was_disabled_sees_its_job_no_more(owner, job):
    model.User.get(owner["id"]).state = model.State.DELETED
    model.Session.commit()
    with pytest.raises(tk.ObjectNotFound):
        call_action("sdopen_job_show", context(owner), id=job)


def test_who_asked_for_a_job_may_end_it_and_one_that_ended_stays_as_it_is(portal_app, owner, job):
    assert call_action("sdopen_job_cancel", context(owner), id=job)["state"] == "cancelled"
    refused = queues.enqueue(REFUSE, {}, subject="b", account=owner["id"])
    workers.work_off(portal_app, REFUSE.queue)
    assert call_action("sdopen_job_cancel", context(owner), id=refused)["state"] == "failed"
