"""A resource keeps its id over every push, whatever the client sends."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from ckanext.sdopen.entries.validation import resource_ids
from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.tests.corpus.examples import as_site, catalog, created, department, shown

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture
def bureau():
    return department("山东省统计局")


def files(*urls: str) -> list[dict]:
    return [{"name": url[-5:], "url": url, "format": "CSV"} for url in urls]


A, B, C = (f"http://example.com/{name}.csv" for name in "abc")


def test_ids_come_from_the_sources_key_else_from_the_address(bureau):
    entry = created(
        catalog(
            bureau["id"],
            resource_code="307001/200001",
            resources=[*files(A), {**files(B)[0], "source_key": "file-9"}],
        )
    )
    assert [r["id"] for r in entry["resources"]] == [
        ids.resource_id(entry["id"], A),
        ids.resource_id(entry["id"], "file-9"),
    ]


def test_a_push_without_ids_keeps_ids_and_days_of_creation_in_any_order(bureau):
    payload = catalog(bureau["id"], resource_code="307001/200002", resources=files(A, B))
    entry = created(payload)
    before = {r["url"]: (r["id"], r["created"]) for r in entry["resources"]}
    for order in ((B, A), (C, A, B), (A, B)):
        pushed = {**payload, "id": entry["id"], "resources": files(*order)}
        after = call_action("package_update", as_site(), **pushed)["resources"]
        assert [r["url"] for r in after] == list(order)
        kept = {r["url"]: (r["id"], r["created"]) for r in after}
        assert kept[A] == before[A]
        assert kept[B] == before[B]


def test_a_resource_edited_to_another_address_keeps_its_id(bureau):
    payload = catalog(bureau["id"], resource_code="307001/200003", resources=files(A))
    entry = created(payload)
    (resource,) = entry["resources"]
    moved = call_action("resource_patch", as_site(), id=resource["id"], url=B)
    assert moved["id"] == resource["id"]
    # its old address now makes a new resource, and a push without ids finds both again
    pushed = {**payload, "id": entry["id"], "resources": files(B, A)}
    after = call_action("package_update", as_site(), **pushed)["resources"]
    assert after[0]["id"] == resource["id"]
    assert after[1]["id"] != resource["id"]
    again = call_action("package_update", as_site(), **{**pushed, "resources": files(A, B)})
    assert [r["id"] for r in again["resources"]] == [after[1]["id"], after[0]["id"]]


def test_two_resources_of_one_address_are_refused_with_both_names(bureau):
    twice = [{**files(A)[0], "name": "甲"}, *files(B), {**files(A)[0], "name": "乙"}]
    payload = catalog(bureau["id"], resource_code="307001/200004", resources=twice)
    with pytest.raises(tk.ValidationError) as refused:
        created(payload)
    said = refused.value.error_dict["resources"][2]["url"][0]
    assert "甲" in said
    assert "乙" in said


def test_adding_a_resource_by_itself_gives_it_the_derived_id(bureau):
    entry = created(catalog(bureau["id"], resource_code="307001/200005"))
    made = call_action("resource_create", as_site(), package_id=entry["id"], **files(C)[0])
    assert made["id"] == ids.resource_id(entry["id"], C)
    assert shown(entry["id"])["resources"][0]["id"] == made["id"]


def test_an_upload_keeps_ckans_own_id():
    upload = {"url": "a.csv", "url_type": "upload"}
    assert resource_ids.identified("e", [upload], []) == [upload]
    stored = {**upload, "id": "7d1f0d3e-6b0b-4a43-9d0b-1c6c1e6b5a11"}
    assert resource_ids.identified("e", [stored], [stored]) == [stored]
