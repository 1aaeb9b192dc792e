"""Tables as files: what everybody gets at a stable address, and for how long it is kept."""

import csv
import io
import json
import re
from datetime import datetime
from urllib.parse import quote

import duckdb
import openpyxl
import pytest

from ckanext.sdopen.tests.table_publishing.corpus.loaded import PHARMACIES, ROWS, load


def given(portal_app, address, status=200, **headers):
    answer = portal_app.get(address, headers=headers, status=status)
    assert "Set-Cookie" not in answer.headers
    return answer


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_the_latest_csv_opens_in_excel_under_its_chinese_name(portal_app, address):
    answer = given(portal_app, f"{address}.csv")
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    assert [row["编号"] for row in rows(answer)] == ["001", "002", "003", "004"]
    assert list(rows(answer)[0]) == [column.name for column in PHARMACIES]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    name = answer.headers["Content-Disposition"]
    assert f"filename*=UTF-8''{quote('0.csv')}" in name
    assert answer.headers["Cache-Control"] == "public, no-cache"


def test_an_unchanged_file_is_not_sent_again(portal_app, address):
    tag = given(portal_app, f"{address}.csv").headers["ETag"]
    answer = given(portal_app, f"{address}.csv", 304, **{"If-None-Match": tag})
    assert answer.get_data() == b""
    assert given(portal_app, f"{address}.csv?raw=1").headers["ETag"] != tag
    assert given(portal_app, f"{address}.jsonl", **{"If-None-Match": tag}).status_code == 200


def test_a_head_tells_the_headers_and_sends_nothing(portal_app, address):
    answer = portal_app.client.head(f"{address}.csv")
    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert answer.headers["ETag"] == given(portal_app, f"{address}.csv").headers["ETag"]


def test_an_address_with_a_hash_is_kept_for_ever(portal_app, address, table):
    answer = given(portal_app, f"{address}@{table.version.hash}.csv")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert len(rows(answer)) == 4
    absent = "0" * 64
    given(portal_app, f"{address}@{absent}.csv", 404)


def test_gb18030_is_given_where_it_is_asked_for(portal_app, address):
    answer = given(portal_app, f"{address}.csv?encoding=gb18030")
    assert answer.headers["Content-Type"] == "text/csv; charset=gb18030"
    assert "便民大药房" in answer.get_data().decode("gb18030")


def test_lines_and_an_array_of_json_hold_the_same_values(portal_app, address):
    lines = given(portal_app, f"{address}.jsonl").get_data().decode().splitlines()
    array = json.loads(given(portal_app, f"{address}.json").get_data())
    assert [json.loads(line) for line in lines] == array
    assert array[0]["编号"] == "001"
    assert array[0]["人数"] == 12


def test_of_no_rows_the_array_is_empty(portal_app, address):
    assert json.loads(given(portal_app, f"{address}.json?q=没有").get_data()) == []


def test_parts_of_the_parquet_are_given(portal_app, address, table, tmp_path):
    whole = given(portal_app, f"{address}.parquet")
    data = whole.get_data()
    assert len(data) == table.version.bytes
    part = given(portal_app, f"{address}.parquet", 206, Range="bytes=0-3")
    assert part.get_data() == b"PAR1"
    assert part.headers["Content-Range"] == f"bytes 0-3/{len(data)}"
    path = tmp_path / "table.parquet"
    path.write_bytes(data)
    assert duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall() == [(4,)]
    given(portal_app, f"{address}.parquet?q=药店", 400)


def test_a_workbook_keeps_codes_as_texts_and_dates_as_dates(portal_app, address):
    data = given(portal_app, f"{address}.xlsx").get_data()
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet, items, source = book.worksheets
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G5"
    first = [cell.value for cell in sheet[2]]
    assert first[0] == "001"
    assert first[4] == datetime(2019, 12, 31)
    assert first[6] is False
    assert items["F3"].value == "招牌上的名称"
    assert any("@" in str(row[1].value) for row in source.iter_rows())


def test_a_table_without_coordinates_has_no_geojson(portal_app, address):
    assert "经度" in given(portal_app, f"{address}.geojson", 400).get_data(as_text=True)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("q=药店", ["001", "002", "004"]),
        ("has.名称=药店&is.医保=true", ["004"]),
        ("from.人数=7", ["001", "003"]),
        ("to.更新时间=2026-01-02", ["001", "003"]),
        ("sort=人数&order=desc", ["001", "003", "004", "002"]),
        ("is.编号=&q=便民", ["003"]),
    ],
)
def test_a_filtered_file_holds_what_was_asked_for(portal_app, address, question, found):
    assert [row["编号"] for row in rows(given(portal_app, f"{address}.csv?{question}"))] == found


def test_columns_can_be_chosen(portal_app, address):
    found = rows(given(portal_app, f"{address}.csv?show=人数&show=编号"))
    assert found[0] == {"编号": "001", "人数": "12"}


@pytest.mark.parametrize(
    "question",
    [
        "is.电话=1",
        "sort=电话",
        "order=up",
        "has.人数=1",
        "from.人数=many",
        "from.成立日期=yesterday",
        "show=电话",
        "filter=1",
        "encoding=latin-1",
        "raw=yes",
    ],
)
def test_a_wrong_parameter_is_refused_in_a_sentence(portal_app, address, question):
    answer = given(portal_app, f"{address}.csv?{question}", 400)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert re.search("[\u4e00-\u9fff]{2}", answer.get_data(as_text=True))


def test_what_is_no_table_or_no_form_is_not_there(portal_app, address):
    for wrong in (f"{address}x.csv", f"{address}.exe"):
        given(portal_app, wrong, 404)
    portal_app.get("/dataset/none/data.csv", status=404)


def test_pages_of_ckan_and_linked_data_are_where_they_were(portal_app, address):
    entry = address.split("/")[2]
    assert "turtle" in given(portal_app, f"/dataset/{entry}.ttl").headers["Content-Type"]
    assert given(portal_app, f"/dataset/{entry}").status_code == 200
    assert given(portal_app, f"/dataset/activity/{entry}").status_code == 200


def test_cells_that_a_spreadsheet_would_compute_are_texts(portal_app, address, table, tmp_path):
    old = table.version.hash
    hostile = [("005", "=1+1", *ROWS[0][2:]), *ROWS]
    resource = {"id": table.version.table, "package_id": table.entry, "name": "x"}
    new = load(resource, tmp_path, rows=hostile)
    assert new.name == table.name
    asked = f"{address}.csv?is.编号=005"
    assert rows(given(portal_app, asked))[0]["名称"] == "'=1+1"
    assert rows(given(portal_app, f"{asked}&raw=1"))[0]["名称"] == "=1+1"
    data = given(portal_app, f"{address}.xlsx").get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet["B6"].data_type == "s"
    assert len(rows(given(portal_app, f"{address}@{old}.csv"))) == 4
