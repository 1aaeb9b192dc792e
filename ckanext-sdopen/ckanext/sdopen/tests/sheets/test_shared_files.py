"""Files that departments handed in are read as their makers meant them."""

import json
import shutil
from pathlib import Path

import pytest

from ckanext.sdopen.sheets import texts
from ckanext.sdopen.tests.corpus.folders import SHARED
from ckanext.sdopen.tests.sheets.corpus.tables import codes, table

CASES, DATA = SHARED / "cases", SHARED / "data"


@pytest.fixture
def case(tmp_path):
    def copied(path):
        source = next(CASES.glob(path))
        target = tmp_path / f"{len(list(tmp_path.iterdir()))}-{source.name}"
        return Path(shutil.copy(source, target))

    return lambda path, **options: table(copied(path), **options)


def test_a_header_below_titles_is_found_and_a_remark_below_is_no_row(case):
    account, rows = case("17-*/title.xlsx")
    assert [texts.key(name) for name in account.columns] == (
        ["id", "name", "dept", "abstract", "count", "updated"]
    )
    assert rows == [["4", "A001", "试验目录信息", "济南市试验局", "用于试验", "100", "2024-01-05"]]
    assert account.header_row == 3
    assert account.title_rows == ("济南市试验目录一览表（2024年）", "填报单位：济南市试验局")
    assert account.skipped["remark"].first == [5]
    assert codes(account) == ["remarks"]


def test_units_in_a_second_header_line_belong_to_the_names(case):
    account, rows = case("17-*/two.csv")
    assert account.columns == ("id", "name", "dept", "abstract", "count（条）", "updated（日期）")
    assert [row[0] for row in rows] == ["3"]
    known, _ = case("17-*/title.xlsx", expected=["name", "id", "count"])
    assert known.header_row == 3


def test_an_expected_name_is_taken_without_its_unit(tmp_path):
    shutil.copy(next(CASES.glob("17-*/two.csv")), tmp_path / "two.csv")
    account, _ = table(tmp_path / "two.csv", expected=["count", "updated", "id"])
    assert account.columns[-2:] == ("count", "updated")


def test_a_cell_that_is_merged_downwards_counts_for_every_row(case):
    account, rows = case("18-*/merged.xlsx")
    assert [row[3] for row in rows] == ["济南市试验局"] * 3
    assert [row[6] for row in rows] == ["2024-01-05", "2024-01-05", "2024-02-05"]
    assert account.merged_cells == 3


@pytest.mark.parametrize("name, delimiter", [("semi.csv", ";"), ("tab.csv", "\t")])
def test_the_delimiter_is_told_from_the_file(case, name, delimiter):
    account, rows = case(f"19-*/{name}")
    assert account.delimiter == delimiter
    assert rows[0][:3] == ["2", "A001", "试验目录第1号信息"]


def test_a_blank_far_away_is_no_content(case):
    account, rows = case("27-*/far-space.xlsx")
    assert [row[0] for row in rows] == ["2", "3"]
    assert account.columns[1] == "信息资源代码"
    assert rows[1][2:4] == ["307001/000002", "企业登记信息"]


def test_dates_of_text_stay_as_they_are_written(case):
    _, rows = case("12-*/rows.json")
    assert [row[6] for row in rows][:8] == [
        *("2017.5", "2017年5月", "2017-05", "20170501", "43101", "43101"),
        *("1514764800000", "1514764800000"),
    ]
    _, instants = case("13-*/rows.json")
    assert instants[0][6] == "2018-01-01T16:00:00.000Z"


def test_invisible_characters_leave_the_cells_and_are_said(case):
    account, rows = case("15-*/rows.json")
    assert [row[1] for row in rows] == ["A001", "A001", "Ａ００１", "A002", "A003", "A004"]
    assert {row[3] for row in rows} == {"济南市试验局"}
    assert rows[5][2] == "河湖长制信息"
    assert codes(account) == ["invisible"]


@pytest.mark.parametrize("number", ["16", "20", "22", "23", "24"])
def test_an_array_of_objects_gives_each_value_its_column(case, number):
    source = json.loads(next(CASES.glob(f"{number}-*/rows.json")).read_text())
    account, rows = case(f"{number}-*/rows.json")
    assert account.columns == tuple(source[0])
    assert [row[1:] for row in rows] == [
        [value.strip() for value in record.values()] for record in source
    ]


def test_objects_within_objects_are_kept_as_json(case):
    account, rows = case("08-*/bodies.ndjson")
    assert account.format == "jsonl"
    assert json.loads(rows[0][1]) == {"package_id": "ENTRY", "name": "表"}
    assert codes(account) == ["nested"]


def test_quotes_without_partners_in_a_table_of_tabs_are_plain_signs(case):
    account, rows = case("01-*/queries.tsv")
    assert rows[-1] == ["17", '"行政许可', "行政许可"]
    assert codes(account) == ["quotes_plain"]


@pytest.mark.parametrize("name", ["水库名录.csv", "水利 数据（2018年）.csv"])
def test_a_small_file_with_a_chinese_name_is_a_table(case, name):
    account, rows = case(f"07-*/{name}")
    assert account.columns == ("名称", "数量")
    assert rows == [["2", "甲水库" if name == "水库名录.csv" else "甲", "1"]]


def test_the_directory_of_guizhou_has_a_blank_row_below_its_header(tmp_path):
    path = Path(shutil.copy(DATA / "guizhou_catalog_2016.xlsx", tmp_path))
    account, rows = table(path)
    assert account.columns == (
        *("数据目录名称", "数据摘要", "主题名称", "数据提供方", "最后更新时间", "数据下载格式"),
    )
    assert len(rows) == account.rows == 460
    assert rows[0][:2] == ["3", "贵州省省本级医疗保险联网结算药店名录"]
    assert account.skipped["blank"].first == [2]


def test_the_directory_of_foshan_is_an_array_of_rows(tmp_path):
    path = Path(shutil.copy(DATA / "foshan_catalog_2018.json", tmp_path))
    account, rows = table(path)
    source = json.loads((DATA / "foshan_catalog_2018.json").read_text())
    assert list(account.columns) == source[0]
    assert len(rows) == len(source) - 1
    assert rows[0][1:5] == ["43270", "地税税务登记信息", "121821", "4"]


def test_the_regions_of_shandong_keep_their_codes(tmp_path):
    path = Path(shutil.copy(DATA / "shandong_regions.csv", tmp_path))
    account, rows = table(path)
    assert account.rows == len(path.read_text().splitlines()) - 1
    assert rows[1] == ["3", "370100", "济南市", "市", "370000"]
