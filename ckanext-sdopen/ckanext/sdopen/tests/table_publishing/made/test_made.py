"""Files that are made: at once where they are small, else in the background, and then kept."""

import io
import json
import os
import time
from xml.etree import ElementTree

import ckan.plugins.toolkit as tk
import openpyxl
import pytest
from ckan import model

from ckanext.sdopen.jobs import leases, queues
from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.jobs.model import jobs
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.table_publishing.giving import found, sheets_of_rows
from ckanext.sdopen.table_publishing.loading import erasing
from ckanext.sdopen.table_publishing.made import (
    bounds,
    kept_files,
    make_job,
    order,
    ordering,
    settings,
    writing,
)
from ckanext.sdopen.tests.corpus.workers import work_off
from ckanext.sdopen.tests.table_publishing.corpus.busy import busy
from ckanext.sdopen.tests.table_publishing.corpus.loaded import load
from ckanext.sdopen.tests.table_publishing.made.conftest import COLUMNS
from ckanext.sdopen.tests.tables.corpus.published import resources

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def slow(monkeypatch):
    """No file is made while somebody waits."""
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.workbook_cells", 1)


@pytest.fixture(autouse=True)
def no_jobs(clean_portal):
    """Nothing waits before a test."""
    model.Session.execute(jobs.delete())
    model.Session.commit()


def row_of(name):
    return queues.latest(make_job.TABLE_FILE, [name])[name]


def ordered(table, form, given=()):
    return order.of(found.held(table.version.table, table.version.hash), form, given)


def test_a_large_file_is_made_once_in_the_background_and_then_given(portal_app, address, slow):
    first = portal_app.get(f"{address}.xlsx", status=202)
    assert int(first.headers["Retry-After"]) > 0
    assert first.headers["Cache-Control"] == "private, no-store"
    assert "文件正在生成" in first.get_data(as_text=True)
    page = portal_app.get(f"{address}.xlsx", headers=BROWSER, status=202).get_data(as_text=True)
    assert 'http-equiv="refresh"' in page
    assert "0.csv" in page
    # asked for twice, made once
    assert work_off(portal_app, Queue.DUMPS) == 1
    given = portal_app.get(f"{address}.xlsx", headers=BROWSER, status=200)
    data = given.get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert [row[0].value for row in sheet.iter_rows()] == ["编号", "001", "002", "003"]
    part = portal_app.get(f"{address}.xlsx", headers={"Range": "bytes=0-1"}, status=206)
    assert (part.get_data(), part.headers["Content-Range"]) == (b"PK", f"bytes 0-1/{len(data)}")
    tag = given.headers["ETag"]
    portal_app.get(f"{address}.xlsx", headers={"If-None-Match": tag}, status=304)
    assert work_off(portal_app, Queue.DUMPS) == 0


def test_filtered_rows_are_made_by_their_question_up_to_a_bound(
    portal_app, address, slow, monkeypatch
):
    portal_app.get(f"{address}.xlsx?has.名称=店&is.编号=003", status=202)
    assert work_off(portal_app, Queue.DUMPS) == 1
    data = portal_app.get(f"{address}.xlsx?has.名称=店&is.编号=003", status=200).get_data()
    assert openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].max_row == 2
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.made_rows", 2)
    answer = portal_app.get(f"{address}.xlsx?has.名称=店", status=413)
    assert ".csv?has." in answer.get_data(as_text=True)
    # whole tables have another bound
    portal_app.get(f"{address}.xlsx", status=202)


def test_a_head_makes_nothing(portal_app, address, slow):
    assert portal_app.client.head(f"{address}.xlsx").status_code == 202
    assert work_off(portal_app, Queue.DUMPS) == 0


def test_the_page_tells_how_far_it_is_and_what_went_wrong(portal_app, address, table, slow):
    portal_app.get(f"{address}.xml", status=202)
    taken = leases.take(Queue.DUMPS, ["table_file"], 60)
    leases.progress(taken.lease, 2, 3, {})
    assert "已写 2 行，共 3 行" in portal_app.get(f"{address}.xml", status=202).get_data(
        as_text=True
    )
    leases.end(taken.lease, State.FAILED, error="读不出来")
    answer = portal_app.get(f"{address}.xml", status=409)
    assert "读不出来" in answer.get_data(as_text=True)


def test_visitors_have_so_many_files_under_way_and_no_more(portal_app, address, slow, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.made_waiting", 1)
    portal_app.get(f"{address}.xlsx", status=202)
    refused = portal_app.get(f"{address}.xml", status=503)
    assert int(refused.headers["Retry-After"]) > 0
    portal_app.get(f"{address}.xlsx", status=202)


def test_xml_holds_every_sign_that_xml_can(portal_app, address):
    answer = portal_app.get(f"{address}.xml", status=200)
    assert answer.headers["Content-Type"].startswith("application/xml")
    rows = ElementTree.fromstring(answer.get_data())
    found_ = [{item.get("name"): item.text for item in row} for row in rows]
    assert found_[0]["名称"] == "=甲<&>店"
    assert found_[1] == {"编号": "002", "名称": "乙店"}


def test_geojson_has_a_point_for_each_row_that_has_a_place(portal_app, address):
    shown = json.loads(portal_app.get(f"{address}.geojson?show=名称", status=200).get_data())
    assert shown["type"] == "FeatureCollection"
    first, second, third = shown["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [117.12, 36.65]}
    assert first["properties"] == {"名称": "=甲<&>\u0001店"}
    assert second["geometry"] is None
    assert third["geometry"]["coordinates"] == [118.5, 37.25]


def test_the_page_of_a_table_offers_its_forms(portal_app, address, slow):
    page = portal_app.get(address, status=200).get_data(as_text=True)
    for form in ("csv", "xlsx", "jsonl", "json", "xml", "geojson", "parquet"):
        assert f'.{form}"' in page
    assert "XLSX, XML, GEOJSON 在首次下载时生成" in page


def test_a_workbook_of_too_many_rows_goes_on_in_a_second_sheet_and_no_further(
    portal_app, address, monkeypatch
):
    monkeypatch.setattr(sheets_of_rows, "MOST_ROWS", 2)
    data = portal_app.get(f"{address}.xlsx", status=200).get_data()
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["数据", "数据 2", "信息项", "来源"]
    assert [row[0].value for row in book.worksheets[1].iter_rows()] == ["编号", "003"]
    assert book.worksheets[1].auto_filter.ref == "A1:E2"
    monkeypatch.setattr(sheets_of_rows, "MOST_ROWS", 1)
    portal_app.get(f"{address}.xlsx", status=413)
    page = portal_app.get(address, status=200).get_data(as_text=True)
    assert "超过两个工作表" in page
    assert '.xlsx"' not in page


def test_csv_and_workbook_of_a_published_table_are_made_unasked(
    portal_app, address, table, monkeypatch
):
    streamed = portal_app.get(f"{address}.csv", status=200).get_data()
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.made_rows", 2)
    ordering.queue_published(table.version.table)
    assert work_off(portal_app, Queue.DUMPS) == 0
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.made_rows", 3)
    ordering.queue_published(table.version.table)
    assert work_off(portal_app, Queue.DUMPS) == 2
    assert sorted(path.suffix for path in settings.folder().iterdir()) == [".csv", ".xlsx"]
    made = portal_app.get(f"{address}.csv", status=200)
    assert (made.get_data(), made.content_length) == (streamed, len(streamed))
    part = portal_app.get(f"{address}.csv", headers={"Range": "bytes=0-2"}, status=206)
    assert part.get_data() == b"\xef\xbb\xbf"


def test_what_was_not_used_for_longest_goes_first(table, monkeypatch):
    settings.folder().mkdir(parents=True)
    names = [f"{'ab' * 32}-{number}.csv" for number in range(4)]
    for number, name in enumerate(names):
        (settings.folder() / name).write_bytes(b"x" * (300 << 10))
        moment = time.time() - 86_400 + number
        os.utime(settings.folder() / name, (moment, moment))
    assert kept_files.find(names[0])
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.made_megabytes", 1)
    assert kept_files.make_room() == 1
    assert kept_files.find(names[1]) is None
    assert all(map(kept_files.find, (names[0], *names[2:])))


def test_a_sweep_removes_files_of_versions_that_nobody_reads(portal_app, table):
    ordering.queue_published(table.version.table)
    work_off(portal_app, Queue.DUMPS)
    other = settings.folder() / f"{'cd' * 32}-x.csv"
    left = settings.folder() / "one.part"
    for path in (other, left):
        path.write_bytes(b"x")
        os.utime(path, (0, 0))
    assert make_job.TABLE_FILES_SWEEP.work() == "2 files removed"
    assert len(list(settings.folder().iterdir())) == 2


def test_a_file_of_a_table_that_changed_meanwhile_is_not_made(portal_app, address, table, slow):
    portal_app.get(f"{address}.xlsx", status=202)
    name = ordered(table, "xlsx").name
    entry = model.Package.get(table.entry)
    entry.title = "另一个名称"
    entry.metadata_modified = entry.metadata_modified.replace(year=2030)
    model.Session.commit()
    assert work_off(portal_app, Queue.DUMPS) == 1
    assert row_of(name).state == State.FAILED
    assert "已更新" in row_of(name).error
    # the entry as it is now has another file
    portal_app.get(f"{address}.xlsx", status=202)


def test_a_question_has_one_file_however_it_is_written(portal_app, address, table, monkeypatch):
    whole = ordered(table, "xlsx").name
    every = [("show", column.name) for column in COLUMNS]
    for given in ([("q", "")], [("q", ""), ("q", " ")], [("order", "asc")], every):
        assert ordered(table, "xlsx", given).name == whole
    some = [("has.名称", "店"), ("is.编号", "003")]
    assert ordered(table, "xml", some).name == ordered(table, "xml", [*some[::-1], ("q", "")]).name
    names = {ordered(table, "xml", given).name for given in ([], some, some[:1], every[:1])}
    assert len(names) == 4
    assert ordered(table, "csv", [("raw", "1")]).tag != ordered(table, "csv").tag
    # nor has it another bound
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.made_rows", 2)
    portal_app.get(f"{address}.xlsx?order=asc", status=200)
    portal_app.get(f"{address}.xlsx?order=asc&sort=名称", status=413)


def test_a_workbook_is_another_one_where_what_it_tells_of_is_named_otherwise(table):
    provider = model.Group.get(model.Package.get(table.entry).owner_org)
    named = [(provider, "title"), (model.Resource.get(table.version.table), "name")]
    names = [ordered(table, "xlsx").name]
    try:
        for one, attribute in named:
            setattr(one, attribute, "另一个名称")
            names.append(ordered(table, "xlsx").name)
    finally:
        model.Session.rollback()
    assert len(set(names)) == 3
    assert ordered(table, "xlsx").name == names[0]


def test_a_file_takes_no_more_room_than_one_may_while_it_is_written(table, monkeypatch):
    monkeypatch.setattr(settings, "most_bytes_of_one", lambda: 1)
    for form in ("xlsx", "xml", "csv"):
        with kept_files.place(0) as place:
            (place.folder / "on the way").write_bytes(b"12")
            with pytest.raises(bounds.TooLarge):
                writing.write(ordered(table, form), place)
            # it ended before its first row
            assert not place.path.exists() or b"001" not in place.path.read_bytes()
    assert list(settings.folder().iterdir()) == []


def test_what_a_workbook_needs_on_the_way_stands_beside_it(table, monkeypatch):
    monkeypatch.setattr(sheets_of_rows, "LOOKED_AT", 1)
    monkeypatch.setattr(writing, "_STEP", 1)
    with kept_files.place(0) as place:
        beside = []
        writing.write(
            ordered(table, "xlsx"), place, lambda _: beside.append(len([*place.folder.iterdir()]))
        )
        assert beside[-1] > 0
        assert [path.name for path in place.folder.iterdir()] == ["file"]


def test_that_there_is_no_room_is_said_at_once_and_by_the_job(
    portal_app, address, table, monkeypatch
):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.free_megabytes", 10**9)
    refused = portal_app.get(f"{address}.xlsx", status=503)
    assert "空间" in refused.get_data(as_text=True)
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.workbook_cells", 1)
    portal_app.get(f"{address}.xlsx", status=202)
    assert work_off(portal_app, Queue.DUMPS) == 1
    assert "空间" in portal_app.get(f"{address}.xlsx", status=409).get_data(as_text=True)
    monkeypatch.undo()
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.workbook_cells", 1)
    monkeypatch.setattr(settings, "most_bytes_of_one", lambda: -1)
    portal_app.get(f"{address}.xml", status=202)
    assert work_off(portal_app, Queue.DUMPS) == 1
    assert row_of(ordered(table, "xml").name).state == State.FAILED


def test_no_points_are_made_of_a_table_without_places(portal_app, slow, tmp_path):
    other = load(resources(1, "2")[0], tmp_path)
    address = f"/dataset/{model.Package.get(other.entry).name}/{other.name}"
    assert "经度" in portal_app.get(f"{address}.geojson", status=400).get_data(as_text=True)
    assert work_off(portal_app, Queue.DUMPS) == 0
    wanted = ordered(other, "geojson")
    payload = {**wanted.payload, "name": wanted.name}
    queues.enqueue(make_job.TABLE_FILE, payload, subject=wanted.name)
    assert work_off(portal_app, Queue.DUMPS) == 1
    assert row_of(wanted.name).state == State.FAILED
    assert "经度" in row_of(wanted.name).error


def test_a_busy_reader_is_no_wrong_question(portal_app, address, slow, monkeypatch):
    # counted first to know whether they are too many
    with busy() as reader:
        monkeypatch.setenv("SDOPEN_TABLES_URL", reader)
        refused = portal_app.get(f"{address}.xlsx?has.名称=忙", status=503)
    assert int(refused.headers["Retry-After"]) > 0


def test_an_erased_table_takes_its_files_along(portal_app, table):
    ordering.queue_published(table.version.table)
    assert work_off(portal_app, Queue.DUMPS) == 2
    erasing.erase(table.version.table)
    assert list(settings.folder().iterdir()) == []
