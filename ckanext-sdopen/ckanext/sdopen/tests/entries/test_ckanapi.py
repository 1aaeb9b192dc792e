"""ckanapi, the client that programs use, works unchanged on the served portal."""

import json
import subprocess
import sys

import ckanapi
import pytest
from ckan.tests import factories

from ckanext.sdopen.tests.corpus.examples import catalog, department, interface

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture(scope="module")
def bureau(clean_portal):
    return department("山东省统计局")


@pytest.fixture(scope="module")
def token(clean_portal):
    return factories.SysadminWithToken()["token"]


@pytest.fixture(scope="module")
def portal(served, token):
    with ckanapi.RemoteCKAN(served, apikey=token) as client:
        yield client


def test_an_entry_is_created_patched_found_and_deleted(portal, bureau, served):
    made = portal.action.package_create(**catalog(bureau["id"], resource_code="307071/000001"))
    portal.action.package_patch(id=made["id"], notes="改过的摘要。")
    assert portal.action.package_show(id=made["name"])["notes"] == "改过的摘要。"
    with ckanapi.RemoteCKAN(served) as anybody:
        assert anybody.action.package_show(id=made["id"])["id"] == made["id"]
        found = anybody.action.package_search(q="定点药店", fq=f"id:{made['id']}")
        assert found["count"] == 1
    portal.action.package_delete(id=made["id"])
    with ckanapi.RemoteCKAN(served) as anybody, pytest.raises(ckanapi.NotFound):
        anybody.action.package_show(id=made["id"])


def test_errors_come_as_ckan_users_expect_them(portal, bureau, served):
    wrong = catalog(bureau["id"], info_items=[{"name": "a", "data_type": "D"}, {"data_type": "C"}])
    with pytest.raises(ckanapi.ValidationError) as refused:
        portal.action.package_create(**wrong)
    error = refused.value.error_dict
    assert error["__type"] == "Validation Error"
    assert "name" in error["info_items"][1]
    with ckanapi.RemoteCKAN(served) as anybody, pytest.raises(ckanapi.NotAuthorized):
        anybody.action.package_create(**catalog(bureau["id"]))


def test_the_check_and_the_lists_answer_too(portal, bureau):
    checked = portal.action.sdopen_catalog_check(**catalog(bureau["id"]))
    assert checked["valid"] is True
    assert portal.action.sdopen_codelist_show(name="sharing")["codes"][0]["zh"] == "无条件共享"


def test_the_command_loads_and_dumps_entries(served, token, bureau, tmp_path):
    lines = tmp_path / "entries.jsonl"
    entries = [
        catalog(bureau["id"], resource_code="307072/000001"),
        interface(bureau["id"], resource_code="307072/000002"),
    ]
    lines.write_text("\n".join(json.dumps(e) for e in entries), encoding="utf-8")
    load = ["load", "datasets", "-I", str(lines), "-r", served, "-a", token, "-p", "1"]
    runner = "from ckanapi.cli.main import main; main()"
    command = [sys.executable, "-c", runner]
    done = subprocess.run([*command, *load], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    dump = ["dump", "datasets", "c-370000-307072-000001", "-r", served]
    dumped = subprocess.run([*command, *dump], capture_output=True, text=True, check=True)
    entry = json.loads(dumped.stdout)
    assert entry["resource_code"] == "307072/000001"
    assert entry["info_items"][0]["name"] == "药店名称"
    # what was dumped can be loaded again and changes nothing
    lines.write_text(json.dumps(entry), encoding="utf-8")
    again = subprocess.run([*command, *load], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr[-2000:]
    assert subprocess.run([*command, *dump], capture_output=True, text=True, check=True).stdout == (
        dumped.stdout
    )
