"""The commands for a department's workbook, as a cataloguer runs them."""

import json
import os
import subprocess
import sys

import pytest

from ckanext.sdopen.harvest import run
from ckanext.sdopen.harvest.messages import HarvestError
from ckanext.sdopen.harvest.reading import source
from ckanext.sdopen.tests.workbook.corpus.books import catalog, rows, write


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


def source_of(folder, book, **more):
    text = {"id": "sswj", "title": "省示例局目录", "region": "370000", **more}
    text["input"] = {"path": book.name, "format": "workbook"}
    path = folder / "source.yaml"
    path.write_text(json.dumps(text, ensure_ascii=False), encoding="utf-8")
    return source.load(path)


def test_a_book_is_a_source_without_any_mapping(tmp_path):
    book = write(tmp_path / "b.xlsx", rows(catalog(), catalog(2, notes=None), catalog(3)))
    entries, report = run.gather(source_of(tmp_path, book))
    assert report.rows == 3
    assert [(e.key, e.rejected) for e in entries] == [
        ("307001/000123", False),
        ("307001/000002", True),
        ("307001/000003", False),
    ]
    assert entries[0].provider == "山东省示例局"
    assert "owner_org" not in entries[0].payload
    assert entries[0].payload["info_items"][0]["english_name"] == "pharmacy_name"
    assert "目录!L6" in entries[1].findings[0].sentence


def test_a_book_that_cannot_be_read_stops_the_source(tmp_path):
    book = tmp_path / "b.xlsx"
    book.write_bytes(b"PK nonsense")
    with pytest.raises(HarvestError) as caught:
        run.gather(source_of(tmp_path, book))
    assert caught.value.exit_code == 5


def test_a_secret_book_is_not_pushed_and_none_of_its_text_is_told(tmp_path):
    book = write(tmp_path / "b.xlsx", rows(catalog(), catalog(2, title="（机密）岛礁哨位名录")))
    with pytest.raises(HarvestError) as caught:
        run.gather(source_of(tmp_path, book))
    assert "目录!H6" in str(caught.value)
    assert "岛礁" not in str(caught.value)
