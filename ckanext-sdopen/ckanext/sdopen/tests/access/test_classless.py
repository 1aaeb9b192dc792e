"""An entry of ours without a class, or with one that nobody knows, reads as the narrowest."""

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import search
from ckan.tests.helpers import call_action
from sqlalchemy import select, text

from ckanext.sdopen.access import entry_facts, labels, visibility
from ckanext.sdopen.bulk.writing import consequences
from ckanext.sdopen.ckan_seams.rows import load, packages
from ckanext.sdopen.directory import narrow_table
from ckanext.sdopen.directory.model import entries as narrow
from ckanext.sdopen.index import agreement
from ckanext.sdopen.index.documents.builder import Labels
from ckanext.sdopen.tests.corpus.examples import READ_BY, as_site, catalog, department, editor_of
from ckanext.sdopen.tests.corpus.planted import called

LOST = {
    "missing": {},
    "unknown": {"sharing": "nonsense", "opening": "Unconditional"},
    "empty": {"sharing": "", "opening": ""},
}


@pytest.fixture(scope="module")
def bureau(clean_portal) -> dict:
    return department("省医疗保障局")


@pytest.fixture(scope="module")
def member(bureau) -> str:
    return str(editor_of(bureau)["name"])


@pytest.fixture(scope="module", params=LOST)
def lost(request, bureau) -> model.Package:
    """A published, open entry with a file that lost its class behind the portal's back."""
    number = list(LOST).index(request.param)
    file = {"name": "名录", "url": f"https://example.org/lost{number}.csv"}
    payload = catalog(bureau["id"], resource_code=f"307001/8800{number:02d}", resources=[file])
    made = call_action("package_create", as_site(), **payload, state="active")
    statement = text(
        "UPDATE package SET extras = (extras - 'sharing' - 'opening') || CAST(:put AS jsonb)"
        " WHERE id = :id"
    )
    put = {"id": made["id"], "put": json.dumps(LOST[request.param])}
    model.Session.execute(statement, put)
    model.Session.commit()
    model.Session.expire_all()
    narrow_table.write_row(made["id"])
    model.Session.commit()
    search.rebuild(made["id"], force=True)
    stored = model.Package.get(made["id"])
    assert stored.state == "active"
    assert not stored.private
    return stored


def test_its_class_is_the_narrowest_by_every_way_to_its_facts(lost):
    row = packages([lost.id])[lost.id]
    narrowest = visibility.table().classes[-1]["name"]
    assert entry_facts.of_row(lost).class_name == narrowest
    assert entry_facts.of_columns(row).class_name == narrowest
    assert not entry_facts.is_public(entry_facts.of_row(lost))


def test_its_labels_are_those_of_its_provider_and_authority_in_every_write(lost):
    own = labels.entry_labels(lost)
    assert f"member-{lost.owner_org}" in own
    assert not {labels.PUBLIC, labels.GOVERNMENT} & set(own)
    stored = load([lost.id])[lost.id]
    assert Labels().of(stored) == own
    assert consequences.labels_of(stored.package, None) == own


def test_only_its_provider_reads_and_finds_it(lost, member):
    found = {
        name: called("package_search", name, fq=f"id:{lost.id}", include_private=True)["count"]
        for name in ("", member)
    }
    assert found == {"": 0, member: 1}
    assert called("package_show", member, id=lost.id)["id"] == lost.id
    with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
        called("package_show", "", id=lost.id)


def test_its_files_are_found_by_nobody(lost):
    file = lost.resources[0].url
    assert called("resource_search", "", query=f"url:{file}")["count"] == 0


def test_its_narrow_row_reads_as_the_narrowest_too(lost):
    row = model.Session.execute(select(narrow).where(narrow.c.id == lost.id)).one()
    assert visibility.class_of(row.sharing, row.opening) == visibility.table().classes[-1]["name"]
    assert row.region == "370000"


def test_the_check_finds_that_ckan_takes_it_for_public(lost):
    found = agreement.compare(lambda count: None, lambda kind, ids: None).differences[
        agreement.PRIVATE
    ]
    assert lost.id in found.first


def test_an_interface_is_no_wider_than_a_catalog_without_a_class(lost):
    values = {"sharing": "unconditional", "opening": "unconditional", "state": "active"}
    alone = entry_facts.of_values(values)
    assert entry_facts.is_public(alone)
    assert not entry_facts.is_public(entry_facts.of_values(values, lost))


def test_packages_of_other_types_follow_ckans_rule():
    assert not entry_facts.is_ours("showcase")
    assert not entry_facts.is_ours(None)
    assert labels.entry_labels(model.Package(type="showcase", state="active")) == ["public"]


def test_what_our_schema_saved_stays_ours_in_a_process_that_has_not_loaded_it(bureau, monkeypatch):
    file = {"name": "名录", "url": "https://example.org/shared.csv"}
    payload = catalog(bureau["id"], resource_code="307001/880090", resources=[file])
    made = call_action("package_create", as_site(), **{**payload, **READ_BY["government"]})
    stored = model.Package.get(made["id"])
    before = labels.entry_labels(stored)
    assert "public" not in before
    with monkeypatch.context() as without:
        without.setattr(entry_facts, "plugin_loaded", lambda name: False)
        assert not entry_facts.is_ours("dataset")
        assert entry_facts.is_entry(stored)
        assert labels.entry_labels(stored) == before
        asked = {"query": "url:shared.csv"}
        assert tk.get_action("resource_search")({"user": ""}, asked)["count"] == 0
