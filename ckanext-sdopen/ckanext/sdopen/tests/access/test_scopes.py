"""A user of many departments: as many labels as a query takes, exactly what he may read."""

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy import text

from ckanext.sdopen.access import labels, scopes
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.index import scope_changes
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.tests.corpus.examples import as_site, catalog, created, department
from ckanext.sdopen.tests.corpus.planted import CLASSES, called

MANY = 30


def few_labels():
    """Twenty labels are many here, so that thirty departments show what six hundred would."""
    tk.config["ckanext.sdopen.access.labels_most"] = 20
    scopes.forget()


@pytest.fixture(autouse=True)
def twenty():
    # CKAN's fixtures give each test the settings as they were
    few_labels()
    yield
    scopes.forget()


def worked_off():
    """Let the indexer do all that waits, changes of scopes too."""
    model.Session.commit()
    drainer.Drainer(lambda line: None).run(once=True)


@pytest.fixture(scope="module")
def wide(clean_portal):
    """An account of thirty departments, and a closed entry in each of them and two others."""
    few_labels()
    user = factories.User()
    entries = {}
    for number in range(MANY + 2):
        body = department(f"第{number}处", "370100")
        if number < MANY:
            join(user, body)
        payload = catalog(body["id"], resource_code=f"307001/65{number:04d}", **CLASSES["closed"])
        entries[created(payload)["id"]] = number < MANY
    worked_off()
    return {"user": user, "entries": entries}


def join(user, body, capacity="member"):
    member = {"id": body["id"], "username": user["name"], "role": capacity}
    call_action("organization_member_create", as_site(), **member)


def found_by(user) -> set[str]:
    asked = {"include_private": True, "rows": 200, "fq": "opening:none"}
    return {entry["id"] for entry in called("package_search", user["name"], **asked)["results"]}


def read(user, entries) -> set[str]:
    seen = set()
    for entry_id in entries:
        try:
            seen.add(called("package_show", user["name"], id=entry_id)["id"])
        except tk.ObjectNotFound:
            continue
    return seen


def test_he_has_as_many_labels_as_a_query_takes_and_reads_all_he_may_and_nothing_else(wide):
    stored = model.User.get(wide["user"]["name"])
    own = labels.user_labels(stored)
    assert len(labels.all_user_labels(stored)) == MANY + 3
    assert len(own) <= scopes.most()
    may = {entry_id for entry_id, inside in wide["entries"].items() if inside}
    assert read(wide["user"], wide["entries"]) == may
    assert found_by(wide["user"]) == may


def test_who_leaves_a_department_reads_its_entries_no_more_at_once(wide):
    user = wide["user"]
    left = next(entry_id for entry_id, inside in wide["entries"].items() if inside)
    organization = model.Package.get(left).owner_org
    call_action("organization_member_delete", as_site(), id=organization, username=user["name"])
    may = {entry_id for entry_id, inside in wide["entries"].items() if inside} - {left}
    assert read(user, wide["entries"]) == may
    # before his entries are indexed again the search shows less, never more
    assert found_by(user) <= may
    worked_off()
    assert found_by(user) == may


def test_the_indexer_knows_a_change_of_departments_that_another_process_queued(wide, monkeypatch):
    user, entries = factories.User(), list(wide["entries"])[:25]
    # the indexer's process asked a moment ago
    old = dict(scopes.known())
    for entry_id in entries:
        join(user, {"id": model.Package.get(entry_id).owner_org})
    scopes.forget()
    with monkeypatch.context() as patched:
        patched.setattr(scopes, "_asked", lambda: old)
        assert scopes.known() == old
    worked_off()
    assert found_by(user) == set(entries)


def test_many_changes_are_one_and_wait_while_entries_do(wide, monkeypatch):
    user, noted = wide["user"], text("SELECT count(*), max(reached) FROM sdopen_scope_change")
    left = [model.Package.get(entry_id).owner_org for entry_id in list(wide["entries"])[:3]]
    for organization in left * 2:
        member = {"id": organization, "object": user["name"], "object_type": "user"}
        call_action("member_create", as_site(), **member, capacity="member")
    assert model.Session.execute(noted).one() == (1, "")
    assert outbox.length(10) == 0, "no entry was queued by the members' own requests"
    # a portion at a time, and none while another entry waits
    monkeypatch.setattr(scope_changes, "PORTION", 10)
    other = next(entry_id for entry_id, inside in wide["entries"].items() if not inside)
    outbox.enqueue([other])
    model.Session.commit()
    queued = []
    monkeypatch.setattr(outbox, "enqueue", lambda ids: queued.append(list(ids)))
    worked_off()
    assert [len(ids) for ids in queued] == [10, 10, 10] + [0] * (len(queued) - 3)
    assert queued[0] + queued[1] + queued[2] == sorted(set().union(*queued))
    assert model.Session.execute(noted).one() == (0, None)


def test_an_authority_above_stands_for_those_within(clean_portal):
    rows = [
        ("a", "370000", "true"),
        ("b", "370100", "true"),
        ("c", "370102", "true"),
        ("d", "440600", "true"),
        ("e", "370102", "false"),
    ]
    own = scopes.of_memberships(rows)
    assert own == [f"member-{one}" for one in "abcde"] + ["authority-370000", "authority-440600"]


def test_a_scope_means_one_set_of_labels_for_ever():
    one = scopes.scope_of(["member-a", "member-b"])
    assert one == scopes.scope_of(["member-b", "member-a", "member-a"])
    assert one != scopes.scope_of(["member-a", "member-c"])
    few = [f"member-{number}" for number in range(17)]
    assert scopes.bounded(["public", "creator-x", "government", *few])[3:] == few
    many = scopes.bounded(["public", "creator-x", "government", *few, "member-y"])
    assert many == ["public", "creator-x", "government", scopes.scope_of([*few, "member-y"])]


def test_the_scopes_are_asked_for_once_a_minute_and_anew_when_they_are_forgotten(monkeypatch):
    asked = []
    monkeypatch.setattr(scopes, "_asked", lambda: asked.append(1) or {})
    scopes.forget()
    assert [scopes.known() for _ in range(3)] == [{}, {}, {}]
    assert len(asked) == 1
    with scopes.known.cache_lock:
        kept: Any = scopes.known.cache
        kept.expire(kept.timer() + scopes._CACHE_SECONDS + 1)
    scopes.known()
    assert len(asked) == 2
    scopes.forget()
    scopes.known()
    assert len(asked) == 3
    scopes.forget()
