"""Nobody comes to what stood under the id of another entry's file."""

import uuid

import pytest
from ckan import model
from ckan.cli.db import _run_migrations
from ckan.tests.helpers import call_action
from sqlalchemy import text

from ckanext.sdopen.entries.files.owners import owners_of
from ckanext.sdopen.tests.corpus.examples import as_site, authority, catalog, created, department
from ckanext.sdopen.tests.corpus.portal import empty_portal
from ckanext.sdopen.tests.entries.files.corpus.handed_in import CSV, api, bulk, given

LINK = "https://data.example.com/a.csv"
# a link bears an id that its address makes, whatever id the client gives it
KEYLESS = {"url": LINK, "url_type": "upload"}


@pytest.fixture(scope="module")
def bureau(publisher):
    return department("山东省水利厅", "370000")


@pytest.fixture(scope="module")
def own(bureau):
    return created(catalog(bureau["id"], resource_code="307001/960001"))


@pytest.fixture(scope="module")
def record(bureau):
    return catalog(bureau["id"], resource_code="307001/960002")


@pytest.fixture(scope="module")
def other(record):
    return created(record)


def write(app, token, record, entry, how, **resource):
    """(whether it was taken, what is said) of a resource that comes some way."""
    if how == "resource_create":
        status, told = api(app, token, how, package_id=entry["id"], **resource)
        return status == 200, told
    whole = {**record, "resources": [resource]}
    if how == "package_update":
        status, told = api(app, token, how, **whole, id=entry["id"])
        return status == 200, told
    (told,) = bulk(app, token, whole)
    return told["result"] in ("created", "updated"), told


WAYS = pytest.mark.parametrize("how", ["resource_create", "package_update", "bulk"])


def has(entry, resource_id):
    """Whether an entry has a resource."""
    return resource_id in [
        r["id"] for r in call_action("package_show", id=entry["id"])["resources"]
    ]


@WAYS
def test_a_removed_files_id_is_no_other_entrys(
    portal_app, token, publisher, own, record, other, how
):
    made = given(publisher, own["id"])
    address = f"/dataset/{other['id']}/resource/{made['id']}/download/a.csv"
    # removed, and then forgotten by the next save, as CKAN does
    call_action("resource_delete", as_site(), id=made["id"])
    asked = {"id": made["id"], "name": "x"}
    is_taken, told = write(portal_app, token, record, other, how, **asked, **KEYLESS)
    assert not is_taken, told
    call_action("package_patch", as_site(), id=own["id"], notes=f"改过的摘要 {how}。")
    given(publisher, own["id"])
    assert model.Session.get(model.Resource, made["id"]) is None
    is_taken, told = write(portal_app, token, record, other, how, **asked, **KEYLESS)
    assert not is_taken, told
    assert "resource" in str(told) or "资源" in str(told)
    write(portal_app, token, record, other, how, **asked, url=LINK)
    assert not has(other, made["id"])
    assert portal_app.get(address).status_code == 404
    call_action("package_patch", as_site(), id=other["id"], resources=[])


@WAYS
def test_a_purged_entrys_file_is_no_other_entrys(
    portal_app, token, publisher, bureau, record, other, how
):
    number = {"resource_create": 3, "package_update": 4, "bulk": 5}[how]
    gone = created(catalog(bureau["id"], resource_code=f"307001/96000{number}"))
    made = given(publisher, gone["id"])
    call_action("dataset_purge", as_site(), id=gone["id"])
    assert owners_of([made["id"]]) == {made["id"]: gone["id"]}
    is_taken, told = write(portal_app, token, record, other, how, id=made["id"], **KEYLESS)
    assert not is_taken, told


@WAYS
def test_an_id_that_was_never_any_ones_or_is_ones_own_is_taken(
    portal_app, token, record, other, how
):
    new = str(uuid.uuid4())
    asked = {"id": new, "name": how, **KEYLESS}
    is_taken, told = write(portal_app, token, record, other, how, **asked)
    assert is_taken, told
    assert has(other, new)
    call_action("package_patch", as_site(), id=other["id"], resources=[])
    for number in (1, 2):
        files = [{"name": "y", "url": f"{LINK}?{number}"}]
        call_action("package_patch", as_site(), id=other["id"], resources=files)
    # the entry had it itself
    assert owners_of([new]) == {new: other["id"]}
    is_taken, told = write(portal_app, token, record, other, how, **asked)
    assert is_taken, told
    assert has(other, new)
    call_action("package_patch", as_site(), id=other["id"], resources=[])


@WAYS
def test_ones_own_removed_file_comes_back_as_a_link_only(
    portal_app, token, publisher, record, other, how
):
    made = given(publisher, other["id"])
    call_action("resource_delete", as_site(), id=made["id"])
    is_taken, told = write(portal_app, token, record, other, how, id=made["id"], **KEYLESS)
    assert is_taken, told
    assert has(other, made["id"])
    answer = portal_app.get(
        f"/dataset/{other['id']}/resource/{made['id']}/download/a.csv", follow_redirects=False
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == LINK
    call_action("package_patch", as_site(), id=other["id"], resources=[])


def test_the_migration_can_be_undone_and_done_again_with_files_of_before():
    empty_portal()
    publisher = authority()
    owner = department("山东省水利厅", "370000")
    entry = created(catalog(owner["id"], resource_code="307001/970001"))
    made = given(publisher, entry["id"])
    model.Session.remove()
    _run_migrations("sdopen", "003_bulk", False)
    try:
        assert model.Session.get(model.Resource, made["id"]).url_type == "upload"
    finally:
        model.Session.remove()
        _run_migrations("sdopen", "head", True)
    known = text("SELECT name, entry_id, size, due FROM sdopen_file WHERE resource_id = :id")
    (row,) = model.Session.execute(known, {"id": made["id"]})
    # one of before stands under the id of its resource
    assert tuple(row) == (made["id"], entry["id"], len(CSV), None)
    call_action("dataset_purge", as_site(), id=entry["id"])
    assert owners_of([made["id"]]) == {made["id"]: entry["id"]}
