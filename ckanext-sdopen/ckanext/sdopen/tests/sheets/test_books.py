"""Workbooks of every kind give the same texts, read whole or row by row."""

import datetime
import zipfile

import openpyxl
import pytest
from xlsxwriter import Workbook

from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.tests.sheets.corpus.tables import codes, table, tables, text_file
from ckanext.sdopen.tests.workbook.corpus import binary, hostile

# a limit under which every sheet is read row by row
STREAMED = {"streamed_cells": 0}


def book(path, fill):
    with Workbook(str(path)) as made:
        fill(made, made.add_worksheet("表"))
    return path


def kinds(made, sheet):
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    moment = made.add_format({"num_format": "yyyy/m/d h:mm:ss"})
    elapsed = made.add_format({"num_format": "[h]:mm:ss"})
    money = made.add_format({"num_format": '#,##0.00"元"'})
    sheet.write_row(0, 0, ["编码", "名称", "数量", "单价", "日期", "时刻", "时长", "是否", "电话"])
    sheet.write_string(1, 0, "000123")
    sheet.write_string(1, 1, "甲 & <乙>")
    sheet.write_number(1, 2, 100)
    sheet.write_number(1, 3, 12.1 * 1.1, money)
    sheet.write_datetime(1, 4, datetime.datetime(2024, 1, 5), day)
    sheet.write_datetime(1, 5, datetime.datetime(2024, 1, 5, 16, 15, 30), moment)
    sheet.write_number(1, 6, 1.5, elapsed)
    sheet.write_boolean(1, 7, True)
    sheet.write_string(1, 8, "370102199003078515")
    sheet.write_rich_string(2, 1, "一", made.add_format({"bold": True}), "二", "三")
    sheet.write_number(2, 2, -0.00001234)
    sheet.write_number(2, 3, 370102199003078515)
    sheet.write_formula(2, 4, "=1/0", None, "#DIV/0!")
    sheet.write_datetime(2, 5, datetime.datetime(2024, 1, 5), moment)


VALUES = [
    *(["2", "000123", "甲 & <乙>", "100", "13.31", "2024-01-05", "2024-01-05T16:15:30"],),
    *(["3", "", "一二三", "-0.00001234", "370102199003078528", "", "2024-01-05"],),
]


@pytest.mark.parametrize("limits", [{}, STREAMED])
def test_values_of_every_kind_are_texts_in_one_form(tmp_path, limits):
    account, rows = table(book(tmp_path / "k.xlsx", kinds), **limits)
    assert [row[:7] for row in rows] == VALUES
    assert rows[0][7:] == ["36:00:00", "true", "370102199003078515"]
    assert codes(account) == ["cells_broken", "digits_lost"]
    assert [one.params["cell"] for one in account.remarks] == ["E3", "D3"]


def merged(made, sheet):
    sheet.merge_range("A1:D1", "一览表")
    sheet.merge_range("A2:A3", "单位")
    sheet.merge_range("B2:C2", "人口")
    sheet.write_row("B3", ["男", "女"])
    sheet.merge_range("D2:D3", "备\n注")
    sheet.merge_range("A4:A5", "甲局")
    sheet.write_row("B4", [1, 2])
    sheet.write_row("B5", [3, 4])
    sheet.write_row("A6", ["合计", 4, 6])
    sheet.set_row(4, None, None, {"hidden": True})
    made.add_worksheet("空表")
    made.add_worksheet("填表说明").write_column(0, 0, ["说明", "请按要求填写"])
    hidden = made.add_worksheet("隐藏")
    hidden.write_row(0, 0, ["名称", "值"])
    hidden.write_row(1, 0, ["乙", 1])
    hidden.hide()


@pytest.mark.parametrize("limits", [{}, STREAMED])
def test_merged_headers_several_sheets_and_hidden_ones(tmp_path, limits):
    (first, rows), (second, others) = tables(book(tmp_path / "m.xlsx", merged), **limits)
    assert first.columns == ("单位", "人口_男", "人口_女", "备注")
    assert (first.header_row, first.header_rows, first.title_rows) == (2, 2, ("一览表",))
    assert rows == [["4", "甲局", "1", "2", ""], ["5", "甲局", "3", "4", ""]]
    assert first.sheet == "表"
    assert codes(first) == ["rows_hidden", "totals", "sheet_unread", "sheet_remarks"]
    assert others == [["2", "乙", "1"]]
    assert codes(second) == ["sheet_hidden", "sheet_unread", "sheet_remarks"]


@pytest.mark.parametrize("limits", [{}, STREAMED])
def test_a_large_book_reads_alike_on_both_ways(tmp_path, limits):
    def fill(made, sheet):
        sheet.write_row(0, 0, ["编码", "名称", "值"])
        for number in range(1, 1500):
            sheet.write_row(number, 0, [f"{number:06}", f"名{number % 7}", number / 4])

    account, rows = table(book(tmp_path / "b.xlsx", fill), **limits)
    assert account.rows == 1499
    assert rows[1496] == ["1498", "001497", "名6", "374.25"]


def test_a_book_without_stored_results_of_formulas_says_so(tmp_path):
    made = openpyxl.Workbook()
    made.active.append(["名称", "值"])
    made.active.append(["甲", "=1+1"])
    made.save(tmp_path / "f.xlsx")
    account, rows = table(tmp_path / "f.xlsx")
    assert rows == [["2", "甲", ""]]
    assert codes(account) == ["cells_uncached"]


def test_an_xls_is_read_with_its_merged_cells(tmp_path):
    cells = {(0, 0): "单位", (0, 1): "名称", (1, 0): "甲局", (1, 1): "一", (2, 1): "二"}
    path = binary.write_xls(tmp_path / "b.xls", cells, merges=[(1, 2, 0, 0)])
    account, rows = table(path)
    assert account.format == "xls"
    assert rows == [["2", "甲局", "一"], ["3", "甲局", "二"]]


def ods(path):
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    row = "<table:table-row>{}</table:table-row>"
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="{}"/>'
    day = '<table:table-cell office:value-type="date" office:date-value="2024-01-05"/>'
    body = row.format(text.format("名称") + text.format("值") + text.format("日期"))
    body += row.format(text.format("甲") + number.format("12") + day)
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="表一">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path


def test_an_ods_is_read(tmp_path):
    account, rows = table(ods(tmp_path / "b.ods"))
    assert (account.format, account.sheet) == ("ods", "表一")
    assert rows == [["2", "甲", "12", "2024-01-05"]]


def test_a_zip_of_one_table_is_that_table(tmp_path):
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ABCD/EFGH.csv", "名,值\n甲,1\n".encode("gb18030"))
        archive.writestr("__MACOSX/._x.csv", b"x")
        archive.writestr("说明.pdf", b"%PDF")
    # as Windows names its files, without saying in which encoding
    path.write_bytes(path.read_bytes().replace(b"ABCD/EFGH.csv", "数据/药店.csv".encode("gb18030")))
    account, rows = table(path)
    assert (account.member, account.sheet, account.encoding) == ("数据/药店.csv", "药店", "gb18030")
    assert rows == [["2", "甲", "1"]]
    assert [one.name for one in (tmp_path / "z.zip.tables").iterdir()] == ["1.csv"]


@pytest.mark.parametrize(
    "names, code", [(["a.csv", "b.csv"], "zip_many"), (["a.pdf"], "zip_none"), ([], "zip_none")]
)
def test_a_zip_of_none_or_several_tables_is_refused(tmp_path, names, code):
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        for name in names:
            archive.writestr(name, "名,值\n甲,1\n")
    with pytest.raises(SheetError) as caught:
        table(tmp_path / "z.zip")
    assert caught.value.code == code


@pytest.mark.parametrize(
    "make, code",
    [
        (hostile.entity_bomb, "doctype"),
        (hostile.lying_size, "damaged"),
        (hostile.protected, "password"),
    ],
)
def test_a_hostile_book_is_refused_before_a_parser_sees_it(tmp_path, make, code):
    with pytest.raises(SheetError) as caught:
        table(make(tmp_path / "b.xlsx"))
    assert caught.value.code == code


def test_a_cell_in_the_last_corner_is_one_cell(tmp_path):
    account, rows = table(hostile.far_cell(tmp_path / "b.xlsx"))
    assert account.columns[-1] == "列16384"
    assert rows == [["1048576", "", "", "", "", "x"]]


def test_html_that_is_named_xls_is_its_table(tmp_path):
    page = (
        "<html><head><meta charset=gb2312></head><body><table><tr><td>菜单</table>"
        "<table><tr><th rowspan=2>单位<th colspan=2>人口<tr><th>男<th>女"
        "<tr><td rowspan=2>甲局<td>1<td>2<tr><td>3<td>&nbsp;4 </table></body></html>"
    )
    account, rows = table(text_file(tmp_path, page, "b.xls", "gb18030"))
    assert account.columns == ("单位", "人口_男", "人口_女")
    assert rows == [["3", "甲局", "1", "2"], ["4", "甲局", "3", "4"]]
