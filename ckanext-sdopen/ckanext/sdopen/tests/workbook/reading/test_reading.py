"""What departments do to the form is read as they mean it."""

import shutil
from datetime import date
from typing import Any

import pytest
from xlsxwriter import Workbook

from ckanext.sdopen.sheets.addresses import address
from ckanext.sdopen.tests.workbook.corpus import binary
from ckanext.sdopen.tests.workbook.corpus.books import (
    FIRST,
    FORM,
    catalog,
    codes_and_cells,
    codes_of,
    examined,
    fill,
    place_of,
    rows,
    write,
)
from ckanext.sdopen.workbook.form.draw import HEADER_ROWS

HEADINGS = [column.heading for column in FORM]
TITLES = ["全省定点零售药店名录", "丙甲类药店名录"]


def notes(result) -> list[str]:
    return [note.code for note in result.notes]


def test_a_sound_book_has_no_findings(tmp_path):
    result, read = examined(write(tmp_path / "b.xlsx", rows(catalog(), catalog(2))))
    assert codes_and_cells(result) == []
    assert notes(result) == []
    assert [entry["title"] for entry in read] == TITLES
    assert [len(entry["info_items"]) for entry in read] == [3, 3]
    assert read[0]["info_items"][0] == {
        "name": "药店名称",
        "data_type": "C",
        "data_length": "100",
        "english_name": "pharmacy_name",
        "primary_key": True,
        "nullable": False,
        "description": "营业执照上的名称",
    }
    assert read[0]["tags"] == [{"name": "药店"}, {"name": "医保定点"}]


def test_merged_blank_and_repeated_cells_below_the_first_row_are_one_catalog(tmp_path):
    def merge(book, sheet):
        sheet.merge_range(FIRST, place_of("title"), FIRST + 2, place_of("title"), TITLES[0])

    merged, read = examined(write(tmp_path / "m.xlsx", rows(catalog()), then=merge))
    table = rows(catalog())
    for row in table[1:]:
        row.update(
            {name: table[0][name] for name in ("title", "resource_code", "notes", "sharing")}
        )
    repeated, same = examined(write(tmp_path / "r.xlsx", table))
    assert len(merged.blocks) == len(repeated.blocks) == 1
    assert read == same
    assert codes_and_cells(repeated) == []


def test_a_provider_merged_over_several_catalogs_is_the_provider_of_each(tmp_path):
    table = rows(catalog(), catalog(2))
    table[3].pop("provider")

    def merge(book, sheet):
        sheet.merge_range(FIRST, place_of("provider"), FIRST + 5, place_of("provider"), "省示例局")

    result, read = examined(write(tmp_path / "b.xlsx", table, then=merge))
    assert [entry["owner_org"] for entry in read] == ["省示例局", "省示例局"]
    assert codes_and_cells(result) == []


def test_totals_and_remarks_are_left_out_and_said(tmp_path):
    table = rows(catalog())
    table.append({"sequence": "合计", "record_count": "12000"})
    table.append({"sequence": "填表说明：以上由信息中心填写"})
    result, read = examined(write(tmp_path / "b.xlsx", table))
    assert len(read) == 1
    assert notes(result) == ["note_totals", "note_remarks"]


def test_a_title_that_begins_like_a_remark_is_no_remark(tmp_path):
    _, read = examined(write(tmp_path / "b.xlsx", [{"title": "注册会计师名录"}]))
    assert [entry["title"] for entry in read] == ["注册会计师名录"]


def test_all_sheets_are_read_hidden_ones_too_and_examples_are_not(tmp_path):
    path = tmp_path / "b.xlsx"
    with Workbook(str(path)) as book:
        for name, number in (("一科", 1), ("二科", 2), ("示例", 3), ("封面", 0)):
            sheet = book.add_worksheet(name)
            if number:
                sheet.write_row(0, 0, HEADINGS)
                fill(sheet, rows(catalog(number)), first=1)
            else:
                sheet.write_string(0, 0, "封面")
            if name == "二科":
                sheet.hide()
    result, read = examined(path)
    assert [entry["title"] for entry in read] == TITLES
    assert notes(result) == ["note_sheet_hidden", "note_sheet_example", "note_sheet_unread"]


@pytest.mark.parametrize("name", ["代码表", "示例局目录", "汇总", "待改行"])
def test_a_sheet_with_a_catalog_is_read_whatever_its_name(tmp_path, name):
    path = tmp_path / "b.xlsx"
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, HEADINGS)
        fill(sheet, rows(catalog()), first=1)
    _, read = examined(path)
    assert len(read) == 1


def test_hidden_rows_are_read_and_counted(tmp_path):
    def hide(book, sheet):
        for row in (FIRST + 1, FIRST + 3, 500):
            sheet.set_row(row, None, None, {"hidden": True})

    result, read = examined(write(tmp_path / "b.xlsx", rows(catalog(), catalog(2)), then=hide))
    assert [len(entry["info_items"]) for entry in read] == [3, 3]
    assert result.notes[0].params == {"sheet": "目录", "count": 2, "first": FIRST + 2}


def test_columns_that_the_form_does_not_know_are_said(tmp_path):
    def add(book, sheet):
        sheet.write_string(0, len(FORM), "经办人签字")
        sheet.write_string(FIRST, len(FORM), "张三")

    result, _ = examined(write(tmp_path / "b.xlsx", rows(catalog()), then=add))
    assert "经办人签字" in result.notes[0].sentence("zh")


def test_an_xls_is_read_as_it_is(tmp_path):
    cells: dict[tuple[int, int], Any]
    cells = {(0, place): heading for place, heading in enumerate(HEADINGS)}
    for number, row in enumerate(rows(catalog()), start=1):
        cells |= {(number, place_of(name)): text for name, text in row.items()}
    cells[(1, place_of("record_count"))] = 12000.0
    title = place_of("title")
    path = binary.write_xls(tmp_path / "b.xls", cells, [(1, 3, title, title)])
    result, read = examined(path)
    assert codes_and_cells(result) == []
    assert read[0]["title"] == TITLES[0]
    assert read[0]["record_count"] == "12000"
    assert len(read[0]["info_items"]) == 3


@pytest.mark.parametrize("name", ["b.et", "b.xls", "b.dat"])
def test_a_book_is_what_it_holds_not_what_its_name_says(tmp_path, name):
    path = write(tmp_path / "b.xlsx", rows(catalog()))
    shutil.move(path, tmp_path / name)
    _, read = examined(tmp_path / name)
    assert read[0]["title"] == TITLES[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_in_any_usual_encoding(tmp_path, encoding, separator):
    lines = [separator.join(HEADINGS)]
    for row in rows(catalog()):
        cells = (row.get(column.name, "") for column in FORM)
        lines.append(separator.join(f'"{cell}"' for cell in cells))
    path = tmp_path / "b.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    result, read = examined(path)
    assert read[0]["title"] == TITLES[0]
    assert len(read[0]["info_items"]) == 3
    assert codes_and_cells(result) == []


@pytest.mark.parametrize("since_1904", [False, True])
def test_serial_days_count_from_1900_or_1904_as_the_book_says(tmp_path, since_1904):
    serial = (date(2017, 5, 22) - (date(1904, 1, 1) if since_1904 else date(1899, 12, 30))).days
    table = rows(catalog(released_on=None, updated_on=None))
    table[0]["released_on"] = float(serial)

    def dated(book, sheet):
        day = book.add_format({"num_format": "yyyy/m/d"})
        sheet.write_number(FIRST, place_of("updated_on"), serial, day)

    path = write(tmp_path / "b.xlsx", table, then=dated, date_1904=since_1904)
    _, read = examined(path)
    assert read[0]["released_on"] == read[0]["updated_on"] == "2017-05-22"


@pytest.mark.parametrize(
    "written, day, doubt",
    [
        ("2017.5", "2017-05-01", "day_assumed"),
        (2017.5, "2017-05-01", "day_assumed"),
        ("2017年5月", "2017-05-01", "day_assumed"),
        (2017.1, "2017-01-01", "month_ambiguous"),
        ("2017.10", "2017-10-01", "day_assumed"),
        ("2017年5月22日", "2017-05-22", ""),
        ("2017/5/22", "2017-05-22", ""),
        ("２０１７．５．２２", "2017-05-22", ""),
        (20170522.0, "2017-05-22", ""),
        ("2017-5-22 08:30:00", "2017-05-22", ""),
    ],
)
def test_days_as_people_write_them(tmp_path, written, day, doubt):
    table = rows(catalog(released_on=None))
    table[0]["released_on"] = written
    result, read = examined(write(tmp_path / "b.xlsx", table))
    assert read[0]["released_on"] == day
    assert codes_of(result) == ([doubt] if doubt else [])


@pytest.mark.parametrize("written", ["去年", "2017", "2017.13", "2017-02-30", 41.0])
def test_what_is_no_day_is_told(tmp_path, written):
    table = rows(catalog())
    table[0]["released_on"] = written
    result, _ = examined(write(tmp_path / "b.xlsx", table))
    assert codes_of(result) == ["date_invalid"]


def test_a_formula_without_its_result_and_an_error_value_are_told_at_their_cells(tmp_path):
    table = rows(catalog(), catalog(2))
    table[1].pop("item_name")

    def compute(book, sheet):
        sheet.write_formula(FIRST, place_of("notes"), '="药店"&"名录"', None, "")
        sheet.write_formula(FIRST + 3, place_of("notes"), '="药店"&"名录"', None, "药店名录")
        sheet.write_formula(FIRST + 1, place_of("item_name"), "=A1/0", None, "#DIV/0!")

    table[0].pop("notes")
    table[3].pop("notes")
    result, read = examined(write(tmp_path / "b.xlsx", table, then=compute))
    assert ("formula_uncached", "L3") in codes_and_cells(result)
    assert ("cell_broken", address(FIRST + 1, place_of("item_name"))) in codes_and_cells(result)
    assert read[1]["notes"] == "药店名录"
    assert not [cell for code, cell in codes_and_cells(result) if cell == "L6"]


def test_numbers_lose_their_separators_and_codes_keep_their_zeros(tmp_path):
    table = rows(catalog())
    table[0] |= {
        "division": 7.0,
        "subject": 1.0,
        "record_count": "１２，０００",
        "item_length": 100.0,
    }
    result, read = examined(write(tmp_path / "b.xlsx", table))
    assert codes_and_cells(result) == []
    assert (read[0]["division"], read[0]["subject"]) == ("07", "001")
    assert read[0]["record_count"] == "12000"
    assert read[0]["info_items"][0]["data_length"] == "100"


def test_names_in_place_of_the_classification_are_told_by_the_code(tmp_path):
    table = rows(catalog())
    table[0] |= {"category": "部门信息资源类", "division": "省级及以下", "subject": "山东省示例局"}
    result, read = examined(write(tmp_path / "b.xlsx", table))
    assert codes_and_cells(result) == []
    assert (read[0]["category"], read[0]["division"]) == ("3", "07")
    assert "subject" not in read[0]
    assert notes(result) == ["note_values_dropped"]


def test_labels_and_other_names_of_codes_are_understood(tmp_path):
    table = rows(catalog())
    table[0] |= {
        "sharing": "无条件",
        "update_cycle": "每月更新",
        "topics": "医疗卫生，卫生健康",
        "format_types": "XLSX；CSV",
        "item_type": "字符型C",
        "item_key": "Y",
    }
    result, read = examined(write(tmp_path / "b.xlsx", table))
    assert codes_and_cells(result) == []
    assert read[0]["topics"] == ["medical", "health"]
    assert read[0]["format_types"] == ["xlsx", "csv"]
    assert read[0]["update_cycle"] == "monthly"
    assert read[0]["info_items"][0]["primary_key"] is True


def test_the_header_is_drawn_in_as_many_rows_as_the_tests_count():
    assert HEADER_ROWS == FIRST == 2
