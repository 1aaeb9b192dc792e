"""A hostile or broken book gets a clear error within seconds and bounded memory."""

import re
import resource
from zipfile import ZipFile

import pytest

from ckanext.sdopen.sheets.confinement import Bounds
from ckanext.sdopen.standard import profiles
from ckanext.sdopen.tests.workbook.corpus import binary, hostile
from ckanext.sdopen.tests.workbook.corpus.books import TODAY, catalog, rows, write
from ckanext.sdopen.workbook.child_process import Request, check_book
from ckanext.sdopen.workbook.marking.parts import Package
from ckanext.sdopen.workbook.messages import BookError

PROFILE = profiles.profile("regulation_2025")
# far below what the child may take
MEMORY_MB = 400
# of the processor; those of the clock are more on a busy machine
SECONDS = 15
# of the clock, where nothing is said of it: what it reads is bounded by all else
PATIENCE = 600


def computed() -> float:
    """Seconds of the processor that children took which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def refused(path, tmp_path, **bounds) -> BookError:
    """The error of a book, which must come in time, and leave nothing but the error behind."""
    folder = tmp_path / "out"
    folder.mkdir()
    allowed = Bounds(**{"seconds": PATIENCE, "cpu_seconds": 30, **bounds})
    before = computed()
    with pytest.raises(BookError) as caught:
        check_book(Request(path, PROFILE, TODAY, annotate=True, bounds=allowed), folder)
    assert computed() - before < SECONDS
    left = {one.name for one in folder.iterdir()} - {"summary.json", "read.jsonl"}
    assert not left
    return caught.value


@pytest.mark.parametrize(
    "make, code",
    [
        (hostile.far_cell, "book_far_cell"),
        (hostile.zip_bomb, "book_unpacked"),
        (hostile.lying_size, "book_damaged"),
        (hostile.entity_bomb, "book_doctype"),
        (hostile.protected, "book_password"),
    ],
)
def test_a_hostile_book_is_refused_before_a_parser_sees_it(tmp_path, make, code):
    # a child that needed more would say that its memory was not enough
    error = refused(make(tmp_path / "b.xlsx"), tmp_path, memory_mb=MEMORY_MB)
    assert error.code == code


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/comments1.xml", "_rels/.rels"]
)
def test_an_entity_bomb_in_any_part_is_refused(tmp_path, part):
    assert refused(hostile.entity_bomb(tmp_path / "b.xlsx", part), tmp_path).code == "book_doctype"


def test_a_far_cell_behind_a_nearer_one_stays_within_the_memory(tmp_path):
    error = refused(hostile.far_cell_out_of_order(tmp_path / "b.xlsx"), tmp_path)
    assert error.code in ("book_memory", "book_crashed")


def test_a_small_file_of_very_many_cells_stays_within_the_memory(tmp_path):
    path = hostile.many_cells(tmp_path / "b.xlsx")
    error = refused(path, tmp_path, memory_mb=300)
    assert error.code == "book_memory"
    assert "300" in error.sentence("zh")


def test_a_book_that_takes_too_long_is_stopped(tmp_path):
    path = hostile.many_cells(tmp_path / "b.xlsx")
    assert refused(path, tmp_path, seconds=1).code == "book_slow"


def test_an_xls_under_a_password_is_refused(tmp_path):
    path = binary.write_xls(tmp_path / "b.xls", {(0, 0): "信息资源名称"}, protected=True)
    assert refused(path, tmp_path).code in ("book_password", "book_damaged")


@pytest.mark.parametrize(
    "data, code",
    [
        (b"", "book_empty"),
        ("信息资源名称,信息资源代码\n".encode() + b"a\0b,c\n", "book_encoding"),
        ("信息资源名称".encode("utf-16-le") + b",\0", "book_encoding"),
        (b"\xff\xff\xff,\xff", "book_encoding"),
        (b"PK\x03\x04 and nothing more", "book_damaged"),
        (b"%PDF-1.7", "book_format"),
        ("<html><table><tr><td>信息资源名称</td></tr></table></html>".encode(), "book_format"),
        ('信息资源名称,信息资源代码,更新周期\n"a"b,c\n'.encode(), "book_csv"),
        ("年份,数量\n2023,5\n".encode(), "book_no_header"),
        ("信息资源名称,信息资源代码,更新周期\n".encode(), "book_no_rows"),
        (binary.container({"WordDocument": b"\0" * 5000}), "book_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 9000, "book_format"),
    ],
)
def test_what_is_no_book_says_what_to_do(tmp_path, data, code):
    path = tmp_path / "b.csv"
    path.write_bytes(data)
    error = refused(path, tmp_path)
    assert error.code == code
    assert "。" in error.sentence("zh")
    assert error.sentence("en").endswith(".")


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert "nothing.xlsx" in refused(tmp_path / "nothing.xlsx", tmp_path).sentence("zh")


def test_a_truncated_book_is_damaged(tmp_path):
    path = write(tmp_path / "b.xlsx", rows(catalog()))
    path.write_bytes(path.read_bytes()[:-2000])
    assert refused(path, tmp_path).code == "book_damaged"


def test_a_sound_book_passes_the_child(tmp_path):
    path = write(tmp_path / "b.xlsx", rows(catalog(), catalog(2, notes=None)))
    request = Request(path, PROFILE, TODAY, entries=True)
    checked = check_book(request, tmp_path)
    told = checked.summary
    assert (told["catalogs"], told["items"], told["faulty"], told["errors"]) == (2, 6, 1, 1)
    assert [one["cell"] for one in checked.findings()] == ["L6"]
    assert [(one["row"], one["errors"]) for one in checked.entries()] == [(3, 0), (6, 1)]


def test_what_is_added_to_parts_without_a_namespace_has_none_either(tmp_path):
    parts = {name: re.sub(' xmlns="[^"]+"', "", xml) for name, xml in hostile.parts("").items()}
    with ZipFile(hostile.packed(tmp_path / "b.xlsx", parts)) as archive:
        package = Package(archive)
    assert package.sheet("检查") == ("检查", "xl/worksheets/check.xml")
    assert package.types[-1].tag == "Override"
    assert package.book[0][-1].tag == "sheet"


def test_a_book_that_lists_no_sheets_is_damaged(tmp_path):
    parts = hostile.parts("") | {"xl/workbook.xml": f'<workbook xmlns="{hostile.MAIN}"/>'}
    with ZipFile(hostile.packed(tmp_path / "b.xlsx", parts)) as archive:
        package = Package(archive)
    with pytest.raises(BookError) as caught:
        package.sheet("检查")
    assert caught.value.code == "book_damaged"
