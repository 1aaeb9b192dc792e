"""Pushing over real HTTP to a real portal: ids stay, a second run writes nothing."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action
from click.testing import CliRunner

from ckanext.sdopen.harvest.cli import harvest
from ckanext.sdopen.harvest.pushing.one_by_one import possible_ids
from ckanext.sdopen.identifiers import service_key
from ckanext.sdopen.identifiers.ids import entry_id, entry_id_from_source
from ckanext.sdopen.portal.accounts import harvest_token
from ckanext.sdopen.tests.workbook.corpus.books import catalog, rows, write

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(scope="module")
def token(clean_portal):
    """The token of the harvest account of an empty portal."""
    return harvest_token()


@pytest.fixture
def push(served, token, tmp_path, monkeypatch):
    """Run `harvest run` on a source file and return its summary."""
    monkeypatch.setenv("SDOPEN_TOKEN", token)

    def run(source, expected=0):
        arguments = ["run", str(source), "--portal", served, "--json", "--report", str(tmp_path)]
        result = CliRunner().invoke(harvest, arguments, catch_exceptions=False)
        assert result.exit_code == expected, result.output
        return json.loads(next(line for line in result.output.splitlines() if line[:1] == "{"))

    return run


@pytest.fixture
def files(tmp_path):
    """A copy of the fixture with addresses of files, to be changed by a test."""
    for name in ("weihai_files.json", "weihai_files.yaml"):
        (tmp_path / name).write_bytes((FIXTURES / name).read_bytes())
    return tmp_path / "weihai_files.yaml"


def changed(source, old, new):
    data = source.with_suffix(".json")
    text = data.read_text(encoding="utf-8")
    assert old in text
    data.write_text(text.replace(old, new), encoding="utf-8")


def shown(key):
    return call_action("package_show", id=entry_id_from_source("catalog", "weihai-test", key))


def test_a_first_run_creates_and_a_second_writes_nothing(push, files):
    first = push(files)
    assert (first["created"], first["rejected"], first["departments_made"]) == (3, 0, 2)
    before = model.Session.query(model.Package.id, model.Package.metadata_modified).all()
    model.Session.rollback()
    second = push(files)
    assert (second["unchanged"], second["created"], second["updated"]) == (3, 0, 0)
    assert model.Session.query(model.Package.id, model.Package.metadata_modified).all() == before


def test_what_the_harvest_account_writes_is_published(push, files):
    push(files)
    entry = shown("wh-0001")
    assert entry["state"] == "active"
    assert entry["organization"]["title"] == "威海市海洋发展局"
    assert [item["name"] for item in entry["info_items"]] == [
        "浴场名称",
        "监测日期",
        "水温（℃）",
        "水质等级",
        "健康指数",
    ]
    assert {tag["name"] for tag in entry["tags"]} == {"海水浴场", "水质", "赤潮", "绿潮"}
    anonymous = call_action("package_search", {"user": ""}, fq="source_key:wh-0001", rows=0)
    assert anonymous["count"] in (0, 1)


def test_a_file_keeps_its_id_when_its_address_or_place_changes(push, files):
    push(files)
    before = {r["source_key"]: r["id"] for r in shown("wh-0001")["resources"]}
    changed(
        files, "http://data.weihai.example/files/f-11.csv", "https://data.weihai.example/f-11.csv"
    )
    data = json.loads(files.with_suffix(".json").read_text(encoding="utf-8"))
    data["object"]["records"][0]["files"].reverse()
    files.with_suffix(".json").write_text(json.dumps(data), encoding="utf-8")
    assert push(files)["updated"] == 1
    after = {r["source_key"]: r["id"] for r in shown("wh-0001")["resources"]}
    assert after == before
    assert shown("wh-0001")["resources"][1]["url"].startswith("https://")


def test_rows_that_vanish_stay(push, files):
    push(files)
    data = json.loads(files.with_suffix(".json").read_text(encoding="utf-8"))
    gone = data["object"]["records"].pop()
    files.with_suffix(".json").write_text(json.dumps(data), encoding="utf-8")
    push(files)
    assert shown(gone["cataId"])["state"] == "active"


def test_a_record_that_the_portal_refuses_is_told_and_the_others_go_on(push, files):
    # two files with one id in an entry pass the mapping and are refused by the portal
    changed(files, '"f-12"', '"f-11"')
    changed(files, "wh-0001", "wh-0099")
    summary = push(files, expected=3)
    assert summary["rejected"] == 1
    assert summary["unchanged"] + summary["updated"] + summary["created"] == 2


def test_a_wrong_token_writes_nothing(push, files, monkeypatch, served, tmp_path):
    monkeypatch.setenv("SDOPEN_TOKEN", "not-a-token")
    arguments = ["run", str(files), "--portal", served, "--report", str(tmp_path)]
    result = CliRunner().invoke(harvest, arguments)
    assert result.exit_code == 6
    assert "not-a-token" not in result.output


def test_a_portal_that_is_not_there_is_one_sentence(files, monkeypatch, tmp_path):
    monkeypatch.setenv("SDOPEN_TOKEN", "x")
    arguments = ["run", str(files), "--portal", "http://127.0.0.1:9", "--report", str(tmp_path)]
    result = CliRunner().invoke(harvest, arguments)
    assert result.exit_code == 6
    assert "Traceback" not in result.output
    assert len(result.output.strip().splitlines()) <= 2


@pytest.mark.slow
@pytest.mark.parametrize(("name", "rows"), [("foshan", 392), ("guizhou", 460)])
def test_a_real_catalog_is_created_whole_and_then_left_alone(
    push, repository, shared_data, name, rows
):
    source = repository / "config" / "sources" / f"{name}.yaml"
    first = push(source)
    assert first["created"] + first["merged"] == rows
    assert first["rejected"] == 0
    second = push(source)
    assert second["unchanged"] + second["merged"] == rows
    assert second["created"] == second["updated"] == 0


def test_the_harvest_account_is_no_sysadmin(token):
    assert not model.User.get("harvest").sysadmin
    with pytest.raises(tk.NotAuthorized):
        call_action("config_option_list", {"user": "harvest", "ignore_auth": False})


def test_a_departments_workbook_is_pushed_twice_and_written_once(push, tmp_path):
    write(tmp_path / "b.xlsx", rows(catalog(), catalog(2, notes=None)))
    text = {"id": "book-test", "title": "目录表", "region": "370000"} | {
        "input": {"path": "b.xlsx", "format": "workbook"}
    }
    source = tmp_path / "book.yaml"
    source.write_text(json.dumps(text, ensure_ascii=False), encoding="utf-8")
    first = push(source, expected=3)
    assert (first["created"], first["rejected"], first["departments_made"]) == (1, 1, 1)
    second = push(source, expected=3)
    assert (second["unchanged"], second["rejected"]) == (1, 1)
    entry = call_action("package_show", id=entry_id("catalog", "370000", "307001/000123"))
    assert entry["title"] == "全省定点零售药店名录"
    assert {tag["name"] for tag in entry["tags"]} == {"药店", "医保定点"}
    assert entry["info_items"][0]["description"] == "营业执照上的名称"


def test_an_interface_is_looked_for_by_its_service_code_as_the_portal_identifies_it():
    source: Any = SimpleNamespace(kind="interface", region="370000", id="foshan")
    payload = {"source_id": "foshan", "source_key": "7", "service_code": "YB-7", "owner_org": "4f"}
    known = service_key.entry_id("4f", "YB-7", "", "")
    assert possible_ids(source, payload) == [known]
    without = {**payload, "service_code": ""}
    assert possible_ids(source, without) == [entry_id_from_source("interface", "foshan", "7")]
    # the portal says what is wrong with a code that makes no address
    assert possible_ids(source, {**payload, "resource_code": "药店/1"}) == []
