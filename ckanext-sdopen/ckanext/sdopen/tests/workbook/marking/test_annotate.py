"""The annotated copy is the department's own book, with its faulty cells marked."""

import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from ckanext.sdopen.sheets.addresses import address
from ckanext.sdopen.standard import profiles
from ckanext.sdopen.tests.workbook.corpus import binary
from ckanext.sdopen.tests.workbook.corpus.books import (
    FIRST,
    FORM,
    TODAY,
    catalog,
    codes_and_cells,
    examined,
    place_of,
    rows,
    write,
)
from ckanext.sdopen.workbook.checking.check_book import examine
from ckanext.sdopen.workbook.marking import result_sheets
from ckanext.sdopen.workbook.marking.annotate import annotate
from ckanext.sdopen.workbook.marking.comments import AUTHOR
from ckanext.sdopen.workbook.marking.styles import COLOURS
from ckanext.sdopen.workbook.reading.book_file import open_book

NOTES, TITLE = address(FIRST, place_of("notes")), address(FIRST, place_of("title"))
FAULTY = address(FIRST + 3, place_of("notes"))


def annotated(path: Path, name: str = "annotated.xlsx") -> Path:
    book = open_book(path)
    target = path.with_name(name)
    annotate(book, examine(book, profiles.profile("regulation_2025"), TODAY), target, "zh")
    return target


def dressed(book, sheet):
    """What a department does to its sheet, none of which may be lost."""
    money = book.add_format({"num_format": "0.00", "bold": True, "bg_color": "#00FF00"})
    sheet.write_number(FIRST, place_of("census_stored_gb"), 0.2, money)
    sheet.write_blank(FIRST + 3, place_of("notes"), None, money)
    sheet.merge_range(FIRST, place_of("title"), FIRST + 2, place_of("title"), catalog()["title"])
    sheet.set_column(place_of("title"), place_of("title"), 55)
    sheet.set_row(FIRST + 1, 40, None, {"hidden": True})
    sheet.data_validation(FIRST, 50, 90, 50, {"validate": "list", "source": ["每月", "每年"]})
    sheet.write_comment(FIRST, place_of("title"), "本单位的批注", {"author": "张三"})
    sheet.write_comment(FIRST + 3, place_of("notes"), "待补", {"author": "张三"})
    sheet.conditional_format(0, 0, 5, 5, {"type": "no_blanks", "format": money})
    book.add_worksheet("附表").write_string(0, 0, "附")
    book.define_name("附区", "=附表!$A$1")


@pytest.fixture
def original(tmp_path) -> Path:
    table = rows(catalog(), catalog(2, notes=None, format_types=["pdf"]))
    return write(tmp_path / "b.xlsx", table, then=dressed)


def colour(cell) -> str:
    return cell.fill.fgColor.rgb if cell.fill.patternType == "solid" else ""


def test_values_merges_widths_drop_downs_and_hidden_state_are_kept(original):
    before, after = (openpyxl.load_workbook(path) for path in (original, annotated(original)))
    old, new = before["目录"], after["目录"]
    assert [[c.value for c in row] for row in old] == [[c.value for c in row] for row in new]
    assert sorted(map(str, old.merged_cells.ranges)) == sorted(map(str, new.merged_cells.ranges))
    assert old.column_dimensions[TITLE[0]].width == new.column_dimensions[TITLE[0]].width
    assert new.row_dimensions[FIRST + 2].hidden
    assert new.row_dimensions[FIRST + 2].height == old.row_dimensions[FIRST + 2].height
    assert len(new.data_validations.dataValidation) == len(old.data_validations.dataValidation)
    assert new.conditional_formatting
    assert "附区" in after.defined_names
    assert after.sheetnames == ["目录", "附表", "汇总", "问题", "待改行"]


def test_untouched_parts_are_the_same_byte_by_byte(original):
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(annotated(original)) as new:
        same = [name for name in old.namelist() if old.read(name) == new.read(name)]
        assert set(old.namelist()) - set(same) == {
            "[Content_Types].xml",
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/worksheets/sheet1.xml",
            "xl/worksheets/_rels/sheet1.xml.rels",
            "xl/styles.xml",
            "xl/comments1.xml",
            "xl/drawings/vmlDrawing1.vml",
        }
        assert new.testzip() is None


def test_a_faulty_cell_keeps_its_format_and_gets_colour_and_comment(original):
    sheet = openpyxl.load_workbook(annotated(original))["目录"]
    cell = sheet[FAULTY]
    assert colour(cell) == COLOURS["error"]
    assert (cell.number_format, cell.font.bold) == ("0.00", True)
    assert "信息资源摘要没有填写" in cell.comment.text
    assert colour(sheet[address(FIRST + 3, place_of("format_types"))]) == COLOURS["error"]
    assert colour(sheet[NOTES]) == ""
    assert colour(sheet[address(FIRST, place_of("census_stored_gb"))]) == "FF00FF00"


def test_comments_of_the_department_stay(original):
    sheet = openpyxl.load_workbook(annotated(original))["目录"]
    assert sheet[TITLE].comment.text == "本单位的批注"
    assert sheet[FAULTY].comment.text.startswith("待补\n【错误】")


def test_an_absent_cell_is_put_where_it_belongs(tmp_path):
    table = rows(catalog(notes=None))
    path = annotated(write(tmp_path / "b.xlsx", table))
    with zipfile.ZipFile(path) as book:
        root = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    row = root.findall(".//{*}row")[FIRST]
    columns = [coordinate_from_string(c.get("r"))[0] for c in row]
    numbers = [column_index_from_string(c) for c in columns]
    assert numbers == sorted(set(numbers))
    assert place_of("notes") + 1 in numbers


def test_summary_and_findings_hold_everything(tmp_path, monkeypatch):
    monkeypatch.setattr(result_sheets, "COMMENTS", 5)
    entries = [catalog(n, notes=None) for n in range(1, 21)]
    book = openpyxl.load_workbook(annotated(write(tmp_path / "b.xlsx", rows(*entries))))
    listed = list(book["问题"].iter_rows(values_only=True))
    assert len(listed) == 21
    assert listed[1][:5] == ("错误", "value_missing", "目录", NOTES, "307001/000123")
    summary = {row[0].value: row[1].value for row in book["汇总"].iter_rows(max_row=9)}
    assert (summary["目录（条）"], summary["有错误的目录（条）"]) == ("20", "20")
    cells = [book["目录"][address(FIRST + 3 * n, place_of("notes"))] for n in range(20)]
    assert [colour(cell) for cell in cells] == [COLOURS["error"]] * 20
    assert sum(cell.comment is not None for cell in cells) == 5


def test_no_new_cell_is_a_formula(tmp_path):
    table = rows(catalog(notes=None))
    table[0]["inner_department"] = '=HYPERLINK("http://example.org")'
    table[1]["item_description"] = "@SUM(A1)"
    book = openpyxl.load_workbook(annotated(write(tmp_path / "b.xlsx", table)))
    for name in ("汇总", "问题", "待改行"):
        for row in book[name].iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n"), cell.coordinate
                assert cell.data_type == "s" or cell.value is None
    assert '=HYPERLINK("http://example.org")' in [c.value for c in book["待改行"][3]]


def corrected(path: Path, change) -> Path:
    """The annotated copy as a cataloguer saves it after a change."""
    book = openpyxl.load_workbook(path)
    change(book)
    saved = path.with_name("saved.xlsx")
    book.save(saved)
    return saved


def test_rows_to_correct_can_be_handed_in_alone(original):
    def change(book):
        sheet = book["待改行"]
        assert sheet.max_row == 5  # header of two rows, one catalog of three items
        sheet.cell(3, place_of("notes") + 1).value = "补上的摘要。"
        for name in ("目录", "附表", "汇总", "问题"):
            del book[name]

    result, read = examined(corrected(annotated(original), change))
    assert [entry["notes"] for entry in read] == ["补上的摘要。"]
    assert [code for code, _ in codes_and_cells(result)] == ["format_type_unfit"]


def test_corrected_rows_replace_their_originals_in_the_whole_book(original):
    def change(book):
        book["待改行"].cell(3, place_of("notes") + 1).value = "补上的摘要。"
        book["待改行"].cell(3, place_of("format_types") + 1).value = "xlsx"

    result, read = examined(corrected(annotated(original), change))
    assert sorted(entry["notes"][:4] for entry in read) == ["全省纳入", "补上的摘"]
    assert codes_and_cells(result) == []


def test_the_original_counts_where_it_was_corrected_instead(original):
    def change(book):
        book["目录"][FAULTY].value = "在原表补上的摘要。"
        book["目录"][address(FIRST + 3, place_of("format_types"))].value = "xlsx"

    result, read = examined(corrected(annotated(original), change))
    assert [entry["notes"][:4] for entry in read] == ["全省纳入", "在原表补"]
    assert codes_and_cells(result) == []


def test_a_second_check_clears_the_marks_of_what_was_corrected(original):
    def change(book):
        book["目录"][FAULTY].value = "在原表补上的摘要。"

    again = annotated(corrected(annotated(original), change), "again.xlsx")
    book = openpyxl.load_workbook(again)
    assert colour(book["目录"][FAULTY]) == ""
    assert colour(book["目录"][address(FIRST + 3, place_of("format_types"))]) == COLOURS["error"]
    assert [name for name in book.sheetnames if name.startswith("汇总")] == ["汇总"]
    assert len(list(book["问题"].iter_rows())) == 2
    # the department's own comment is what it was before both checks
    assert book["目录"][FAULTY].comment.text == "待补"
    assert book["目录"][TITLE].comment.text == "本单位的批注"


def test_a_csv_comes_back_as_a_book_and_stays_as_it_is(tmp_path):
    path = tmp_path / "b.csv"
    lines = [",".join(column.heading for column in FORM)]
    for row in rows(catalog(notes=None)):
        lines.append(",".join(f'"{row.get(column.name, "")}"' for column in FORM))
    path.write_bytes("\n".join(lines).encode("gb18030"))
    before = path.read_bytes()
    sheet = openpyxl.load_workbook(annotated(path))["b"]
    assert colour(sheet[address(1, place_of("notes"))]) == COLOURS["error"]
    assert sheet[address(1, place_of("title"))].value == catalog()["title"]
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["annotated.xlsx", "b.csv"]


def test_an_xls_comes_back_with_its_merges(tmp_path):
    cells = {(0, place): column.heading for place, column in enumerate(FORM)}
    for number, row in enumerate(rows(catalog(notes=None)), start=1):
        cells |= {(number, place_of(name)): text for name, text in row.items()}
    title = place_of("title")
    path = binary.write_xls(tmp_path / "b.xls", cells, [(1, 3, title, title)])
    sheet = openpyxl.load_workbook(annotated(path))["目录"]
    assert colour(sheet[address(1, place_of("notes"))]) == COLOURS["error"]
    assert [str(one) for one in sheet.merged_cells.ranges] == [
        f"{address(1, title)}:{address(3, title)}"
    ]


def test_a_book_saved_by_another_program_is_marked_too(original, tmp_path):
    """Another writer: other attributes, shared strings, no drawing yet."""
    book = openpyxl.load_workbook(original)
    for row in book["目录"].iter_rows():
        for cell in row:
            if not isinstance(cell, openpyxl.cell.MergedCell):
                cell.comment = None
    other = tmp_path / "other.xlsx"
    book.save(other)
    sheet = openpyxl.load_workbook(annotated(other))["目录"]
    assert colour(sheet[FAULTY]) == COLOURS["error"]
    assert sheet[FAULTY].comment.author == AUTHOR


def test_a_book_with_prefixed_elements_is_marked_too(original, tmp_path):
    """What some export tools write: <x:row><x:c …/></x:row>."""
    other = tmp_path / "prefixed.xlsx"
    shutil.copy(original, other)
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                root = etree.fromstring(data)
                space = etree.QName(root).namespace
                again = etree.Element(
                    f"{{{space}}}worksheet",
                    nsmap={
                        "x": space,
                        **{prefix: uri for prefix, uri in root.nsmap.items() if prefix},
                    },
                )
                again.extend(list(root))
                data = etree.tostring(again)
                assert b"<x:row" in data
            new.writestr(name, data)
    sheet = openpyxl.load_workbook(annotated(other))["目录"]
    assert colour(sheet[FAULTY]) == COLOURS["error"]
