"""Wrong cells are marked in the department's own workbook, and in a workbook of the wrong rows."""

import zipfile

import openpyxl
import pytest
import xlsxwriter

from ckanext.sdopen.sheets.confinement import Bounds
from ckanext.sdopen.sheets.reading import read
from ckanext.sdopen.table_publishing.marking import child_process, wrong_rows
from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.findings.records import CellFinding, Rule

KEY = Column("编号", key=True, nullable=False, declared=True)
COUNT = Column("人数", Kind.INTEGER, unit="人", declared=True)
COLUMNS = {"编号": KEY, "人数（人）": COUNT}
FOUND = (
    CellFinding(4, "人数", Rule.INTEGER, "七"),
    CellFinding(5, "编号", Rule.KEY_TWICE, "1"),
)


@pytest.fixture
def book(tmp_path):
    """A workbook whose table begins in the second column, below a title, with a sum and a date."""
    path = tmp_path / "名录.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        made.add_worksheet("说明").write(0, 0, "填表说明")
        sheet = made.add_worksheet("名录")
        sheet.write(0, 1, "药店名录")
        for number, row in enumerate((("编号", "人数（人）"), ("1", 7), ("2", "七"), ("1", 9)), 1):
            sheet.write_row(number, 1, row)
        sheet.write_formula(1, 5, "=SUM(C3:C4)")
        sheet.write_comment(2, 2, "单位自己的批注")
    return path


@pytest.fixture
def table(book, tmp_path):
    """The table of the workbook as it is read."""
    folder = tmp_path / "read"
    folder.mkdir()
    return next(
        one
        for one in read(book, book.name, folder, expected=("编号", "人数（人）"))
        if one.account.sheet == "名录"
    )


def marked(book, table, target):
    return child_process.write(book, target, table.account, COLUMNS, FOUND, Bounds())


def test_cells_are_coloured_and_said_where_they_stand(book, table, tmp_path):
    target = tmp_path / "marked.xlsx"
    assert child_process.can_be(table.account)
    assert marked(book, table, target)
    copy = openpyxl.load_workbook(target)
    assert copy.sheetnames == ["说明", "名录"]
    sheet = copy["名录"]
    assert (sheet["C4"].value, sheet["C4"].fill.fgColor.rgb) == ("七", "FFFFC7C8")
    assert "应为整数" in sheet["C4"].comment.text
    assert "主键重复" in sheet["B5"].comment.text
    # all else is as it was
    assert sheet["C3"].comment.text.strip() == "单位自己的批注"
    assert sheet["F2"].value == "=SUM(C3:C4)"
    assert sheet["C3"].fill.fgColor.rgb != "FFFFC7C8"


def test_a_book_with_programs_or_without_the_sheet_is_not_marked(book, table, tmp_path):
    target = tmp_path / "marked.xlsx"
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert not marked(book, table, target)
    assert not target.exists()
    book.write_bytes(b"nothing")
    assert not marked(book, table, target)


def test_the_wrong_rows_are_a_csv_and_a_workbook(table, tmp_path):
    targets = tmp_path / "rows.csv", tmp_path / "rows.xlsx"
    wrong_rows.write(table.csv, COLUMNS, FOUND, targets, lambda: None)
    lines = targets[0].read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["行号", "4", "5"]
    sheet = openpyxl.load_workbook(targets[1]).active
    assert [cell.value for cell in sheet[1]][:3] == ["行号", "编号", "人数（人）"]
    assert (sheet["C2"].value, sheet["C2"].fill.fgColor.rgb) == ("七", "FFFFC7C8")
    assert "应为整数" in sheet["C2"].comment.text
    assert any("主键重复" in str(cell.value) for cell in sheet[3])
