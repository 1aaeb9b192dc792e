"""Of classified catalogs only the place is told: no text of theirs enters any result."""

import pytest
from xlsxwriter import Workbook

from ckanext.sdopen.standard import profiles
from ckanext.sdopen.tests.workbook.corpus.books import (
    FIRST,
    FORM,
    TODAY,
    catalog,
    fill,
    place_of,
    rows,
    write,
)
from ckanext.sdopen.workbook.child_process import Request, check_book

CANARY = "海防哨位坐标"


def checked(path, tmp_path, profile="regulation_2025"):
    folder = tmp_path / "out"
    folder.mkdir()
    request = Request(path, profiles.profile(profile), TODAY, annotate=True, entries=True)
    return check_book(request, folder)


def left(tmp_path) -> bytes:
    """Everything that the check left."""
    return b"".join(one.read_bytes() for one in (tmp_path / "out").iterdir())


def secret_rows(**changes):
    table = rows(catalog(), catalog(2))
    table[3] |= {"title": f"{CANARY}名录", "notes": f"{CANARY}的说明", **changes}
    table[4]["item_name"] = f"{CANARY}的信息项"
    return table


@pytest.mark.parametrize(
    "changes",
    [
        {"notes": f"（机密）{CANARY}"},
        {"resource_code": "秘密★10年"},
        {"item_description": "密级：绝密"},
        {"inner_department": "[工作秘密]"},
        {"update_cycle": "机密级"},
        {"census_stored_gb": "机密★0.2"},
        {"released_on": "秘密★2024"},
        {"tags": "机密级"},
        {"item_key": "绝密★"},
        {"sequence": "机密★"},
    ],
)
def test_a_mark_in_any_cell_keeps_the_whole_catalog_out_of_every_result(tmp_path, changes):
    result = checked(write(tmp_path / "b.xlsx", secret_rows(**changes)), tmp_path)
    assert result.summary["confidential"] >= 1
    assert result.annotated is None
    assert CANARY.encode() not in left(tmp_path)
    assert [one["entry"]["resource_code"] for one in result.entries()] == ["307001/000123"]
    name = next(iter(changes))
    assert result.summary["confidential_cells"][0].startswith("目录!")
    codes = {line["code"] for line in result.findings()}
    assert codes <= {"state_secret", "work_secret"}, name


@pytest.mark.parametrize(
    "said, refused",
    [("机密", True), ("是", True), ("工作秘密", True), ("否", False), ("公开", False)],
)
def test_the_column_of_secrecy_decides(tmp_path, said, refused):
    def add(book, sheet):
        sheet.write_string(0, len(FORM), "密级")
        sheet.write_string(FIRST + 3, len(FORM), said)

    result = checked(write(tmp_path / "b.xlsx", secret_rows(), then=add), tmp_path)
    assert bool(result.summary["confidential"]) is refused
    assert (CANARY.encode() in left(tmp_path)) is not refused


def test_a_mark_in_a_column_that_is_not_read_counts(tmp_path):
    def add(book, sheet):
        sheet.write_string(0, len(FORM), "经办意见")
        sheet.write_string(FIRST + 4, len(FORM), "（秘密）不宜公开")

    result = checked(write(tmp_path / "b.xlsx", secret_rows(), then=add), tmp_path)
    assert result.summary["confidential"] == 1
    assert CANARY.encode() not in left(tmp_path)


def test_a_starred_mark_on_a_cover_or_above_the_header_counts(tmp_path):
    path = tmp_path / "b.xlsx"
    with Workbook(str(path)) as book:
        cover = book.add_worksheet("封面")
        cover.write_string(0, 5, "机密★20年")
        sheet = book.add_worksheet("目录")
        sheet.write_row(0, 0, [column.heading for column in FORM])
        fill(sheet, rows(catalog()), first=1)
    result = checked(path, tmp_path)
    assert result.summary["confidential_cells"] == ["封面!F1"]
    assert result.annotated is None


def test_a_mark_in_the_name_of_a_sheet_counts_and_is_not_told(tmp_path):
    path = tmp_path / "b.xlsx"
    with Workbook(str(path)) as book:
        book.add_worksheet(f"{CANARY}（机密）")
        sheet = book.add_worksheet("目录")
        sheet.write_row(0, 0, [column.heading for column in FORM])
        fill(sheet, rows(catalog()), first=1)
    result = checked(path, tmp_path)
    assert result.summary["confidential_cells"] == ["#1!A1"]
    assert CANARY.encode() not in left(tmp_path)


def test_words_about_secrecy_are_no_mark(tmp_path):
    table = rows(catalog(sharing="none", sharing_condition="涉及商业秘密，《政府信息公开条例》"))
    table[0].pop("sharing_method"), table[0].pop("sharing_method_types")
    result = checked(write(tmp_path / "b.xlsx", table), tmp_path)
    assert result.summary["confidential"] == 0
    assert result.annotated is not None


def test_under_the_guide_of_2017_a_work_secret_is_told_all_the_same(tmp_path):
    path = write(tmp_path / "b.xlsx", secret_rows(notes="（工作秘密）"))
    result = checked(path, tmp_path, "guide_2017")
    assert result.summary["confidential"] == 1
    assert CANARY.encode() not in left(tmp_path)


def test_the_position_of_a_mark_is_its_cell(tmp_path):
    table = secret_rows(notes="（机密）")
    result = checked(write(tmp_path / "b.xlsx", table), tmp_path)
    assert result.summary["confidential_cells"] == ["目录!L6"]
    assert place_of("notes") == 11
