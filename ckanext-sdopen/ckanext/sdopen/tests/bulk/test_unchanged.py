"""Records that come again as they came: what they cost, and what makes the portal look anew."""

import json

import pytest
from ckan import model
from ckanext.scheming.plugins import SchemingDatasetsPlugin
from sqlalchemy import text

from ckanext.sdopen.bulk.examining import compiled_schema, examine_record, records_of_type
from ckanext.sdopen.tests.bulk.corpus.sending import bulk, results
from ckanext.sdopen.tests.corpus.examples import catalog, interface

pytestmark = pytest.mark.usefixtures("clean_portal")
FILES = [
    {"url": "https://data.example.org/1.csv", "name": "有地址"},
    {"name": "没有地址"},
]


def left(entry_id: str) -> tuple:
    """The entry's activities, resources and moment, and the place of its narrow row."""

    def asked(query: str) -> list:
        return [tuple(r) for r in model.Session.execute(text(query), {"id": entry_id})]

    model.Session.rollback()
    return (
        asked("SELECT id, permission_labels FROM activity WHERE object_id = :id ORDER BY id"),
        asked("SELECT id, state, mimetype FROM resource WHERE package_id = :id ORDER BY id"),
        asked("SELECT metadata_modified, title FROM package WHERE id = :id"),
    )


def row(entry_id: str) -> tuple:
    model.Session.rollback()
    query = text("SELECT ctid::text, xmin::text, content_hash FROM sdopen_entry WHERE id = :id")
    return tuple(model.Session.execute(query, {"id": entry_id}).one())


def another_version(monkeypatch) -> None:
    """As after an upgrade that changes schemas or rules."""
    monkeypatch.setattr(examine_record.Examiner, "version", property(lambda _: "another"))


def test_an_unchanged_record_writes_no_row(bureau, user):
    sent = [catalog(bureau["id"], resource_code="307501/000001")]
    entry_id = bulk(user, sent)["records"][0]["id"]
    before = row(entry_id)
    assert results(bulk(user, sent)) == ["unchanged"]
    assert row(entry_id) == before


def test_after_an_upgrade_the_same_record_is_examined_anew_and_changes_nothing(
    bureau, user, monkeypatch
):
    sent = [
        catalog(bureau["id"], resource_code="307501/000002", resources=FILES),
        interface(bureau["id"], resource_code="307501/000003"),
    ]
    made = bulk(user, sent)
    ids = [one["id"] for one in made["records"]]
    before, rows = [left(one) for one in ids], [row(one) for one in ids]
    another_version(monkeypatch)
    assert results(bulk(user, sent)) == ["unchanged", "unchanged"]
    assert [left(one) for one in ids] == before
    # the next time costs a comparison of hashes again
    anew = [row(one) for one in ids]
    assert all(new[2] != old[2] for new, old in zip(anew, rows, strict=True))
    assert results(bulk(user, sent)) == ["unchanged", "unchanged"]
    assert [row(one) for one in ids] == anew


def test_what_the_portal_would_store_otherwise_now_is_an_update(bureau, user, monkeypatch):
    sent = [catalog(bureau["id"], resource_code="307501/000004", resources=FILES)]
    entry_id = bulk(user, sent)["records"][0]["id"]
    stored = examine_record.Examiner.arrival

    def otherwise(self, candidate):
        arrival = stored(self, candidate)
        arrival.values["title"] = "另一种写法"
        return arrival

    monkeypatch.setattr(examine_record.Examiner, "arrival", otherwise)
    assert results(bulk(user, sent)) == ["unchanged"]
    resources = left(entry_id)[1]
    another_version(monkeypatch)
    assert results(bulk(user, sent)) == ["updated"]
    assert left(entry_id)[1] == resources
    assert left(entry_id)[2][0][1] == "另一种写法"


def test_a_stricter_profile_refuses_the_record_that_was_taken(bureau, user, ckan_config):
    sent = [catalog(bureau["id"], resource_code="307501/000005")]
    assert results(bulk(user, sent)) == ["created"]
    ckan_config["ckanext.sdopen.catalog.title_limit"] = 5
    answer = bulk(user, sent)
    assert results(answer) == ["rejected"]
    assert answer["records"][0]["findings"][0]["code"] == "text_too_long"


def test_the_version_of_a_schema_is_the_same_in_every_process(clean_portal):
    for kind in records_of_type.kinds():
        schema = SchemingDatasetsPlugin.instance._expanded_schemas[kind]
        # JSON and nothing else: no object whose text names its place in memory
        assert json.loads(json.dumps(schema)) == schema
        assert compiled_schema.shape(kind).version == compiled_schema._compiled(schema).version
        longer = {**schema, "dataset_fields": [*schema["dataset_fields"], {"field_name": "x"}]}
        assert (
            compiled_schema._compiled(longer).version != compiled_schema._compiled(schema).version
        )
