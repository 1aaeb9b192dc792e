"""A file is read in a child process: within its bounds, and nothing is left of what fails."""

import zipfile

import pytest

from ckanext.sdopen.sheets.account import Account
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.sheets.reading import read
from ckanext.sdopen.tests.sheets.corpus.tables import rows_of, text_file
from ckanext.sdopen.tests.workbook.corpus import hostile

TEXT = "代码,名称\n" + "".join(f"{number:06},名{number}\n" for number in range(200_000))


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "made"
    made.mkdir()
    return made


def refused(path, folder, **limits) -> SheetError:
    """The error of a file, after which nothing is left."""
    with pytest.raises(SheetError) as caught:
        read(path, path.name, folder, Limits(**limits))
    assert list(folder.iterdir()) == []
    assert caught.value.sentence("en")
    return caught.value


def test_a_file_becomes_a_table_and_its_account_and_tells_how_far_it_is(tmp_path, folder):
    path = text_file(tmp_path, TEXT)
    told = []
    (table,) = read(
        path, "名单.csv", folder, progress=lambda done, whole: told.append((done, whole))
    )
    assert table.account.rows == 200_000
    assert table.account.sheet == "名单"
    assert rows_of(table.csv)[-1] == ["200001", "199999", "名199999"]
    assert [one.name for one in table.csv.parent.iterdir()] == ["1.csv"]
    assert len(told) >= 2
    assert sorted(told) == told
    assert {whole for _, whole in told} == {path.stat().st_size}
    assert Account.from_dict(table.account.as_dict()) == table.account


def test_who_does_not_want_to_wait_ends_the_reading(tmp_path, folder):
    class Cancelled(Exception):
        pass

    def cancel(done, whole):
        raise Cancelled

    with pytest.raises(Cancelled):
        read(text_file(tmp_path, TEXT), "x.csv", folder, progress=cancel)
    assert list(folder.iterdir()) == []


def test_a_file_that_is_not_there_is_named(tmp_path, folder):
    assert "没有文件 no.csv" in str(refused(tmp_path / "no.csv", folder))


def test_a_file_that_takes_too_long_is_stopped(tmp_path, folder):
    path = hostile.many_cells(tmp_path / "b.xlsx")
    assert refused(path, folder, seconds=1).code == "slow"
    assert refused(path, folder, cpu_seconds=1).code == "slow"


def test_a_file_that_needs_too_much_memory_is_stopped(tmp_path, folder):
    path = hostile.many_cells(tmp_path / "b.xlsx")
    error = refused(path, folder, memory_mb=300, streamed_cells=10**9)
    assert error.code == "memory"
    assert "300" in error.sentence("zh")


def test_many_cells_are_read_row_by_row_in_little_memory(tmp_path, folder):
    rows = b"".join(
        b'<row r="%d"><c t="inlineStr"><is><t>x</t></is></c><c><v>1</v></c></row>' % number
        for number in range(2, 30_000)
    )
    content = hostile.parts(hostile.sheet("")) | {
        "xl/worksheets/sheet1.xml": hostile.sheet("|").encode().replace(b"|", rows)
    }
    path = hostile.packed(tmp_path / "b.xlsx", content)
    (table,) = read(path, "b.xlsx", folder, Limits(streamed_cells=1000, memory_mb=200))
    assert table.account.rows == 29_998


def test_a_table_that_grows_too_large_is_stopped(tmp_path, folder):
    assert refused(text_file(tmp_path, TEXT), folder, made_mb=1).code == "too_much"


def test_a_bomb_is_no_table(tmp_path, folder):
    assert (
        refused(hostile.zip_bomb(tmp_path / "b.xlsx"), folder, unpacked=600 << 20).code
        == "unpacked"
    )
    path = tmp_path / "cell.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("x.csv", "w", force_zip64=True) as file,
    ):
        file.write("名,值\n".encode())
        for _ in range(1024):
            file.write(b"x" * (1 << 20))
    # a cell of 1 GB
    assert refused(path, folder).code == "unpacked"
    assert refused(path, folder, ratio=10**6).code == "line_long"


def test_a_long_table_needs_no_more_memory_than_a_short_one(tmp_path, folder):
    (table,) = read(text_file(tmp_path, TEXT * 5), "x.csv", folder, Limits(memory_mb=200))
    assert table.account.rows == 1_000_000
    assert table.account.skipped["header"].count == 4
