"""Where bulk writes go by CKAN's actions they answer, refuse and ask as the statements do."""

import threading
from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy import text

from ckanext.sdopen.bulk import way
from ckanext.sdopen.bulk.examining import compiled_schema
from ckanext.sdopen.ckan_seams import guard, show
from ckanext.sdopen.entries import gate
from ckanext.sdopen.tests.bulk.corpus.records import CLOSED
from ckanext.sdopen.tests.bulk.corpus.sending import bulk, drained, results, withdraw
from ckanext.sdopen.tests.bulk.corpus.wrong import OF_CATALOGS
from ckanext.sdopen.tests.corpus.examples import catalog, editor_of, interface

pytestmark = pytest.mark.usefixtures("clean_portal")
OTHER = "table package"


@pytest.fixture(autouse=True)
def other_tables(request, monkeypatch):
    """The tables of another CKAN, but where a test brings its own reason."""
    if "known_tables" not in request.fixturenames:
        monkeypatch.setattr(guard, "unknown", lambda asked: OTHER if asked == guard.BULK else "")


@pytest.fixture
def known_tables():
    """The tables are left as they are."""


def record(bureau, number: int, **more):
    code = f"307401/{number:06d}"
    return catalog(bureau["id"], **{"resource_code": code, "title": f"后备目录{number}", **more})


def stored(entry_id: str) -> model.Package | None:
    model.Session.expire_all()
    return model.Session.get(model.Package, entry_id)


def reviewer(monkeypatch, *verdicts: str) -> list[gate.Asked]:
    """What a plugin that reviews is asked; it answers these verdicts in turn."""
    asked: list[gate.Asked] = []

    class Reviewer:
        def decide(self, listed: Sequence[gate.Asked], permissions) -> list[gate.Verdict]:
            asked.extend(listed)
            self.keep_pending(listed, permissions)
            return [gate.Verdict(verdicts[len(asked) - 1], "待审")]

        def keep_pending(self, listed: Sequence[gate.Asked], permissions) -> None:
            model.Session.execute(
                text("INSERT INTO reviewed_records VALUES (:id)"),
                {"id": listed[0].entry_id},
            )

        def after_bulk(self, entry_ids) -> None:
            pass

    monkeypatch.setattr(gate, "PluginImplementations", lambda of: [Reviewer()])
    return asked


@pytest.fixture
def kept_records():
    """A table of a plugin that reviews."""
    with model.meta.engine.begin() as own:
        own.execute(text("CREATE TABLE reviewed_records (id text)"))
    yield lambda: set(model.Session.execute(text("SELECT id FROM reviewed_records")).scalars())
    model.Session.remove()
    with model.meta.engine.begin() as own:
        own.execute(text("DROP TABLE reviewed_records"))


def test_records_are_created_updated_and_left_alone(bureau, user):
    first = record(bureau, 1)
    made = bulk(user, [first])
    assert (results(made), made["way"]) == (["created"], "actions")
    assert made["way_reason"] == f"Not the known CKAN: {OTHER}"
    entry_id = made["records"][0]["id"]
    assert results(bulk(user, [first, {**first, "id": entry_id}])) == ["unchanged", "rejected"]
    by_id = {**first, "id": entry_id, "notes": "新的摘要，覆盖全省。"}
    assert results(bulk(user, [by_id])) == ["updated"]
    assert stored(entry_id).notes == "新的摘要，覆盖全省。"


def test_an_interface_of_the_same_batch_serves_its_catalog(bureau, user):
    serving = interface(
        bureau["id"], resource_code="307401/000107", catalog="c-370000-307401-000007"
    )
    answer = bulk(user, [serving, record(bureau, 7)])
    assert results(answer) == ["created", "created"], answer
    served = stored(answer["records"][0]["id"]).extras["catalog"]
    assert served == answer["records"][1]["id"]


def test_what_was_deleted_past_the_portal_is_there_again(bureau, user):
    entry = record(bureau, 2)
    entry_id = bulk(user, [entry])["records"][0]["id"]
    stored(entry_id).state = "deleted"
    model.Session.commit()
    assert results(bulk(user, [entry])) == ["updated"]
    assert stored(entry_id).state == "active"


def test_what_a_bulk_write_does_not_take_is_not_taken(bureau, user):
    made = bulk(user, [record(bureau, 3)])
    wrong = {
        "type": {"type": "blog", "name": "abc-blog", "title": "x", "owner_org": bureau["id"]},
        "resource_code": record(bureau, 4, resource_code="307401/"),
        "extras": record(bureau, 5, extras=[{"key": "a", "value": "b"}]),
        "state": record(bureau, 6, state="deleted"),
    }
    answer = bulk(user, list(wrong.values()))
    assert [one["findings"][0]["field"] for one in answer["records"]] == list(wrong)
    service = interface(bureau["id"], id=made["records"][0]["id"], resource_code="")
    assert bulk(user, [service])["records"][0]["findings"][0]["code"] == "other_kind"


ODD: dict[str, dict[str, Any]] = {
    "no character in the title": {"title": "x\x00"},
    "no character in an id": {"id": "a\x00b"},
    "no character in the department": {"owner_org": "a\x00b"},
    "half a character of a file": {"resources": [{"url": "http://x.org/a", "name": "\ud800"}]},
    "a code that is a list": {"resource_code": ["a"]},
    "a department that is a list": {"owner_org": ["a"]},
    "a file of a size beyond all": {"resources": [{"url": "http://x.org/a", "size": 10**30}]},
    "a file whose id is a list": {"resources": [{"id": ["x"], "url": "http://x.org/a"}]},
    "a key that is CKAN's own": {"__junk": 1},
    "a type that is a list": {"type": ["dataset"]},
    "topics that are an object": {"topics": {"a": 1}},
}


def test_wrong_records_are_alone(bureau, user):
    every = {**OF_CATALOGS, **ODD}
    wrong = [
        {**record(bureau, 100 + number), **change} for number, change in enumerate(every.values())
    ]
    answer = bulk(user, [*wrong, record(bureau, 99)], key="wrong")
    told = dict(zip(every, results(answer), strict=False))
    assert {name for name, result in told.items() if result != "rejected"} == set()
    assert results(answer)[-1] == "created"
    assert all(one["findings"] for one in answer["records"][:-1])


@pytest.mark.usefixtures("known_tables")
@pytest.mark.parametrize("reason", ["show", "resource"])
def test_a_schema_that_is_not_known_goes_by_the_actions(bureau, user, monkeypatch, reason):
    if reason == "show":
        monkeypatch.setattr(show, "_custom_plan", lambda kind: None)
    else:
        schema = {"dataset_fields": [], "dataset_type": "dataset"}
        unknown = {"field_name": "colour", "validators": "isodate"}
        monkeypatch.setattr(
            way,
            "shape",
            lambda kind: compiled_schema._compiled({**schema, "resource_fields": [unknown]}),
        )
    answer = bulk(user, [record(bureau, 10 + len(reason))])
    assert (results(answer), answer["way"]) == (["created"], "actions")
    gone = withdraw(user, [answer["records"][0]["id"]])
    assert (results(gone), gone["way"]) == (["updated"], "actions")


def test_entries_are_withdrawn(bureau, user):
    ids = [one["id"] for one in bulk(user, [record(bureau, n) for n in (20, 21)])["records"]]
    call_action("sdopen_entry_withdraw", {"user": user["name"]}, id=ids[1], reason="停用")
    answer = withdraw(user, [ids[0], ids[1], ids[0], "no-such-entry", "a\x00b"], key="20")
    assert results(answer) == ["updated", "unchanged", "unchanged", "rejected", "rejected"]
    assert withdraw(user, [ids[0], ids[1], ids[0], "no-such-entry", "a\x00b"], key="20") == answer
    assert stored(ids[0]).extras["withdrawn_reason"] == "数据源停用"
    refused = withdraw(editor_of(bureau), [bulk(user, [record(bureau, 22)])["records"][0]["id"]])
    assert refused["records"][0]["findings"][0]["code"] == "not_authorized"


def test_the_gate_is_asked_about_what_the_rules_take_and_what_changes(
    bureau, user, monkeypatch, kept_records
):
    known = record(bureau, 30)
    entry_id = bulk(user, [known])["records"][0]["id"]
    asked = reviewer(monkeypatch, "pending", "write", "reject", "pending")
    new = [record(bureau, number) for number in (31, 32, 33)]
    wrong = record(bureau, 34, sharing="perhaps")
    answer = bulk(user, [new[0], wrong, known, new[1], new[2]])
    assert results(answer) == ["pending", "rejected", "unchanged", "created", "rejected"]
    assert answer["records"][4]["findings"][0]["message"] == "待审"
    changed = bulk(user, [{**known, "notes": "改过的摘要。"}])
    assert results(changed) == ["pending"]
    assert [one.is_new for one in asked] == [True, True, True, False]
    assert asked[0].record["state"] == "active"
    # what the plugin kept of a pending record stays, and of one that it let through
    pending = answer["records"][0]["id"]
    assert kept_records() == {pending, entry_id, answer["records"][3]["id"]}
    assert stored(pending) is None
    assert stored(entry_id).notes == known["notes"]


def test_one_key_is_one_batch_also_when_it_is_sent_twice_at_once(bureau, user):
    listed = [record(bureau, number) for number in range(40, 46)]
    answers: list = []

    def send() -> None:
        try:
            answers.append(bulk(user, listed, key="40", run="r"))
        finally:
            model.Session.remove()

    senders = [threading.Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert answers[0] == answers[1]
    assert set(results(answers[0])) == {"created"}
    drained()


def test_what_the_index_cannot_withhold_is_sent_again(bureau, user, monkeypatch):
    entry_id = bulk(user, [record(bureau, 50)])["records"][0]["id"]
    closed = record(bureau, 50, **CLOSED)
    with monkeypatch.context() as patch:
        patch.setitem(tk.config, "solr_url", "http://127.0.0.1:9/solr/ckan")
        assert results(bulk(user, [closed])) == ["conflict"]
        assert not stored(entry_id).private
    assert results(bulk(user, [closed])) == ["updated"]
    drained()
