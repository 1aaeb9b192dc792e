"""Who reads what: entries of all classes, drafts, and users of all kinds."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.access import labels
from ckanext.sdopen.tests.corpus.counted import statements
from ckanext.sdopen.tests.corpus.examples import (
    READ_BY,
    as_site,
    catalog,
    created,
    department,
    editor_of,
    updated,
)

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture(scope="module")
def cast(clean_portal):
    """A county bureau with an entry of each class, and readers of every kind."""
    bureau = department("历下区统计局", "370102")
    other = department("青岛市气象局", "370200")
    authorities = {
        region: department(f"{region} 大数据局", region, is_authority=True)
        for region in ("370000", "370100", "370200", "370102")
    }
    entries = {
        name: created(catalog(bureau["id"], resource_code=f"307001/30000{i}", **classes))
        for i, (name, classes) in enumerate(READ_BY.items())
    }
    readers = {
        "nobody": None,
        "citizen": factories.User(),
        "colleague": editor_of(bureau, "member"),
        "other department": editor_of(other),
        "other city's authority": editor_of(authorities["370200"]),
        "county's authority": editor_of(authorities["370102"]),
        "city's authority": editor_of(authorities["370100"]),
        "province's authority": editor_of(authorities["370000"]),
    }
    return {"entries": entries, "readers": readers, "bureau": bureau}


def may_read(user, entry_id: str) -> bool:
    try:
        tk.check_access("package_show", {"user": user["name"] if user else ""}, {"id": entry_id})
    except tk.NotAuthorized:
        return False
    return True


GOVERNMENT = {"other department", "other city's authority"}
ABOVE = {"colleague", "county's authority", "city's authority", "province's authority"}


@pytest.mark.parametrize(
    ("entry", "readers"),
    [
        ("public", {"nobody", "citizen"} | GOVERNMENT | ABOVE),
        ("government", GOVERNMENT | ABOVE),
        ("provider", ABOVE),
    ],
)
def test_who_reads_a_published_entry(cast, entry, readers):
    entry_id = cast["entries"][entry]["id"]
    assert {who for who, user in cast["readers"].items() if may_read(user, entry_id)} == readers


def found_by(user) -> set[str]:
    context = {"user": user["name"] if user else "", "ignore_auth": False}
    query = {"fq": "region:370102", "include_private": True, "rows": 10}
    results = call_action("package_search", context, **query)["results"]
    return {entry["resource_code"][-1] for entry in results}


def test_the_search_finds_what_may_be_read(cast):
    assert found_by(cast["readers"]["nobody"]) == {"0"}
    assert found_by(cast["readers"]["other department"]) == {"0", "1"}
    assert found_by(cast["readers"]["city's authority"]) == {"0", "1", "2"}


@pytest.mark.parametrize(
    ("entry", "private"), [("public", False), ("government", True), ("provider", True)]
)
def test_the_server_alone_sets_private(cast, entry, private):
    stored = cast["entries"][entry]
    assert stored["private"] is private
    assert updated(stored, private=not private, update_cycle="daily")["private"] is private


def test_a_draft_is_read_by_its_department_its_maker_and_those_who_publish_it(cast):
    maker = cast["readers"]["other city's authority"]
    member = {"id": cast["bureau"]["id"], "username": maker["name"]}
    call_action("organization_member_create", as_site(), **member, role="editor")
    draft = created(catalog(cast["bureau"]["id"], resource_code="307001/300009"), maker)
    call_action("organization_member_delete", as_site(), **member)
    assert draft["state"] == "draft"
    readers = {who for who, user in cast["readers"].items() if may_read(user, draft["id"])}
    assert readers == ABOVE | {"other city's authority"}


def test_labels_of_a_thousand_entries_need_no_query(cast):
    entries = [model.Package.get(entry["id"]) for entry in cast["entries"].values()]
    assert [len(labels.entry_labels(entry)) for entry in entries] == [1, 5, 4]
    assert statements(lambda: [labels.entry_labels(e) for e in entries * 334]) == 0


def test_labels_of_a_user_need_one_query_however_many_departments(cast):
    user = factories.User()
    for number in range(5):
        title = f"第{number}处" if number else "370000 大数据局"
        body = department(title, "370000", is_authority=not number)
        member = {"id": body["id"], "username": user["name"], "role": "member"}
        call_action("organization_member_create", as_site(), **member)
    stored = model.User.get(user["name"])
    model.Session.refresh(stored)
    assert statements(lambda: labels.user_labels(stored)) == 1
    found = labels.user_labels(stored)
    assert {"public", "government", "authority-370000"} < set(found)
    assert len(found) == 3 + 1 + 5


def test_labels_of_a_user_are_asked_for_once_in_a_request(cast, with_request_context):
    stored = model.User.get(cast["readers"]["colleague"]["name"])
    labels.user_labels(stored)
    assert statements(lambda: [labels.user_labels(stored) for _ in range(10)]) == 0


def test_regions_elsewhere_are_subject_to_the_portals_own_authority(cast):
    body = department("佛山市统计局", "440600")
    closed = created(catalog(body["id"], resource_code="307001/300010", **READ_BY["provider"]))
    stored = model.Package.get(closed["id"])
    assert labels.entry_labels(stored) == [
        f"member-{body['id']}",
        "authority-440600",
        "authority-440000",
        "authority-370000",
    ]
