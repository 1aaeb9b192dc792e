"""Mapping of whole files: the two real catalogs, and files that are wrong."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from ckanext.sdopen.harvest import run
from ckanext.sdopen.harvest.messages import HarvestError, UsageError
from ckanext.sdopen.harvest.reading import source

FIXTURES = Path(__file__).parents[1] / "fixtures"

SOURCE = """
id: test
title: 测试
region: "370100"
input: {path: rows.csv}
identity: {key: [编号], tie_break: [更新]}
provider: {column: 部门}
mapping:
  title: 名称
  notes: {column: 摘要, aliases: [简介]}
  updated_on: {column: 更新, as: date}
constants: {opening: unconditional}
ignored: [备注]
"""
HEADER = ["编号", "名称", "摘要", "部门", "更新", "备注"]


@pytest.fixture
def file_of(tmp_path):
    """A source whose CSV file holds the given rows under a header."""

    def make(rows, header=HEADER, encoding="utf-8", **changes):
        text = SOURCE
        for old, new in changes.items():
            text = text.replace(old, new)
        (tmp_path / "source.yaml").write_text(text, encoding="utf-8")
        with (tmp_path / "rows.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return source.load(tmp_path / "source.yaml")

    return make


def row(number="1", title="目录", notes="摘要", department="市统计局", updated="2020-01-01"):
    return [number, title, notes, department, updated, ""]


@pytest.mark.parametrize(("name", "entries"), [("foshan", 392), ("guizhou", 460)])
def test_every_row_of_a_real_catalog_becomes_an_entry(repository, shared_data, name, entries):
    found, report = run.gather(source.load(repository / "config" / "sources" / f"{name}.yaml"))
    assert report.rows == entries
    assert not [entry for entry in found if entry.rejected]
    assert len(found) + sum(len(entry.merged_rows) for entry in found) == entries
    assert len({entry.key for entry in found}) == len(found)
    assert not report.file_findings


def test_what_foshan_says_of_an_entry_is_kept(repository, shared_data):
    found, _ = run.gather(source.load(repository / "config" / "sources" / "foshan.yaml"))
    entry = next(entry for entry in found if entry.key == "43270")
    assert entry.provider == "佛山市地方税务局"
    assert entry.payload["record_count"] == 121_821
    assert (entry.payload["file_count"], entry.payload["interface_count"]) == (4, 2)
    assert entry.payload["source_downloads"] == 165
    assert entry.payload["update_cycle"] == "monthly"
    assert entry.payload["opening"] == "unconditional"
    assert entry.payload["updated_on"] == "2018-02-07"
    # this row's topic stood in the column of the industry
    assert entry.payload["industry"] == "公共管理、社会保障和社会组织"
    names = [item["name"] for item in entry.payload["info_items"]]
    assert names[:2] == ["组织机构代码", "企业注册号"]
    assert names[-1] == "实际经营地址"


def test_no_tag_of_foshan_is_lost_in_silence(repository, shared_data):
    loaded = source.load(repository / "config" / "sources" / "foshan.yaml")
    rows = json.loads(loaded.path.read_text(encoding="utf-8"))
    column = rows[0].index("标签")
    found, _ = run.gather(loaded)
    kept = {entry.key: {tag["name"] for tag in entry.payload.get("tags", [])} for entry in found}
    said = {entry.key: " ".join(f.sentence for f in entry.findings) for entry in found}
    for cells in rows[1:]:
        for tag in filter(None, (part.strip() for part in cells[column].split(","))):
            assert tag in kept[cells[0]] or tag in said[cells[0]], (cells[0], tag)


def test_unknown_cycles_keep_their_own_words(repository, shared_data):
    found, _ = run.gather(source.load(repository / "config" / "sources" / "foshan.yaml"))
    notes = Counter(entry.payload.get("update_cycle_note") for entry in found)
    assert notes["自定义"] == 95
    assert notes["3"] == 1


def test_guizhous_lists_are_read_and_equal_titles_stay_apart(repository, shared_data):
    found, _ = run.gather(source.load(repository / "config" / "sources" / "guizhou.yaml"))
    scenic = [entry for entry in found if entry.title == "贵州省国家A级旅游景区名录"]
    assert len(scenic) == 2
    assert [entry.payload["file_count"] for entry in scenic] == [1, 4]
    assert scenic[1].payload["format_types"] == ["xls"]
    assert scenic[1].key == scenic[0].key + "|2017-05-23 10:47:22"


def test_rows_that_agree_in_every_column_are_merged(file_of):
    found, _ = run.gather(file_of([row(), row(), row("2")]))
    assert [(entry.row, entry.merged_rows) for entry in found] == [(2, (3,)), (4, ())]


def test_rows_of_one_key_that_differ_are_never_merged(file_of):
    rows = [row(updated="2021-01-01"), row(updated="2020-01-01")]
    found, _ = run.gather(file_of(rows))
    assert [entry.key for entry in found] == ["1|2021-01-01", "1"]
    same_day = [row(title="甲"), row(title="乙")]
    found, _ = run.gather(file_of(same_day))
    assert all(entry.rejected for entry in found)
    assert {finding.code for entry in found for finding in entry.findings} == {"key_twice"}


def test_the_order_of_rows_changes_no_key(file_of):
    rows = [row(str(n), updated=f"202{n}-01-01") for n in range(5)] + [
        row("3", updated="2029-01-01")
    ]
    forward = {(entry.key, entry.title) for entry in run.gather(file_of(rows))[0]}
    backward = {(entry.key, entry.title) for entry in run.gather(file_of(rows[::-1]))[0]}
    assert forward == backward


def test_a_missing_column_stops_the_source_and_names_it(file_of):
    with pytest.raises(HarvestError, match="名称") as caught:
        run.gather(file_of([row()], header=["编号", "题目", "摘要", "部门", "更新", "备注"]))
    assert caught.value.code == "columns_missing"
    assert "题目" in str(caught.value)


def test_an_alias_stands_for_a_column_and_an_unknown_one_is_a_warning(file_of):
    header = ["编号", "名称", "简介", "部门", "更新", "备注", "新列"]
    found, report = run.gather(file_of([[*row(), "x"]], header=header))
    assert found[0].payload["notes"] == "摘要"
    assert [finding.code for finding in report.file_findings] == ["column_unknown"]


def test_a_bad_row_is_rejected_and_the_others_go_on(file_of):
    found, _ = run.gather(file_of([row("1", updated="明天"), row("2"), row("", title="无编号")]))
    assert [entry.rejected for entry in found] == [True, False, True]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_what_spreadsheets_save_besides_utf_8_is_read(file_of, encoding):
    found, _ = run.gather(file_of([row(title="鲁山𠮷")], encoding=encoding))
    assert found[0].payload["title"] == "鲁山𠮷"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_no_rows"),
        (b"\xff\xff\x00\x01", "file_encoding"),
        ("编号,编号\n1,2\n".encode(), "column_twice"),
        ("编号,名称,摘要,部门,更新,备注\n1,2,3,4,5,6,7\n".encode(), "row_too_long"),
        ('编号,名称\n"1,2\n'.encode(), "file_not_csv"),
        ("编号,名称,摘要,部门,更新,备注\n".encode(), "file_no_rows"),
    ],
)
def test_a_broken_file_is_one_clear_sentence(file_of, content, code):
    loaded = file_of([row()])
    loaded.path.write_bytes(content)
    with pytest.raises(HarvestError) as caught:
        run.gather(loaded)
    assert caught.value.code == code


@pytest.mark.parametrize("ending", ["json", "xlsx"])
def test_a_file_that_is_not_what_its_ending_says_is_refused(file_of, ending):
    loaded = file_of([row()], **{"rows.csv": f"rows.{ending}"})
    loaded.path.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(HarvestError) as caught:
        run.gather(loaded)
    assert caught.value.code == f"file_not_{ending}"


def test_a_file_above_the_limit_is_not_read(file_of):
    loaded = file_of(
        [row(), row("2")], **{"ignored: [备注]": "ignored: [备注]\nlimits: {records: 1}"}
    )
    with pytest.raises(HarvestError) as caught:
        run.gather(loaded)
    assert caught.value.code == "too_many_rows"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("title: 测试", "titel: 测试", "source_unknown_key"),
        ("as: date", "as: datum", "source_unknown_key"),
        ('"370100"', '"999999"', "source_unknown_region"),
        ("identity:", "identiti:", "source_unknown_key"),
        ("id: test", "{", "source_not_yaml"),
        ("id: test\n", "", "source_missing_key"),
    ],
)
def test_a_source_file_that_is_wrong_says_where(file_of, old, new, code):
    with pytest.raises(UsageError) as caught:
        file_of([row()], **{old: new})
    assert caught.value.code == code
    assert caught.value.exit_code == 64
