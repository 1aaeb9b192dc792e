"""A document that does not come back from CKAN leaves the one in the index where it is."""

import pytest
from ckan import model
from ckan.lib.search import index as ckan_index
from ckan.tests.helpers import call_action
from sqlalchemy import text

from ckanext.sdopen.ckan_seams import index_document, show
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.documents import builder
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.index.rebuild import stripes
from ckanext.sdopen.tests.corpus.examples import catalog, created, department

_WAITING = text("SELECT failures, error FROM sdopen_outbox WHERE entry_id = :id")


@pytest.fixture(scope="module")
def owner(clean_portal):
    return department("省统计局")["id"]


@pytest.fixture
def entry(owner):
    number = model.Session.query(model.Package).count()
    made = created(catalog(owner, resource_code=f"307001/51{number:04d}"))
    yield made
    model.Session.rollback()
    model.Session.execute(text("DELETE FROM sdopen_outbox"))
    model.Session.commit()


@pytest.fixture
def by_ckan(monkeypatch):
    """The compiled way knows no entry: CKAN itself makes all documents."""
    monkeypatch.setattr(show.Shows, "knows", lambda self, stored: False)


def drained(entry_id: str) -> tuple[int, str] | None:
    """Drain the entry; (failures, reason) of its row in the outbox, None where it left it."""
    outbox.enqueue([entry_id])
    model.Session.commit()
    drainer.Drainer(lambda line: None).run(once=True)
    row = model.Session.execute(_WAITING, {"id": entry_id}).first()
    model.Session.rollback()
    return tuple(row) if row else None


def is_indexed(entry_id: str) -> bool:
    solr.soft_commit()
    return bool(solr.stored_documents([entry_id]))


def nothing(self, pkg_dict, defer_commit=False):
    """CKAN's index function where something on its way swallows the package."""


def another(self, pkg_dict, defer_commit=False):
    ckan_index.make_connection().add([{**pkg_dict, "id": "another"}])


@pytest.mark.usefixtures("by_ckan")
@pytest.mark.parametrize("swallowing", [nothing, another])
def test_what_ckan_swallows_stays_in_the_index_and_in_the_outbox(entry, monkeypatch, swallowing):
    assert drained(entry["id"]) is None
    assert is_indexed(entry["id"])
    monkeypatch.setattr(ckan_index.PackageSearchIndex, "index_package", swallowing)
    failures, reason = drained(entry["id"])
    assert failures == 1
    assert reason.startswith("NoDocument: CKAN gave no document of it")
    assert is_indexed(entry["id"])


@pytest.mark.usefixtures("by_ckan")
def test_a_rebuild_names_what_ckan_swallows_and_removes_nothing(entry, monkeypatch):
    monkeypatch.setattr(ckan_index.PackageSearchIndex, "index_package", nothing)
    outcome = stripes.rebuild()
    assert outcome.refused[entry["id"]].startswith("NoDocument")
    assert outcome.removed == 0
    assert is_indexed(entry["id"])


@pytest.mark.parametrize("given", [None, {}, {"id": "another"}])
def test_what_a_hook_swallows_stays_and_names_the_plugin(entry, monkeypatch, given):
    class Swallowing:
        def before_dataset_index(self, pkg_dict):
            return given

    hooks = builder.own_hooks

    def more(interface, name):
        own = [Swallowing().before_dataset_index] if name == "before_dataset_index" else []
        return own + hooks(interface, name)

    monkeypatch.setattr(builder, "own_hooks", more)
    failures, reason = drained(entry["id"])
    assert (failures, reason) == (
        1,
        "NoDocument: Swallowing.before_dataset_index gives no document of it",
    )
    assert is_indexed(entry["id"])


@pytest.mark.usefixtures("by_ckan")
def test_an_error_on_ckans_way_keeps_the_row_with_its_reason(entry, monkeypatch):
    def failing(self, pkg_dict, defer_commit=False):
        raise AssertionError("Plugin must return non empty package dict on index")

    monkeypatch.setattr(ckan_index.PackageSearchIndex, "index_package", failing)
    assert drained(entry["id"])[1].startswith("AssertionError: Plugin must return")
    assert is_indexed(entry["id"])


@pytest.mark.usefixtures("by_ckan")
def test_a_draft_is_a_document_like_any_other(entry):
    change = text("UPDATE package SET state = 'draft' WHERE id = :id")
    model.Session.execute(change, {"id": entry["id"]})
    assert drained(entry["id"]) is None
    assert solr.stored_documents([entry["id"]], "state")[entry["id"]]["state"] == "draft"


@pytest.mark.usefixtures("by_ckan")
def test_only_what_the_database_has_not_or_calls_deleted_leaves_the_index(owner, entry):
    gone = created(catalog(owner, resource_code="307001/519999"))
    call_action("dataset_purge", {"ignore_auth": True, "user": "x"}, id=gone["id"])
    deleted = text("UPDATE package SET state = 'deleted' WHERE id = :id")
    model.Session.execute(deleted, {"id": entry["id"]})
    assert index_document.document(entry["id"]) is None
    assert index_document.document(gone["id"]) is None
    assert drained(entry["id"]) is None
    assert drained(gone["id"]) is None
    assert not is_indexed(entry["id"])
    assert not is_indexed(gone["id"])
