"""A user of many departments: at most twenty labels, exactly what he may read."""

import time

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.catalog import labels, outbox, scope_index, scopes
from ckanext.sdopen.search import drain
from ckanext.sdopen.tests.catalog.examples import as_site, catalog, created, department
from ckanext.sdopen.tests.catalog.planted import CLASSES, called

MANY = 30


@pytest.fixture(scope="module")
def wide(clean_portal):
    """An account of thirty departments, and a closed entry in each of them and two others."""
    user = factories.User()
    entries = {}
    for number in range(MANY + 2):
        body = department(f"第{number}处", "370100")
        if number < MANY:
            join(user, body)
        payload = catalog(body["id"], resource_code=f"307001/65{number:04d}", **CLASSES["closed"])
        entries[created(payload)["id"]] = number < MANY
    scopes.forget()
    scope_index.index_for(model.User.get(user["name"]).id)
    drain.drain_until(outbox.highest(), 30)
    return {"user": user, "entries": entries}


def join(user, body, capacity="member"):
    member = {"id": body["id"], "username": user["name"], "role": capacity}
    call_action("organization_member_create", as_site(), **member)


def found(user) -> set[str]:
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


def test_he_has_at_most_twenty_labels_and_reads_all_he_may_and_nothing_else(wide):
    stored = model.User.get(wide["user"]["name"])
    own = labels.user_labels(stored)
    assert len(labels.all_user_labels(stored)) == MANY + 3
    assert len(own) <= scopes.MOST
    may = {entry_id for entry_id, inside in wide["entries"].items() if inside}
    assert read(wide["user"], wide["entries"]) == may
    assert found(wide["user"]) == may


def test_who_leaves_a_department_reads_its_entries_no_more_at_once(wide):
    user = wide["user"]
    left = next(entry_id for entry_id, inside in wide["entries"].items() if inside)
    organization = model.Package.get(left).owner_org
    call_action("organization_member_delete", as_site(), id=organization, username=user["name"])
    may = {entry_id for entry_id, inside in wide["entries"].items() if inside} - {left}
    assert read(user, wide["entries"]) == may
    # before his entries are indexed again the search shows less, never more
    assert found(user) <= may
    scope_index.index_for(model.User.get(user["name"]).id)
    drain.drain_until(outbox.highest(), 30)
    assert found(user) == may


def test_the_indexer_knows_a_change_of_departments_that_another_process_queued(wide):
    user, entries = factories.User(), list(wide["entries"])[:25]
    # the indexer's process asked a moment ago
    old = dict(scopes.known())
    for entry_id in entries:
        join(user, {"id": model.Package.get(entry_id).owner_org})
    scope_index.index_for(model.User.get(user["name"]).id)
    scopes._KEPT.scopes, scopes._KEPT.until = old, time.monotonic() + 60
    drain.drain_until(outbox.highest(), 30)
    assert found(user) == set(entries)


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
