"""Bundles: what is in the zip of one or several catalogs, for whom, and that it can be checked."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import datetime

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.sdopen.table_publishing.bundles import content, pages
from ckanext.sdopen.table_publishing.bundles.zips import Zip
from ckanext.sdopen.table_publishing.giving.kept import Kept
from ckanext.sdopen.tests.corpus.examples import created, department, harvested
from ckanext.sdopen.tests.table_publishing.corpus.busy import busy
from ckanext.sdopen.tests.table_publishing.corpus.loaded import PHARMACIES, ROWS, load

_FILES = [{"name": "名录.csv", "url": "https://data.example/list.csv"}]


@pytest.fixture(scope="module")
def entries(clean_portal, tmp_path_factory):
    """Names of two open catalogs with a table each, and of one that opens on application."""
    bureau = department("山东省医疗保障局")
    names = {}
    for title in ("甲", "乙", "丙"):
        bound = {"opening": "conditional", "opening_condition": "实名申请"} if title == "丙" else {}
        more = harvested(bureau["id"], source_key=title, title=title, resources=_FILES, **bound)
        entry = created(more)
        hostile = [("005", "=1+1", *ROWS[0][2:]), *ROWS]
        load(entry["resources"][0], tmp_path_factory.mktemp("rows"), rows=hostile)
        names[title] = entry["name"]
    return names


def unpacked(answer) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def test_the_bundle_of_a_catalog_says_all_of_itself(portal_app, entries):
    name = entries["甲"]
    answer = portal_app.get(f"/dataset/{name}.zip", status=200)
    assert answer.headers["Content-Type"] == "application/zip"
    assert "filename*=UTF-8''%E7%94%B2.zip" in answer.headers["Content-Disposition"]
    files = unpacked(answer)
    path = f"{name}/data/名录.csv"
    assert list(files) == [
        f"{name}/terms.txt",
        f"{name}/metadata.json",
        path,
        f"{name}/data/名录.schema.json",
        f"{path}-metadata.json",
        "datapackage.json",
        "SHA256SUMS",
    ]
    lines = (one.split("  ") for one in files["SHA256SUMS"].decode().splitlines())
    sums = {path: digest for digest, path in lines}
    for one, digest in sums.items():
        assert hashlib.sha256(files[one]).hexdigest() == digest
    assert set(files) - set(sums) == {"SHA256SUMS"}
    (resource,) = json.loads(files["datapackage.json"])["resources"]
    assert (resource["path"], resource["bytes"]) == (path, len(files[path]))
    assert resource["hash"] == f"sha256:{sums[path]}"
    rows = list(csv.reader(io.StringIO(files[path].decode())))
    assert rows[0] == [field["name"] for field in resource["schema"]["fields"]]
    assert len(rows) == 6
    assert resource["schema"]["primaryKey"] == ["编号"]
    assert json.loads(files[f"{name}/metadata.json"])["title"] == "甲"
    assert "山东省医疗保障局" in files[f"{name}/terms.txt"].decode()


def test_columns_are_told_to_programs_in_both_ways(portal_app, entries):
    files = unpacked(portal_app.get(f"/dataset/{entries['甲']}.zip"))
    schema = json.loads(files[f"{entries['甲']}/data/名录.schema.json"])
    assert [field["type"] for field in schema["fields"]] == [
        "string",
        "string",
        "integer",
        "number",
        "date",
        "datetime",
        "boolean",
    ]
    assert schema["fields"][0]["constraints"] == {"required": True}
    web = json.loads(files[f"{entries['甲']}/data/名录.csv-metadata.json"])
    assert [column["titles"][0] for column in web["tableSchema"]["columns"]] == [
        column.name for column in PHARMACIES
    ]
    assert web["tableSchema"]["primaryKey"] == ["%E7%BC%96%E5%8F%B7"]


def test_cells_are_texts_for_spreadsheets_unless_they_are_asked_for_as_they_are(
    portal_app, entries
):
    address, path = f"/dataset/{entries['甲']}.zip", f"{entries['甲']}/data/名录.csv"
    assert "'=1+1" in unpacked(portal_app.get(address))[path].decode()
    assert "'=1+1" not in unpacked(portal_app.get(f"{address}?raw=1"))[path].decode()


def test_several_catalogs_are_one_bundle(portal_app, entries):
    address = f"/bundle.zip?entry={entries['甲']}&entry={entries['乙']}&entry={entries['甲']}"
    files = unpacked(portal_app.get(address, status=200))
    assert len(json.loads(files["datapackage.json"])["resources"]) == 2
    assert portal_app.get("/bundle.zip").status_code == 400
    many = "&".join(f"entry={number}" for number in range(21))
    assert portal_app.get(f"/bundle.zip?{many}").status_code == 400


def test_nobody_gets_by_a_bundle_what_he_does_not_get_alone(portal_app, entries):
    portal_app.get(f"/dataset/{entries['丙']}.zip", status=403)
    portal_app.get(f"/bundle.zip?entry={entries['甲']}&entry={entries['丙']}", status=403)
    portal_app.get("/bundle.zip?entry=none", status=404)


def test_a_large_table_comes_as_parquet(portal_app, entries, monkeypatch):
    monkeypatch.setattr(content, "MOST_CSV_ROWS", 4)
    files = unpacked(portal_app.get(f"/dataset/{entries['甲']}.zip"))
    assert files[f"{entries['甲']}/data/名录.parquet"].startswith(b"PAR1")


def test_that_the_reader_is_away_is_said_before_the_first_byte(portal_app, entries, monkeypatch):
    monkeypatch.setenv("SDOPEN_TABLES_URL", "")
    assert portal_app.get(f"/dataset/{entries['甲']}.zip").status_code == 503


def test_the_page_of_a_catalog_leads_to_its_bundle(portal_app, entries):
    page = portal_app.get(f"/dataset/{entries['甲']}").get_data(as_text=True)
    assert tk.h.url_for("sdopen_bundles.one", id=entries["甲"]).rsplit("/", 1)[-1] in page


def test_a_zip_is_sent_while_it_is_written_and_is_broken_without_its_end():
    bundle = Zip(datetime(2026, 11, 30))
    blocks = [bytes([number]) * 100_000 for number in range(20)]
    sent = list(bundle.file("a.bin", iter(blocks), is_packed=True))
    assert len(sent) > 10
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(b"".join(sent)))
    sent += bundle.end()
    with zipfile.ZipFile(io.BytesIO(b"".join(sent))) as found:
        assert found.read("a.bin") == b"".join(blocks)


def test_a_process_packs_so_many_bundles_at_a_time(portal_app, entries, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.bundles_at_a_time", 1)
    address = f"/dataset/{entries['甲']}.zip"
    first = portal_app.client.get(address, buffered=False)
    refused = portal_app.get(address, status=503)
    assert int(refused.headers["Retry-After"]) > 0
    first.close()
    # neither an answer that was sent nor one that was refused keeps it
    portal_app.get(address, status=200)
    monkeypatch.setattr(content, "terms", lambda catalog: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        portal_app.get(address)
    monkeypatch.undo()
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.bundles_at_a_time", 1)
    portal_app.get(address, status=200)


def test_a_bundle_of_too_much_is_refused_before_anything_is_read(portal_app, entries, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.bundle_megabytes", 0)
    monkeypatch.setenv("SDOPEN_TABLES_URL", "")
    answer = portal_app.get(f"/dataset/{entries['甲']}.zip", status=413)
    assert "请分别下载" in answer.get_data(as_text=True)
    monkeypatch.undo()
    monkeypatch.setattr(content, "MOST_TABLES", 1)
    portal_app.get(f"/bundle.zip?entry={entries['甲']}&entry={entries['乙']}", status=413)


def test_a_busy_reader_and_a_storage_without_room_are_503(
    portal_app, entries, monkeypatch, tmp_path
):
    address = f"/dataset/{entries['甲']}.zip"
    with busy() as reader, monkeypatch.context() as patched:
        patched.setenv("SDOPEN_TABLES_URL", reader)
        assert int(portal_app.get(address, status=503).headers["Retry-After"]) > 0
    monkeypatch.setattr(content, "MOST_CSV_ROWS", 0)
    for name, value in (("folder", tmp_path), ("storage_url", "memory:///")):
        monkeypatch.setitem(tk.config, f"ckanext.sdopen.tables.{name}", str(value))
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.free_megabytes", 10**9)
    assert int(portal_app.get(address, status=503).headers["Retry-After"]) > 0


def test_what_an_account_gets_is_kept_by_no_cache(portal_app, entries):
    address = f"/dataset/{entries['甲']}.zip"
    assert portal_app.get(address).headers["Cache-Control"] == "public, no-cache"
    # `guard/headers.py` says so of each request with a token: the page itself is asked
    account = model.User.get(factories.Sysadmin()["name"])
    with portal_app.flask_app.test_request_context(address):
        tk.login_user(account)
        answer = pages.one(entries["甲"])
        answer.close()
        assert isinstance(answer, Kept)
        assert answer.kept == "private, no-store"
