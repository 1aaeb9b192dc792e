"""The commands for a department's workbook, as a cataloguer runs them."""

import json
import os
import subprocess
import sys

import pytest

from ckanext.sdopen.tests.catalog.workbook.books import catalog, rows, write


def harvest(*arguments, lang="zh_CN.UTF-8") -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "ckanext.sdopen.harvest", *map(str, arguments)]
    environment = {**os.environ, "LC_ALL": lang, "COLUMNS": "200"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_blank_form_holds_no_catalog_yet(tmp_path):
    made = harvest("template", "--out", tmp_path / "form.xlsx")
    assert made.returncode == 0
    assert "form.xlsx" in made.stdout
    checked = harvest("check", tmp_path / "form.xlsx")
    assert checked.returncode == 5
    assert "表头之下没有目录" in checked.stderr


def test_a_sound_book_can_be_handed_in(tmp_path):
    checked = harvest("check", write(tmp_path / "b.xlsx", rows(catalog())))
    assert checked.returncode == 0
    assert "目录 1 条，信息项 3 个" in checked.stdout
    assert "没有错误" in checked.stdout


def test_errors_are_grouped_with_their_count_and_first_cells(tmp_path):
    entries = [catalog(n, notes=None) for n in range(1, 9)]
    checked = harvest("check", write(tmp_path / "b.xlsx", rows(*entries)))
    assert checked.returncode == 3
    lines = checked.stdout.splitlines()
    assert "有错误的目录 8 条" in lines[1]
    assert "8 × 信息资源摘要没有填写" in lines[2]
    assert lines[3].strip() == "目录!L3、目录!L6、目录!L9、目录!L12、目录!L15……"


def test_the_result_as_json_holds_every_finding(tmp_path):
    entries = [catalog(n, notes=None) for n in range(1, 9)]
    checked = harvest("check", write(tmp_path / "b.xlsx", rows(*entries)), "--json", lang="en")
    told = json.loads(checked.stdout)
    assert (told["faulty"], len(told["findings"])) == (8, 8)
    assert told["findings"][0]["message"] == "Abstract is missing; fill it in."


def test_an_unreadable_book_says_so_in_json_too(tmp_path):
    path = tmp_path / "b.xlsx"
    path.write_bytes(b"PK nonsense")
    checked = harvest("check", path, "--json")
    assert checked.returncode == 5
    assert json.loads(checked.stdout)["error"] == "book_damaged"


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--profile", "none_such"], "guide_2017"),
        (["--annotated", "b.xls"], "xlsx"),
        (["--annotated", "{book}"], "另"),
    ],
)
def test_wrong_usage_exits_64_and_writes_nothing(tmp_path, arguments, said):
    book = write(tmp_path / "b.xlsx", rows(catalog()))
    before = book.read_bytes()
    checked = harvest("check", book, *(a.format(book=book) for a in arguments))
    assert checked.returncode == 64
    assert said in checked.stderr.replace("换一个", "另")
    assert book.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["b.xlsx"]
