"""An uploaded table by itself becomes a version that its readers read; what is wrong is named."""

import csv
import io

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy import select, text

from ckanext.sdopen.directory.model import outbox
from ckanext.sdopen.table_publishing.loading import kept
from ckanext.sdopen.tests.table_publishing.loading.corpus.handed_in import (
    CLOSED,
    HEADINGS,
    ITEMS,
    ROWS,
    as_user,
    bomb,
    csv_of,
    entry,
    replace,
    rows_of,
    shown,
    upload,
    xlsx_of,
)

READ = [
    ["001", "济南第一药店", 12, None, "2019-12-31"],
    ["002", "惠民药店", 3, 99.9, "2022-01-01"],
    ["003", "便民大药房", 7, 1200.5, "2021-03-04"],
]


def test_a_csv_in_gb18030_is_a_table_that_everybody_reads(officer, loaded):
    catalog = entry(1)
    given = upload(officer, catalog["id"], csv_of(encoding="gb18030"), "名录.csv")
    model.Session.execute(outbox.delete())
    assert loaded() == 1
    assert rows_of(None, given) == READ
    found = shown(officer, given)
    assert found["load"]["state"] == "done"
    assert (found["last"]["number"], found["last"]["refused"]) == (1, None)
    assert found["last"]["source"]["encoding"] == "gb18030"
    assert [c["unit"] for c in found["version"]["columns"]] == ["", "", "", "万元", ""]
    assert call_action("resource_show", id=given["id"])["datastore_active"] is True
    # the index learns of it, and the audit log who did it
    assert list(model.Session.scalars(select(outbox.c.entry_id))) == [catalog["id"]]
    told = text("SELECT account, details FROM sdopen_audit ORDER BY id DESC LIMIT 1")
    account, details = model.Session.execute(told).one()
    assert (account, details["table"]) == (officer["name"], given["id"])


def test_a_workbook_with_a_title_is_read_from_the_sheet_that_fits(officer, loaded):
    given = upload(
        officer,
        entry(2)["id"],
        xlsx_of(
            (
                "说明",
                [("项目", "内容"), ("口径", "全省"), ("单位", "家"), ("日期", "2026"), ("a", "b")],
            ),
            ("名录", [("全省药店名录",), ("填表日期：2026-01-01",), HEADINGS, *ROWS]),
        ),
        "名录.xlsx",
    )
    loaded()
    assert rows_of(None, given) == READ
    last = shown(officer, given)["last"]
    assert (last["source"]["sheet"], last["source"]["header_row"]) == ("名录", 3)
    assert any("说明" in remark for remark in last["remarks"])


def test_wrong_cells_are_named_by_their_rows_for_editors_only(officer, loaded, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.bad_percent", 60)
    wrong = [
        ("004", "=1+1", "七", "1.005", "2021-02-30"),
        ("004", "二店", "1", "1", "2021-02-01"),
    ]
    headings = (*HEADINGS[:4], "开业日期")
    given = upload(officer, entry(3)["id"], csv_of([*ROWS, *wrong], headings), "名录.csv")
    loaded()
    assert len(rows_of(None, given)) == 4
    asked = {"resource_id": given["id"]}
    answer = call_action("sdopen_table_findings", as_user(officer), **asked)
    found = [(one["row"], one["column"], one["rule"]) for one in answer["findings"]]
    assert found == [
        (5, "人数", "not_integer"),
        (5, "注册资本", "wrong_scale"),
        (6, "编号", "key_twice"),
    ]
    assert answer["count"] == 3
    summary = shown(officer, given)["last"]["summary"]
    rules = [(one["rule"], one["column"]) for one in summary["columns"]]
    assert rules == [("unknown_column", "开业日期"), ("missing_item", "成立日期")]
    assert "整数" in summary["counts"][1]["message"]
    rows = kept.file_of(kept.last(given["id"]), kept.ROWS).read_text("utf-8-sig")
    first, second = list(csv.reader(io.StringIO(rows)))[1:]
    assert first[:3] == ["5", "004", "'=1+1"]
    assert "整数" in first[-2]
    assert second[0] == "6"
    for other in (None, factories.User()):
        assert not {"load", "last"} & set(shown(other, given))
        with pytest.raises(tk.NotAuthorized):
            call_action("sdopen_table_findings", as_user(other), **asked)


def test_a_column_of_a_closed_item_is_named_and_nothing_is_published(officer, loaded):
    catalog = entry(4)
    given = upload(officer, catalog["id"], csv_of(), "名录.csv")
    loaded()
    call_action("package_patch", as_user(officer), id=catalog["id"], info_items=[*ITEMS, CLOSED])
    # not what the upload itself is refused for
    headings = (*HEADINGS, "负责人身份证号（18位）")
    rows = [(*row, "370102199001011234") for row in ROWS]
    replace(officer, given, csv_of(rows, headings), "名录.csv")
    loaded()
    found = shown(officer, given)
    assert found["load"]["state"] == "failed"
    assert "负责人身份证号" in found["last"]["refused"]
    assert found["version"]["number"] == 1
    assert rows_of(None, given) == READ


def test_hostile_and_wrong_files_leave_the_version_before(officer, loaded):
    given = upload(officer, entry(5)["id"], csv_of(), "名录.csv")
    loaded()
    bad = [(f"x{number}", "店", "七", "", "") for number in range(9)]
    said = []
    for content, name in [
        (bomb(), "名录.zip"),
        (csv_of([*ROWS, *bad]), "名录.csv"),
        (csv_of([("1", "2")], ("甲", "乙")), "名录.csv"),
    ]:
        replace(officer, given, content, name)
        assert loaded() == 1
        found = shown(officer, given)
        said.append(found["last"]["refused"])
        assert found["load"]["error"] == found["last"]["refused"]
        assert rows_of(None, given) == READ
    assert "解压" in said[0]
    assert "75.0%" in said[1]
    assert "甲、乙" in said[2]
    replace(officer, given, csv_of(ROWS[:2]), "名录.csv")
    loaded()
    found = shown(officer, given)
    assert [one["number"] for one in found["history"]] == [2, 1]
    assert len(rows_of(None, given)) == 2


def test_a_file_that_is_replaced_before_its_turn_is_not_published(officer, loaded):
    given = upload(officer, entry(6)["id"], csv_of(ROWS[:1]), "名录.csv")
    replace(officer, given, csv_of(), "名录.csv")
    assert loaded() == 2
    found = shown(officer, given)
    assert [one["rows"] for one in found["history"]] == [3]
    assert found["load"]["state"] == "done"


def test_what_is_no_table_is_not_loaded_by_itself(officer, loaded):
    upload(officer, entry(7)["id"], b"%PDF-1.4", "说明.pdf")
    assert loaded() == 0


def test_the_same_file_loaded_again_is_no_new_version(officer, loaded):
    given = upload(officer, entry(8)["id"], csv_of(), "名录.csv")
    loaded()
    first = call_action("sdopen_table_load", as_user(officer), resource_id=given["id"])
    again = call_action("sdopen_table_load", as_user(officer), resource_id=given["id"])
    assert first == again
    assert loaded() == 1
    assert [one["number"] for one in shown(officer, given)["history"]] == [1]
    with pytest.raises(tk.NotAuthorized):
        call_action("sdopen_table_load", as_user(None), resource_id=given["id"])


def test_readers_ask_the_table_in_the_readers_own_words(officer, loaded):
    given = upload(officer, entry(9)["id"], csv_of(), "名录.csv")
    loaded()
    asked = {"resource_id": given["id"], "query": '{"ask": "count", "q": "药店"}'}
    answer = call_action("sdopen_table_query", as_user(None), **asked)
    assert answer["rows"] == [[2]]
    with pytest.raises(tk.ValidationError):
        call_action("sdopen_table_query", as_user(None), **{**asked, "query": {"sort": "x"}})
