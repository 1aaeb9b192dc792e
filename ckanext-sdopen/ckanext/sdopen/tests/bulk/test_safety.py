"""Write safety of the bulk path: nobody sees what he may not, nothing is lost or overtaken."""

import json
import threading

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.search import common
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from ckanext.sdopen.bulk.writing import other_plugins
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.entries.validation import identity
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.documents import send
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.tests.bulk.corpus.sending import (
    bulk,
    drained,
    found_by_anybody,
    results,
    withdraw,
)
from ckanext.sdopen.tests.corpus import sessions, workers
from ckanext.sdopen.tests.corpus.examples import catalog, interface

pytestmark = pytest.mark.usefixtures("clean_portal")
CLOSED = {
    "sharing": "conditional",
    "sharing_condition": "仅限医保监管使用。",
    "opening": "none",
    "closing_basis": "《中华人民共和国个人信息保护法》第二十八条",
}


def indexed(entry_id: str) -> dict:
    """The document of an entry, as far as it is visible."""
    solr.soft_commit()
    found = common.make_connection().search(f'id:"{entry_id}"', fl="id,title,capacity")
    return next(iter(found.docs), {})


def record(bureau, number: int, **more):
    code = f"307201/{number:06d}"
    return catalog(bureau["id"], resource_code=code, title=f"写入安全目录{number}", **more)


def test_what_is_closed_is_found_by_nobody_at_once(bureau, user):
    made = bulk(user, [record(bureau, 1)])
    drained()
    name = made["records"][0]["name"]
    assert found_by_anybody("写入安全目录1") == [name]
    assert results(bulk(user, [record(bureau, 1, **CLOSED)])) == ["updated"]
    # the drainer has not come to it
    assert outbox.length(10) == 1
    assert found_by_anybody("写入安全目录1") == []
    suggested = tk.get_action("package_autocomplete")(
        {"user": "", "ignore_auth": False}, {"q": "写入安全目录1"}
    )
    assert suggested == []
    drained()
    assert found_by_anybody("写入安全目录1") == []
    assert indexed(made["records"][0]["id"])["capacity"] == "private"


def test_what_is_withdrawn_is_found_by_nobody_at_once(bureau, user):
    made = bulk(user, [record(bureau, 2)])
    drained()
    assert len(found_by_anybody("写入安全目录2")) == 1
    assert results(withdraw(user, [made["records"][0]["id"]])) == ["updated"]
    assert found_by_anybody("写入安全目录2") == []
    drained()


def test_what_an_older_schema_left_is_withdrawn_like_any_other(bureau, user):
    made = bulk(user, [record(bureau, 6)])["records"][0]
    older = json.dumps([{"name": "名称", "no_longer_there": "x"}])
    entry = model.Package.get(made["id"])
    entry.extras = {**entry.extras, "info_items": older}
    model.Session.commit()
    assert results(withdraw(user, [made["id"]])) == ["updated"]
    asked = text("SELECT data FROM activity WHERE object_id = :id ORDER BY timestamp DESC LIMIT 1")
    told = json.loads(model.Session.execute(asked, {"id": made["id"]}).scalar_one())["package"]
    shown = tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, made)
    assert (told["state"], told["info_items"]) == ("draft", shown["info_items"])
    drained()


@pytest.mark.parametrize("odd", ["a\x00b", "a\ud800b"])
def test_an_id_that_the_database_cannot_look_for_keeps_no_entry_published(bureau, user, odd):
    made = bulk(user, [record(bureau, 21 + ord(odd[1]) % 7)])
    answer = withdraw(user, [odd, made["records"][0]["id"]], key=f"odd {ord(odd[1])}")
    assert results(answer) == ["rejected", "updated"]
    assert answer["records"][0]["findings"][0]["field"] == "id"
    drained()


def test_what_an_editor_closes_is_found_by_nobody_at_once(bureau, user, monkeypatch):
    made = bulk(user, [record(bureau, 3)])
    drained()
    entry_id = made["records"][0]["id"]
    seen = []

    def search():
        seen.append(found_by_anybody("写入安全目录3"))

    commit = model.repo.commit
    monkeypatch.setattr(model.repo, "commit", lambda: (search(), commit()))
    context = {"user": user["name"], "ignore_auth": False}
    closed = {**record(bureau, 3, **CLOSED), "id": entry_id}
    tk.get_action("package_update")(context, closed)
    assert seen[0] == []
    drained()


def test_nothing_is_withheld_when_the_index_does_not_answer(bureau, user, monkeypatch):
    made = bulk(user, [record(bureau, 4)])
    drained()
    monkeypatch.setitem(tk.config, "solr_url", "http://127.0.0.1:9/solr/ckan")
    with pytest.raises(tk.ValidationError) as refused:
        bulk(user, [record(bureau, 4, **CLOSED)])
    assert "index" in refused.value.error_dict
    monkeypatch.undo()
    assert not model.Package.get(made["records"][0]["id"]).private
    # queued before it was to be taken out: the drainer makes sure of its document
    assert outbox.length(10) == 1
    drained()
    assert len(found_by_anybody("写入安全目录4")) == 1


def test_an_interface_is_no_more_open_than_the_catalog_that_is_narrowed_beside_it(
    bureau, user, monkeypatch
):
    made = bulk(user, [record(bureau, 31)])
    serving = interface(
        bureau["id"],
        resource_code="307201/000131",
        title="写入安全接口31",
        catalog=made["records"][0]["id"],
    )
    written = threading.Event()
    answers: list = []
    narrowed: list = []

    def slow(context, candidates):
        # the interface is written and not committed yet
        written.set()
        # who narrows the catalog waits for it, or is done
        waits = lambda: sessions.waiting() or narrowed  # noqa: E731
        assert ready.until(waits, workers.PATIENCE, lambda: True)

    def create():
        try:
            answers.append(bulk(user, [serving]))
        finally:
            model.Session.remove()

    with monkeypatch.context() as patch:
        patch.setattr(other_plugins, "call", slow)
        creates = threading.Thread(target=create)
        creates.start()
        assert written.wait(workers.PATIENCE)
        patch.undo()
        narrowed += results(bulk(user, [record(bureau, 31, **CLOSED)]))
    creates.join(workers.PATIENCE)
    assert narrowed == ["updated"]
    assert results(answers[0]) == ["created"]
    entry_id = answers[0]["records"][0]["id"]
    model.Session.expire_all()
    assert model.Package.get(entry_id).private
    told = text("SELECT permission_labels FROM activity WHERE object_id = :id")
    assert "public" not in model.Session.execute(told, {"id": entry_id}).scalar_one()
    drained()


def test_the_drainer_leaves_what_is_being_written_to_the_writer(bureau, user):
    entry_id = bulk(user, [record(bureau, 5)])["records"][0]["id"]
    with model.meta.engine.connect() as other:
        change = text("UPDATE package SET title = '较新的题名' WHERE id = :id")
        other.execute(change, {"id": entry_id})
        # it reads nothing that is about to be older than the index
        assert send.index([entry_id], lock=True).busy == [entry_id]
        model.Session.rollback()
        assert indexed(entry_id) == {}
        assert outbox.length(10) == 1
        other.commit()
    drained()
    assert indexed(entry_id)["title"] == "较新的题名"


def test_a_write_waits_for_the_drainer_until_solr_has_answered(bureau, user, monkeypatch):
    entry_id = bulk(user, [record(bureau, 6)])["records"][0]["id"]
    refused = []
    post = solr.post

    asked = text("SELECT 1 FROM package WHERE id = :id FOR UPDATE NOWAIT")

    def while_posting(docs, *more):
        with model.meta.engine.connect() as other:
            with pytest.raises(OperationalError) as error:
                other.execute(asked, {"id": entry_id})
            refused.append(error.value)
        return post(docs, *more)

    monkeypatch.setattr(solr, "post", while_posting)
    drained()
    assert len(refused) == 1
    assert indexed(entry_id)["title"] == "写入安全目录6"


def test_a_name_taken_meanwhile_costs_one_record_and_not_the_batch(bureau, user):
    """Of two clients that bring one code at once the later is told of a conflict."""
    taken = record(bureau, 8)
    insert = text(
        "INSERT INTO package (id, name, title, type, state, private, extras) VALUES "
        "(:id, 'c-370000-307201-000008', 'x', 'dataset', 'active', false, '{}')"
    )
    answers = []
    listed = [record(bureau, 9), taken, record(bureau, 10)]
    with model.meta.engine.connect() as other:
        other.execute(insert, {"id": identity.future_id(taken)})
        batch = threading.Thread(target=lambda: answers.append(bulk(user, listed)))
        batch.start()
        # the batch has looked for the entry, and waits for its name
        assert ready.until(sessions.waiting, workers.PATIENCE, batch.is_alive)
        other.commit()
        batch.join(workers.PATIENCE)
    assert results(answers[0]) == ["created", "conflict", "created"]
    drained()


def test_a_row_of_the_outbox_lives_until_solr_has_written(bureau, user, monkeypatch):
    drained()
    bulk(user, [record(bureau, 11)])

    def dies(visible: bool = False) -> None:
        raise solr.SolrSilent("killed")

    with monkeypatch.context() as patch:
        patch.setattr(solr, "hard_commit", dies)
        drainer.drain_until(outbox.highest(), 1)
    assert outbox.length(10) == 1
    drained()
    assert outbox.length(10) == 0


def test_a_newer_change_keeps_its_row_of_the_outbox(bureau, user):
    drained()
    bulk(user, [record(bureau, 12)])
    read = outbox.waiting(0, 10)
    bulk(user, [record(bureau, 12, notes="后来的摘要，覆盖全省。")])
    outbox.done(read)
    model.Session.commit()
    assert [row.entry_id for row in outbox.waiting(0, 10)] == [read[0].entry_id]
    drained()


def test_a_retry_gets_the_first_answer(bureau, user):
    batch = [record(bureau, 13), {"type": "dataset"}]
    first = bulk(user, batch, run="r", key="13")
    assert results(first) == ["created", "rejected"]
    bulk(user, [record(bureau, 13, notes="之后的修改，覆盖全省。")])
    assert bulk(user, batch, run="r", key="13") == first
    shown = tk.get_action("package_show")({"ignore_auth": True}, {"id": first["records"][0]["id"]})
    assert shown["notes"] == "之后的修改，覆盖全省。"
    with pytest.raises(tk.ValidationError) as refused:
        bulk(user, [record(bureau, 14)], run="r", key="13")
    assert "key" in refused.value.error_dict


def test_who_writes_faster_than_the_index_is_asked_to_wait(bureau, user, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.bulk.outbox_limit", 0)
    drained()
    assert results(bulk(user, [record(bureau, 15)])) == ["created"]
    with pytest.raises(tk.ValidationError) as refused:
        bulk(user, [record(bureau, 16)])
    assert "outbox" in refused.value.error_dict
    drained()
    assert results(bulk(user, [record(bureau, 16)])) == ["created"]
