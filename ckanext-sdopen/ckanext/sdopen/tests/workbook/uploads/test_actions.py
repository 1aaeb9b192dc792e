"""Uploaded workbooks: seen by their submitter and the authority only, gone after their days."""

import io
import os
import stat

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.identifiers.ids import entry_id
from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.tests.corpus import examples, workers
from ckanext.sdopen.tests.workbook.corpus import handing_in
from ckanext.sdopen.tests.workbook.corpus.books import catalog, examined, rows, write
from ckanext.sdopen.tests.workbook.corpus.handing_in import upload
from ckanext.sdopen.workbook.uploads import store

pytestmark = pytest.mark.usefixtures("clean_portal")
PROVIDER = "山东省示例局"
CANARY = "海防哨位坐标"


@pytest.fixture(scope="module")
def people(clean_portal):
    """Everyone who may ask: name → token; anonymous has none."""
    bureau = examples.department(PROVIDER, provider_code=catalog()["provider_code"])
    other = examples.department("济南市另一局", "370100")
    authority = examples.department("山东省大数据局", is_authority=True)
    city = examples.department("青岛市大数据局", "370200", is_authority=True)
    found = {
        "submitter": examples.editor_of(bureau),
        "colleague": examples.editor_of(bureau),
        "other": examples.editor_of(other),
        "authority": examples.editor_of(authority, "admin"),
        "city_authority": examples.editor_of(city, "admin"),
        "reader": examples.editor_of(bureau, "member"),
        "stranger": factories.User(),
    }
    return {**found, "department": bureau}


def headers(people, who):
    if who == "anonymous":
        return {}
    return {"Authorization": factories.APIToken(user=people[who]["name"])["token"]}


def context(people, who="submitter"):
    return {"user": people[who]["name"], "ignore_auth": False}


def checked(app, people, path, who="submitter"):
    """A book as it is shown once it was handed in and checked."""
    return handing_in.checked(app, context(people, who), path)


@pytest.fixture
def book(portal_app, people, tmp_path):
    """A book with a sound and a faulty catalog, checked for its submitter."""
    path = write(tmp_path / "b.xlsx", rows(catalog(), catalog(2, notes=None)))
    return checked(portal_app, people, path)


PAGES = ("", "/annotated.xlsx", "/original")


@pytest.mark.parametrize(
    "who, status",
    [
        ("anonymous", 404),
        ("stranger", 404),
        ("other", 404),
        ("colleague", 404),
        ("city_authority", 404),
        ("submitter", 200),
        ("authority", 200),
    ],
)
def test_a_book_is_seen_by_its_submitter_and_the_authority_only(
    portal_app, people, book, who, status
):
    for page in PAGES:
        found = portal_app.get(f"/workbook/{book['id']}{page}", headers=headers(people, who))
        assert found.status_code == status, page
        if page:
            assert found.headers.get("Cache-Control", "").startswith("private") or status == 404
    shown = portal_app.get(
        f"/api/3/action/sdopen_workbook_show?id={book['id']}", headers=headers(people, who)
    )
    assert shown.status_code == status


@pytest.mark.parametrize("who", ["anonymous", "stranger", "other", "colleague", "city_authority"])
def test_others_can_neither_remove_nor_import_a_book(portal_app, people, book, who):
    for action in ("sdopen_workbook_delete", "sdopen_workbook_import"):
        answer = portal_app.post(
            f"/api/3/action/{action}", json={"id": book["id"]}, headers=headers(people, who)
        )
        assert answer.status_code == 404
    assert store.find(book["id"])


def test_an_absent_book_and_one_of_others_answer_the_same(portal_app, people, book):
    absent = portal_app.get(f"/workbook/{'0' * 32}", headers=headers(people, "other"))
    of_others = portal_app.get(f"/workbook/{book['id']}", headers=headers(people, "other"))

    def said(page):
        text = BeautifulSoup(page.body, "html.parser").get_text(" ", strip=True)
        return text.replace(book["id"], "0" * 32)

    assert "已过保存期限" in said(absent)
    assert (absent.status_code, said(absent)) == (of_others.status_code, said(of_others))


def test_lists_hold_what_may_be_seen(people, book):
    listed = {
        who: [one["id"] for one in call_action("sdopen_workbook_list", context(people, who))]
        for who in ("submitter", "colleague", "other", "authority", "city_authority")
    }
    assert book["id"] in listed["submitter"]
    assert book["id"] in listed["authority"]
    assert not {book["id"]} & {*listed["colleague"], *listed["other"], *listed["city_authority"]}


@pytest.mark.parametrize("who", ["anonymous", "stranger", "reader"])
def test_only_cataloguers_may_hand_in(portal_app, people, tmp_path, who):
    path = write(tmp_path / "b.xlsx", rows(catalog()))
    answer = portal_app.post(
        "/api/3/action/sdopen_workbook_check",
        data={"upload": (io.BytesIO(path.read_bytes()), "b.xlsx")},
        headers=headers(people, who),
    )
    assert answer.status_code == 403
    assert portal_app.get("/workbook", headers=headers(people, who)).status_code == 403


def test_the_result_stands_on_its_page_by_cell(portal_app, people, book):
    page = portal_app.get(f"/workbook/{book['id']}", headers=headers(people, "submitter"))
    text = BeautifulSoup(page.body, "html.parser").get_text(" ", strip=True)
    assert "目录!L6" in text
    assert "信息资源摘要没有填写" in text
    copy = portal_app.get(
        f"/workbook/{book['id']}/annotated.xlsx", headers=headers(people, "submitter")
    )
    assert copy.data[:2] == b"PK"


def handed_in(portal_app, people, data, name):
    """The address to which a book that is handed in on the page leads."""
    answer = portal_app.post(
        "/workbook",
        data={"upload": (io.BytesIO(data), name)},
        headers=headers(people, "submitter"),
        follow_redirects=False,
    )
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_a_book_is_handed_in_on_the_page_which_renews_itself_until_it_is_checked(
    portal_app, people, tmp_path
):
    path = write(tmp_path / "b.xlsx", rows(catalog()))
    address = handed_in(portal_app, people, path.read_bytes(), "<b>目录.xlsx")
    before = portal_app.get(address, headers=headers(people, "submitter"))
    assert 'http-equiv="refresh"' in before.body
    assert "正在检查" in before.body
    assert portal_app.get(address, headers=headers(people, "colleague")).status_code == 404
    assert portal_app.get(address, headers=headers(people, "anonymous")).status_code == 403
    listed = portal_app.get("/workbook", headers=headers(people, "submitter"))
    assert "尚未检查" in listed.body
    workers.work_off(portal_app, Queue.CHECKS)
    page = portal_app.get(address, headers=headers(people, "submitter"))
    assert 'http-equiv="refresh"' not in page.body
    assert "没有错误" in page.body
    assert "<b>目录" not in page.body


def test_a_book_that_cannot_be_read_leads_to_the_sentence_that_says_why(portal_app, people):
    address = handed_in(portal_app, people, b"PK nonsense", "b.xlsx")
    workers.work_off(portal_app, Queue.CHECKS)
    refused = portal_app.get(address, headers=headers(people, "submitter"))
    assert refused.status_code == 400
    assert "工作簿已损坏" in refused.body


def test_a_book_that_is_not_checked_yet_is_its_submitters_alone(portal_app, people, tmp_path):
    path = write(tmp_path / "b.xlsx", rows(catalog()))
    answer = call_action("sdopen_workbook_check", context(people), upload=upload(path), wait=0)
    assert (answer["check"]["state"], answer["summary"], answer["import"]) == ("waiting", {}, {})
    shown = {
        who: portal_app.get(
            f"/api/3/action/sdopen_workbook_show?id={answer['id']}", headers=headers(people, who)
        ).status_code
        for who in ("submitter", "authority", "colleague")
    }
    assert shown == {"submitter": 200, "authority": 404, "colleague": 404}
    original = f"/workbook/{answer['id']}/original"
    assert portal_app.get(original, headers=headers(people, "submitter")).status_code == 404
    with pytest.raises(tk.ValidationError) as caught:
        call_action("sdopen_workbook_import", context(people), id=answer["id"])
    assert "being checked" in caught.value.error_dict["id"][0]
    workers.work_off(portal_app, Queue.CHECKS)
    told = call_action("sdopen_workbook_show", context(people, "authority"), id=answer["id"])
    assert told["check"] == {"state": "done"}


def test_so_many_books_of_an_account_wait_and_the_next_is_refused_in_a_sentence(
    portal_app, people, tmp_path, monkeypatch
):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.workbook.checks_at_once", 2)
    path = write(tmp_path / "b.xlsx", rows(catalog()))
    asked = {"wait": 0}
    for _ in range(2):
        call_action("sdopen_workbook_check", context(people), upload=upload(path), **asked)
    before = set(os.listdir(store.folder_of("0" * 32).parent))
    page = portal_app.post(
        "/workbook",
        data={"upload": (io.BytesIO(path.read_bytes()), "b.xlsx")},
        headers=headers(people, "submitter"),
    )
    assert page.status_code == 429
    assert "等候检查" in page.body
    with pytest.raises(tk.ValidationError) as caught:
        call_action("sdopen_workbook_check", context(people), upload=upload(path), **asked)
    assert "2" in caught.value.error_dict["upload"][0]
    assert set(os.listdir(store.folder_of("0" * 32).parent)) == before
    # others are not kept waiting by it
    call_action("sdopen_workbook_check", context(people, "other"), upload=upload(path), **asked)
    assert workers.work_off(portal_app, Queue.CHECKS) == 3
    call_action("sdopen_workbook_check", context(people), upload=upload(path), **asked)
    workers.work_off(portal_app, Queue.CHECKS)


@pytest.mark.slow
def test_a_call_that_waits_gets_the_result_as_soon_as_a_worker_has_it(
    people, tmp_path, monkeypatch
):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.workbook.wait_seconds", int(workers.PATIENCE))
    ini = workers.settings(tmp_path)
    command = ["config/service.py", "-c", str(ini), "sdopen", "jobs", "work", "--queue", "checks"]
    sound = write(tmp_path / "b.xlsx", rows(catalog(), catalog(2, notes=None)))
    secret = write(tmp_path / "c.xlsx", rows(catalog(title=f"（机密）{CANARY}")))
    with workers.working(command, tmp_path / "log"):
        book = call_action("sdopen_workbook_check", context(people), upload=upload(sound))
        assert book["check"] == {"state": "done"}
        told = book["summary"]
        assert (told["catalogs"], told["faulty"], book["annotated"]) == (2, 1, True)
        with pytest.raises(tk.ValidationError) as caught:
            call_action("sdopen_workbook_check", context(people), upload=upload(secret))
    assert "目录!H3" in caught.value.error_dict["upload"][0]
    assert CANARY not in str(caught.value)


def test_a_book_that_is_removed_while_it_waits_is_not_checked(portal_app, people, tmp_path):
    path = write(tmp_path / "b.xlsx", rows(catalog()))
    answer = call_action("sdopen_workbook_check", context(people), upload=upload(path), wait=0)
    call_action("sdopen_workbook_delete", context(people), id=answer["id"])
    job = call_action("sdopen_job_show", context(people), id=answer["check"]["job"])
    assert job["state"] == "cancelled"
    assert workers.work_off(portal_app, Queue.CHECKS) == 0


def test_files_are_the_portals_own_and_go_with_the_book(people, book):
    folder = store.folder_of(book["id"])
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    call_action("sdopen_workbook_delete", context(people), id=book["id"])
    assert not folder.exists()
    with pytest.raises(tk.ObjectNotFound):
        call_action("sdopen_workbook_show", context(people), id=book["id"])


def test_a_book_expires(people, book):
    kept = store.find(book["id"])
    kept.expires = "2020-01-01T00:00:00+00:00"
    kept.save()
    with pytest.raises(tk.ObjectNotFound):
        call_action("sdopen_workbook_show", context(people), id=book["id"])
    store.sweep()
    assert not kept.folder.exists()


def test_a_book_with_a_mark_of_secrecy_is_removed_and_none_of_it_told(portal_app, people, tmp_path):
    before = set(os.listdir(store.folder_of("0" * 32).parent))
    table = rows(catalog(), catalog(2, title=f"（机密）{CANARY}"))
    path = write(tmp_path / "b.xlsx", table)
    answer = call_action("sdopen_workbook_check", context(people), upload=upload(path), wait=0)
    workers.work_off(portal_app, Queue.CHECKS)
    job = call_action("sdopen_job_show", context(people), id=answer["check"]["job"])
    assert job["state"] == "failed"
    assert "目录!H6" in job["error"]
    assert "已删除" in job["error"]
    assert CANARY not in str(job)
    assert set(os.listdir(store.folder_of("0" * 32).parent)) == before
    with pytest.raises(tk.ObjectNotFound):
        call_action("sdopen_workbook_show", context(people), id=answer["id"])


@pytest.mark.parametrize("given", [None, "text", {"a": 1}, []])
def test_what_is_no_upload_is_refused(people, given):
    with pytest.raises(tk.ValidationError):
        call_action("sdopen_workbook_check", context(people), upload=given)


def test_a_file_beyond_the_limit_is_refused_and_not_kept(people, tmp_path, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.workbook.megabytes", 0)
    path = write(tmp_path / "b.xlsx", rows(catalog()))
    before = set(os.listdir(store.folder_of("0" * 32).parent))
    with pytest.raises(tk.ValidationError) as caught:
        call_action("sdopen_workbook_check", context(people), upload=upload(path))
    assert "最多 0 MB" in caught.value.error_dict["upload"][0]
    assert set(os.listdir(store.folder_of("0" * 32).parent)) == before


def test_the_blank_form_is_for_everyone(portal_app):
    answer = portal_app.get("/workbook/template.xlsx")
    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"


def imported(app, people, table, tmp_path, who="submitter"):
    book = checked(app, people, write(tmp_path / "i.xlsx", table), who)
    return handing_in.imported(app, context(people, who), book["id"])


def test_sound_entries_become_drafts_and_a_second_import_changes_nothing(
    portal_app, people, tmp_path
):
    table = rows(catalog(), catalog(2, notes=None), catalog(3, owner_org="没有的单位"))
    first = imported(portal_app, people, table, tmp_path)
    assert (first["created"], first["faulty"], len(first["refused"])) == (1, 1, 1)
    assert "没有的单位" in first["refused"][0]["message"]
    made = model.Package.get(entry_id("catalog", "370000", catalog()["resource_code"]))
    assert made.state == "draft"
    again = imported(portal_app, people, table, tmp_path)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 1)
    changed = imported(portal_app, people, rows(catalog(notes="新的摘要。")), tmp_path)
    assert changed["updated"] == 1
    shown = examples.shown(made.id)
    assert shown["notes"] == "新的摘要。"
    assert [item["name"] for item in shown["info_items"]] == ["药店名称", "地址", "负责人电话"]


def test_what_is_exported_changes_nothing_when_it_is_imported(portal_app, people, tmp_path):
    examples.created(
        examples.catalog(
            people["department"]["id"],
            **{
                **{k: v for k, v in catalog(4).items() if k != "owner_org"},
                "notes": "第一段。\r\n\r\n第二段 “引号” <标签>",
                "resources": [
                    {"name": "文件", "url": "https://example.org/a.csv", "format": "CSV"}
                ],
            },
        )
    )
    answer = portal_app.get(
        f"/workbook/export/{people['department']['name']}.xlsx",
        headers=headers(people, "submitter"),
    )
    assert answer.status_code == 200
    path = tmp_path / "export.xlsx"
    path.write_bytes(answer.data)
    _, read = examined(path)
    assert catalog(4)["resource_code"] in [entry["resource_code"] for entry in read]
    book = checked(portal_app, people, path)
    assert book["summary"]["errors"] == 0, book["summary"]["kinds"]
    told = handing_in.imported(portal_app, context(people), book["id"])
    assert (told["unchanged"], told["updated"], told["created"]) == (len(read), 0, 0)


@pytest.mark.parametrize("who", ["anonymous", "stranger"])
def test_an_export_is_for_cataloguers(portal_app, people, who):
    address = f"/workbook/export/{people['department']['name']}.xlsx"
    assert portal_app.get(address, headers=headers(people, who)).status_code == 403


def test_an_export_holds_what_its_reader_may_read(portal_app, people, tmp_path):
    closed = {k: v for k, v in catalog(5).items() if k != "owner_org"}
    closed |= {"sharing": "none", "sharing_condition": "《个人信息保护法》第二十八条"}
    closed |= {"opening": "none", "closing_basis": "《个人信息保护法》第二十八条"}
    for name in ("sharing_method", "sharing_method_types", "usage_requirements"):
        closed.pop(name, None)
    for item in closed["info_items"]:
        item.pop("sharing", None), item.pop("opening", None)
    open_too = {**catalog(6), "owner_org": people["department"]["id"]}
    for entry in (closed, open_too):
        examples.created({**entry, "owner_org": people["department"]["id"]})
    address = f"/workbook/export/{people['department']['name']}.xlsx"
    codes = {}
    for who in ("submitter", "other"):
        path = tmp_path / f"{who}.xlsx"
        path.write_bytes(portal_app.get(address, headers=headers(people, who)).data)
        codes[who] = [entry["resource_code"] for entry in examined(path)[1]]
    assert closed["resource_code"] in codes["submitter"]
    assert catalog(6)["resource_code"] in codes["other"]
    assert closed["resource_code"] not in codes["other"]


def test_the_import_runs_as_a_job_and_its_page_shows_how_far_it_is(portal_app, people, book):
    answer = call_action("sdopen_workbook_import", context(people), id=book["id"])
    assert answer["import"]["state"] == "waiting"
    with pytest.raises(tk.ValidationError):
        call_action("sdopen_workbook_import", context(people), id=book["id"])
    address = f"/workbook/{book['id']}"
    waiting = portal_app.get(address, headers=headers(people, "submitter")).body
    assert 'http-equiv="refresh"' in waiting
    workers.work_off(portal_app, Queue.IMPORTS)
    told = call_action("sdopen_workbook_show", context(people), id=book["id"])["import"]
    assert (told["state"], told["done"], told["total"], told["faulty"]) == ("done", 2, 2, 1)
    assert told["refused"] == []
    done = portal_app.get(address, headers=headers(people, "submitter")).body
    assert 'http-equiv="refresh"' not in done
    # what was imported may be imported again
    assert handing_in.imported(portal_app, context(people), book["id"])["state"] == "done"


def test_an_import_that_an_earlier_version_left_running_can_be_begun_anew(portal_app, people, book):
    kept = store.find(book["id"])
    kept.progress = {"state": "running", "done": 0, "total": 2}
    kept.save()
    assert call_action("sdopen_workbook_show", context(people), id=book["id"])["import"] == {}
    assert handing_in.imported(portal_app, context(people), book["id"])["state"] == "done"
