"""The visibility table against the real portal, cell by cell."""

import ckan.plugins.toolkit as tk
import pytest

from ckanext.sdopen.access import visibility
from ckanext.sdopen.tests.corpus.planted import CLASSES, called, plant

CELLS = [
    (state, name, role)
    for state in visibility.STATES
    for name in CLASSES
    for role in visibility.ROLES
]


@pytest.fixture(scope="module")
def world(clean_portal):
    return plant()


def test_the_table_names_every_class_state_and_role_once():
    assert [one["name"] for one in visibility.table().classes] == list(CLASSES)
    assert set(visibility.table().cells) == set(CELLS)
    assert len(CELLS) == 5 * 3 * 6


@pytest.mark.parametrize(
    ("sharing", "opening", "name"),
    [
        ("none", "unconditional", "open"),
        ("unconditional", "conditional", "open_conditional"),
        ("unconditional", "none", "shared"),
        ("conditional", "none", "shared_conditional"),
        ("none", "none", "closed"),
        (None, None, "closed"),
        ("nonsense", None, "closed"),
        ("nonsense", "unconditional", "open"),
        (["unconditional"], ["unconditional"], "closed"),
    ],
)
def test_the_class_of_an_entry(sharing, opening, name):
    assert visibility.class_of(sharing, opening) == name


def test_texts_of_callers_are_not_kept():
    for number in range(100):
        assert visibility.class_of(f"sharing {number}", f"opening {number}") == "closed"
    # three degrees and the missing one on each axis
    assert visibility._class_of.cache_info().currsize <= 4 * 4


def seen_of_entry(world, portal_app, planted, role):
    """The parts of a catalog that a reader gets, by the action API and by HTTP."""
    reader = world.readers[role]
    try:
        shown = called("package_show", reader, id=planted.id)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return set()
    parts = {visibility.ENTRY}
    if shown.get("info_items"):
        parts.add(visibility.ITEMS)
    address = f"/dataset/{planted.id}/resource/{planted.resource_id}/download/x.csv"
    answer = portal_app.get(address, headers=world.headers(role))
    assert (answer.status_code == 200) == bool(shown["resources"][0]["url"])
    if answer.status_code == 200:
        parts.add(visibility.FILE)
    try:
        if called("datastore_search", reader, resource_id=planted.resource_id)["records"]:
            parts.add(visibility.TABLE)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        assert not shown["resources"][0]["datastore_active"]
    return parts


@pytest.mark.parametrize(("state", "name", "role"), CELLS)
def test_a_reader_gets_of_a_catalog_what_the_table_says(world, portal_app, state, name, role):
    planted = next(p for p in world.catalogs if (p.state, p.class_name) == (state, name))
    roles = {role, visibility.ANONYMOUS}
    if role in (visibility.MEMBER, visibility.AUTHORITY):
        roles.add(visibility.GOVERNMENT)
    wanted = visibility.parts(state, name, roles) - {visibility.INTERFACE}
    assert seen_of_entry(world, portal_app, planted, role) == wanted


@pytest.mark.parametrize("role", visibility.ROLES)
def test_a_reader_gets_the_sample_answers_that_the_table_says(world, role):
    for planted in world.interfaces:
        roles = {role, visibility.ANONYMOUS}
        if role in (visibility.MEMBER, visibility.AUTHORITY):
            roles.add(visibility.GOVERNMENT)
        wanted = visibility.parts(planted.state, planted.class_name, roles)
        try:
            shown = called("package_show", world.readers[role], id=planted.id)
        except tk.ObjectNotFound:
            assert visibility.ENTRY not in wanted
            continue
        assert visibility.ENTRY in wanted
        assert bool(shown.get("response_example")) == (visibility.INTERFACE in wanted)


@pytest.mark.parametrize("role", visibility.ROLES)
def test_the_search_shows_what_package_show_shows(world, role):
    reader = world.readers[role]
    drafts = {"include_private": True, "include_drafts": True, "rows": 100}
    found = {e["id"]: e for e in called("package_search", reader, **drafts)["results"]}
    for planted in world.entries:
        try:
            shown = called("package_show", reader, id=planted.id)
        except tk.ObjectNotFound:
            assert planted.id not in found
            continue
        listed = found[planted.id]
        for name in ("resources", "info_items", "response_example", "title"):
            assert listed.get(name) == shown.get(name)


def test_what_is_given_on_application_says_so(world, portal_app):
    planted = next(
        p for p in world.catalogs if (p.state, p.class_name) == ("published", "open_conditional")
    )
    for address in (
        f"/dataset/{planted.name}/resource/{planted.resource_id}/download/x.csv",
        f"/dataset/{planted.name}/resource/{planted.resource_id}/view/{planted.view_id}",
        f"/datastore/dump/{planted.resource_id}",
    ):
        told = portal_app.get(address, status=403).get_data(as_text=True)
        assert "数据依申请提供" in told
    page = f"/dataset/{planted.name}/resource/{planted.resource_id}"
    assert "数据依申请提供" in portal_app.get(page, status=200).get_data(as_text=True)
    assert "数据依申请提供" in portal_app.get(f"/dataset/{planted.name}").get_data(as_text=True)
