"""Pushing in bulk over real HTTP to a real portal: the results of single pushes, written once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from click.testing import CliRunner

from ckanext.sdopen.harvest.cli import harvest
from ckanext.sdopen.harvest.pushing import batches
from ckanext.sdopen.identifiers.ids import entry_id, entry_id_from_source
from ckanext.sdopen.portal.accounts import harvest_token
from ckanext.sdopen.services.layout import ROOT
from ckanext.sdopen.tests.corpus.examples import catalog, department

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(scope="module")
def indexer(clean_portal):
    """The indexer on the tests' portal."""
    ckan = [str(Path(sys.executable).with_name("ckan")), "-c", str(ROOT / "test.ini")]
    child = subprocess.Popen([*ckan, "sdopen", "search", "drain"], stderr=subprocess.DEVNULL)
    yield
    child.terminate()
    child.wait(30)


@pytest.fixture(scope="module")
def token(clean_portal, indexer):
    return harvest_token()


@pytest.fixture
def invoke(served, token, tmp_path, monkeypatch):
    monkeypatch.setenv("SDOPEN_TOKEN", token)

    def run(*arguments, expected=0):
        result = CliRunner().invoke(
            harvest, [*arguments, "--portal", served, "--json"], catch_exceptions=False
        )
        assert result.exit_code == expected, result.output
        return json.loads(next(line for line in result.output.splitlines() if line[:1] == "{"))

    return run


@pytest.fixture
def push(invoke, tmp_path):
    def run(source, expected=0):
        where = ["--push", "bulk", "--report", str(tmp_path)]
        return invoke("run", str(source), *where, expected=expected)

    return run


@pytest.fixture
def files(tmp_path):
    for name in ("weihai_files.json", "weihai_files.yaml"):
        (tmp_path / name).write_bytes((FIXTURES / name).read_bytes())
    return tmp_path / "weihai_files.yaml"


def moments():
    found = model.Session.query(model.Package.id, model.Package.metadata_modified).all()
    model.Session.rollback()
    return sorted(found)


def test_a_first_run_creates_what_is_found_and_a_second_writes_nothing(push, files):
    first = push(files)
    assert (first["created"], first["rejected"], first["departments_made"]) == (3, 0, 2)
    shown = call_action(
        "package_show", id=entry_id_from_source("catalog", "weihai-test", "wh-0001")
    )
    assert shown["state"] == "active"
    assert call_action("package_search", fq="source_id:weihai-test", rows=0)["count"] == 3
    before = moments()
    second = push(files)
    assert (second["unchanged"], second["created"], second["updated"]) == (3, 0, 0)
    assert moments() == before


def test_what_one_way_wrote_the_other_leaves_alone(push, invoke, files, tmp_path):
    push(files)
    before = moments()
    single = invoke("run", str(files), "--report", str(tmp_path))
    assert single["unchanged"] == 3
    assert moments() == before


def test_a_record_that_the_portal_refuses_is_told_with_its_reason(push, files, tmp_path):
    data = files.with_suffix(".json")
    text = (
        data.read_text(encoding="utf-8").replace('"f-12"', '"f-11"').replace("wh-0001", "wh-0099")
    )
    data.write_text(text, encoding="utf-8")
    summary = push(files, expected=3)
    assert summary["rejected"] == 1
    report = max(tmp_path.glob("*.csv")).read_text(encoding="utf-8-sig")
    assert "portal_refused" in report


@pytest.fixture
def records(tmp_path, clean_portal):
    owner = department("山东省民政厅")["id"]
    found = [
        catalog(owner, title=f"婚姻登记点{name}名录", resource_code=f"307031/00000{number}")
        for number, name in enumerate("甲乙丙丁戊", 1)
    ]
    path = tmp_path / "entries.ndjson"
    path.write_bytes(b"\n\n".join(map(batches.encoded, found)) + b"\n")
    return path


def test_records_are_loaded_and_found_when_the_command_ends(invoke, records):
    told = invoke("load", str(records), "--records", "2")
    assert told["searchable"] is True
    assert told["counts"] == {"created": 5}
    found = entry_id("catalog", "370000", "307031/000003")
    assert call_action("package_search", fq=f"id:{found}", rows=0)["count"] == 1


def test_a_load_of_the_same_name_gets_its_first_answers(invoke, records):
    first = invoke("load", str(records), "--records", "2", "--run", "once")
    before = moments()
    again = invoke("load", str(records), "--records", "2", "--run", "once")
    assert again["counts"] == first["counts"]
    assert moments() == before


def test_a_file_of_a_chinese_name_is_loaded(invoke, records):
    named = records.rename(records.with_name("目录.ndjson"))
    told = invoke("load", str(named))
    assert told["run"].startswith("目录-")
    assert sum(told["counts"].values()) == 5


def test_a_token_that_is_none_ends_a_load_in_one_sentence(served, records, monkeypatch):
    monkeypatch.setenv("SDOPEN_TOKEN", "not-a-token")
    result = CliRunner().invoke(harvest, ["load", str(records), "--portal", served])
    assert result.exit_code == 6
    assert "not-a-token" not in result.output
    assert "Traceback" not in result.output


def test_a_file_that_is_not_there_is_wrong_usage(served, token, monkeypatch):
    monkeypatch.setenv("SDOPEN_TOKEN", token)
    result = CliRunner().invoke(harvest, ["load", "absent.ndjson", "--portal", served])
    assert result.exit_code == 64


def test_a_broken_line_is_named_by_its_number_in_the_file(served, token, records, monkeypatch):
    monkeypatch.setenv("SDOPEN_TOKEN", token)
    lines = records.read_bytes().split(b"\n")
    lines[6] = b'{"title": "\xd5\xe3\xbd\xad"}'
    records.write_bytes(b"\n".join(lines))
    result = CliRunner().invoke(
        harvest, ["load", str(records), "--portal", served, "--records", "1"]
    )
    assert result.exit_code == 64
    assert f"{records} 第 7 行不是 JSON 对象" in result.output.replace("\n", "")


def test_a_byte_order_mark_is_no_part_of_the_first_record(invoke, records):
    records.write_bytes(b"\xef\xbb\xbf" + records.read_bytes())
    assert sum(invoke("load", str(records))["counts"].values()) == 5


def test_refused_records_are_named_by_their_titles_and_kept_whole_in_a_file(
    served, token, clean_portal, tmp_path, monkeypatch
):
    monkeypatch.setenv("SDOPEN_TOKEN", token)
    owner = department("山东省民政厅")["id"]
    wrong = [catalog(owner, title=f"殡葬服务点{n}", sharing="perhaps") for n in range(25)]
    path, kept = tmp_path / "wrong.ndjson", tmp_path / "refused.ndjson"
    path.write_bytes(b"\n".join(map(batches.encoded, wrong)))
    asked = ["load", str(path), "--portal", served, "--no-wait", "--refused", str(kept)]
    result = CliRunner().invoke(harvest, asked)
    assert result.exit_code == 3
    assert "第 20 条“殡葬服务点19”未写入：" in result.output
    assert "第 21 条" not in result.output
    assert "另有 5 条未写入" in result.output
    told = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    assert [one["record"] for one in told] == list(range(1, 26))
    assert {finding["field"] for one in told for finding in one["findings"]} >= {"sharing"}
