"""An import by a real worker, killed in the middle, goes on: nothing doubled, nothing lost."""

from contextlib import contextmanager

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy import text

from ckanext.sdopen.directory import outbox
from ckanext.sdopen.jobs import queues
from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.tests.corpus import examples, workers
from ckanext.sdopen.tests.workbook.corpus import handing_in
from ckanext.sdopen.tests.workbook.corpus.books import catalog, rows, write
from ckanext.sdopen.workbook.uploads import store
from ckanext.sdopen.workbook.uploads.import_job import WORKBOOK_IMPORT

pytestmark = [pytest.mark.usefixtures("clean_portal"), pytest.mark.slow]
PROVIDER = "山东省示例局"
SIZE, BATCHES = 4, 5


@pytest.fixture(scope="module")
def submitter(clean_portal):
    bureau = examples.department(PROVIDER, provider_code=catalog()["provider_code"])
    return examples.editor_of(bureau)


@pytest.fixture
def context(submitter):
    return {"user": submitter["name"], "ignore_auth": False}


@pytest.fixture
def worker(tmp_path):
    """A real worker of the queue of imports, whose lease ends soon after it was killed."""
    options = {"jobs.lease_seconds": 2, "workbook.import_batch": SIZE}
    ini = workers.settings(tmp_path, **options)
    command = ["config/service.py", "-c", str(ini), "sdopen", "jobs", "work", "--queue", "imports"]
    return lambda: workers.working(command, tmp_path / "log")


@pytest.fixture
def book(portal_app, context, tmp_path, request):
    """A book of five batches; its numbers are those of this test alone."""
    first = 100 * (1 + request.node.callspec.indices.get("moment", 0))
    entries = [catalog(first + number) for number in range(SIZE * BATCHES)]
    for number, entry in enumerate(entries):
        entry["title"] = f"第{first + number}号药店名录"
    return handing_in.checked(portal_app, context, write(tmp_path / "b.xlsx", rows(*entries)))


@contextmanager
def held(statement, **values):
    """A lock that lasts until it is let go."""
    with model.meta.engine.connect() as connection:
        connection.execute(text(statement), values)
        yield connection
        connection.rollback()


def is_written(key):
    found = text("SELECT 1 FROM sdopen_bulk_receipt WHERE key = :key")
    with model.meta.engine.connect() as connection:
        return connection.execute(found, {"key": key}).first() is not None


def made(book):
    """What of the directory the import made: entries and activities of them."""
    codes = [line["entry"]["resource_code"] for line in store.find(book["id"]).checked().entries()]
    statement = text(
        """
        SELECT count(DISTINCT p.id) AS entries, count(a.id) AS activities FROM package p
        LEFT JOIN activity a ON a.object_id = p.id
        WHERE p.extras->>'resource_code' = ANY(:codes)
        """
    )
    with model.meta.engine.connect() as connection:
        return tuple(connection.execute(statement, {"codes": codes}).one())


@pytest.mark.parametrize("moment", ["before the write", "after the write"])
def test_an_import_goes_on_when_its_worker_was_killed_in_the_middle(
    context, submitter, book, worker, moment
):
    job = call_action("sdopen_workbook_import", context, id=book["id"])["import"]["job"]
    key = f"workbook {book['id']} {job} 2"
    lock = "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"
    # the third batch waits for this lock, after it was settled and before it is written
    with worker() as child, held(lock, key=f"sdopen-bulk {submitter['id']} {key}") as batch:
        workers.until(lambda: queues.find(job).done == 2 * SIZE, child)
        workers.until(lambda: list(store.folder_of(book["id"]).glob(f"import-{job}-2.json")), child)
        if moment == "after the write":
            # it can be written, and not be noted as done
            with held("SELECT 1 FROM sdopen_job WHERE id = :id FOR UPDATE", id=job):
                batch.rollback()
                workers.until(lambda: is_written(key), child)
                workers.kill(child)
        workers.kill(child)
    row = queues.find(job)
    assert (row.state, row.done) == (State.RUNNING, 2 * SIZE)
    with worker() as child:
        workers.until(lambda: queues.find(job).ended, child)
    told = call_action("sdopen_workbook_show", context, id=book["id"])["import"]
    total = SIZE * BATCHES
    assert (told["state"], told["done"], told["created"]) == ("done", total, total)
    assert (told["updated"], told["unchanged"], told["refused"]) == (0, 0, [])
    assert queues.find(job).tries == 2
    assert made(book) == (total, total)
    assert not list(store.folder_of(book["id"]).glob("import-*"))


def small(portal_app, context, tmp_path, *numbers, **more):
    entries = [{**catalog(number), **more} for number in numbers]
    path = write(tmp_path / "s.xlsx", rows(*entries))
    return handing_in.checked(portal_app, context, path)


def test_where_nothing_can_be_written_it_waits_and_counts_no_try(
    portal_app, context, tmp_path, monkeypatch
):
    book = small(portal_app, context, tmp_path, 2)
    monkeypatch.setitem(tk.config, "ckanext.sdopen.bulk.outbox_limit", 0)
    outbox.enqueue(["an entry that waits"])
    model.Session.commit()
    told = handing_in.imported(portal_app, context, book["id"])
    row = queues.find(told["job"])
    assert (row.state, row.tries, told.get("created", 0)) == ("waiting", 0, 0)
    monkeypatch.setitem(tk.config, "ckanext.sdopen.bulk.outbox_limit", 1_000)
    model.Session.execute(text("UPDATE sdopen_job SET due = now() WHERE state = 'waiting'"))
    workers.work_off(portal_app, Queue.IMPORTS)
    told = call_action("sdopen_workbook_show", context, id=book["id"])["import"]
    assert (told["state"], told["created"]) == ("done", 1)


def test_a_book_that_is_removed_meanwhile_ends_its_import(portal_app, context, tmp_path):
    book = small(portal_app, context, tmp_path, 3)
    job = call_action("sdopen_workbook_import", context, id=book["id"])["import"]["job"]
    store.find(book["id"]).remove()
    workers.work_off(portal_app, Queue.IMPORTS)
    row = queues.find(job)
    assert row.state == State.FAILED
    assert "工作簿" in row.error


def test_an_account_that_was_disabled_meanwhile_imports_nothing(portal_app, tmp_path):
    bureau = examples.department(PROVIDER, provider_code=catalog()["provider_code"])
    user = examples.editor_of(bureau)
    own = {"user": user["name"], "ignore_auth": False}
    book = small(portal_app, own, tmp_path, 4)
    job = call_action("sdopen_workbook_import", own, id=book["id"])["import"]["job"]
    found = model.User.get(user["id"])
    found.state = model.State.DELETED
    model.Session.commit()
    workers.work_off(portal_app, Queue.IMPORTS)
    row = queues.find(job)
    assert row.state == State.FAILED
    assert "停用" in row.error


def test_what_an_update_does_not_speak_of_stays(portal_app, context, tmp_path):
    book = small(portal_app, context, tmp_path, 5)
    assert handing_in.imported(portal_app, context, book["id"])["created"] == 1
    (line,) = store.find(book["id"]).checked().entries()
    found = text("SELECT id FROM package WHERE extras->>'resource_code' = :code")
    entry = model.Session.execute(found, {"code": line["entry"]["resource_code"]}).scalar()
    file = {"name": "文件", "url": "https://example.org/a.csv", "format": "CSV"}
    examples.updated(examples.shown(entry), resources=[file])
    before = examples.shown(entry)
    changed = small(portal_app, context, tmp_path, 5, notes="新的摘要。")
    assert handing_in.imported(portal_app, context, changed["id"])["updated"] == 1
    after = examples.shown(entry)
    assert after["notes"] == "新的摘要。"
    assert [one["url"] for one in after["resources"]] == [one["url"] for one in before["resources"]]
    assert [one["id"] for one in after["resources"]] == [one["id"] for one in before["resources"]]
    for name in ("state", "tags", "topics", "info_items", "owner_org", "metadata_created"):
        assert after.get(name) == before.get(name), name


def test_what_is_published_stays_so_and_what_is_new_is_a_draft_whoever_imports(
    portal_app, submitter, tmp_path
):
    user = examples.authority()
    bureau = examples.department(PROVIDER, provider_code=catalog()["provider_code"])
    published = examples.created({**catalog(8), "owner_org": bureau["id"]}, user)
    assert published["state"] == "active"
    own = {"user": user["name"], "ignore_auth": False}
    entries = [catalog(8, notes="新的摘要。"), catalog(9)]
    path = write(tmp_path / "p.xlsx", rows(*entries))
    book = handing_in.checked(portal_app, own, path)
    told = handing_in.imported(portal_app, own, book["id"])
    assert (told["updated"], told["created"], told["refused"]) == (1, 1, [])
    after = examples.shown(published["id"])
    assert (after["state"], after["private"], after["notes"]) == ("active", False, "新的摘要。")
    found = text("SELECT state FROM package WHERE extras->>'resource_code' = :code")
    code = catalog(9)["resource_code"]
    assert model.Session.execute(found, {"code": code}).scalar() == "draft"
    # who does not publish does not change what is published, and is told so
    theirs = {"user": submitter["name"], "ignore_auth": False}
    book = handing_in.checked(
        portal_app, theirs, write(tmp_path / "q.xlsx", rows(entries[0] | {"notes": "又一份。"}))
    )
    told = handing_in.imported(portal_app, theirs, book["id"])
    assert (told["updated"], told["refused_count"]) == (0, 1)
    assert told["refused"][0]["message"]
    assert examples.shown(published["id"])["notes"] == "新的摘要。"


def test_imports_of_an_account_are_bounded(portal_app, context, tmp_path, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.workbook.imports_at_once", 1)
    first, second = (small(portal_app, context, tmp_path, number) for number in (6, 7))
    call_action("sdopen_workbook_import", context, id=first["id"])
    with pytest.raises(tk.ValidationError) as caught:
        call_action("sdopen_workbook_import", context, id=second["id"])
    assert "1" in caught.value.error_dict["id"][0]
    workers.work_off(portal_app, Queue.IMPORTS)
    assert handing_in.imported(portal_app, context, second["id"])["created"] == 1


def test_the_kind_has_a_deadline_of_its_own(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.workbook.import_seconds", 77)
    assert WORKBOOK_IMPORT.seconds() == 77
