"""Uploads keep their own names, and the server says what they are."""

import hashlib
import io
from urllib.parse import quote, urlsplit

import pytest
from ckan.tests.helpers import call_action

from ckanext.sdopen.tests.corpus.examples import catalog, created, department
from ckanext.sdopen.tests.entries.files.corpus.handed_in import CSV, api, as_user, given

# as in case 07
NAMES = ("水库名录.csv", "水利 数据（2018年）.csv", "2024年企业名单.CSV")


@pytest.fixture(scope="module")
def entry(publisher):
    owner = department("山东省水利厅", "370000")
    return created(catalog(owner["id"], resource_code="307001/910001"))


def download(app, resource):
    return app.get(urlsplit(resource["url"]).path)


def check_kept(app, resource, name, content=CSV):
    """The name, the format and the header of a download are those of the file."""
    assert resource["original_filename"] == name
    assert resource["format"] == "CSV"
    assert resource["mimetype"] == "text/csv"
    assert resource["size"] == len(content)
    assert resource["hash"] == hashlib.sha256(content).hexdigest()
    assert resource["url_type"] == "upload"
    answer = download(app, resource)
    assert answer.data == content
    assert f"filename*=UTF-8''{quote(name, safe='')}" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"] == "text/csv"


@pytest.mark.parametrize("name", NAMES)
def test_an_upload_by_the_api_keeps_its_name(portal_app, token, entry, name):
    status, made = api(
        portal_app, token, "resource_create", CSV, name, package_id=entry["id"], name="水库名录"
    )
    assert status == 200, made
    check_kept(portal_app, made, name)


def test_an_upload_by_the_form_keeps_its_name(portal_app, token, entry):
    answer = portal_app.post(
        f"/dataset/{entry['name']}/resource/new",
        data={
            "id": "",
            "save": "go-metadata",
            "name": "表单",
            "url": "",
            "url_type": "upload",
            "upload": (io.BytesIO(CSV), "水利 数据（2018年）.csv"),
        },
        headers={"Authorization": token},
        follow_redirects=False,
    )
    assert answer.status_code == 302, answer.body
    shown = call_action("package_show", id=entry["id"])["resources"][-1]
    check_kept(portal_app, shown, "水利 数据（2018年）.csv")


def test_a_file_in_the_place_of_another_brings_its_own_name_and_format(
    portal_app, token, publisher, entry
):
    made = given(publisher, entry["id"], file_name="旧名录.csv")
    other = "名称\t地址\n".encode()
    stale = {k: made[k] for k in ("id", "name", "format", "size", "hash", "original_filename")}
    status, changed = api(portal_app, token, "resource_update", other, "新名录.tsv", **stale)
    assert status == 200, changed
    assert (changed["original_filename"], changed["format"]) == ("新名录.tsv", "TSV")
    assert changed["hash"] == hashlib.sha256(other).hexdigest()
    assert changed["size"] == len(other)
    assert download(portal_app, changed).data == other


def test_of_an_archive_the_client_may_say_what_is_in_it(publisher, entry):
    content = b"PK\x03\x04" + b"\x00" * 30
    made = given(publisher, entry["id"], content, "边界.zip", format="SHP")
    assert made["format"] == "SHP"
    assert given(publisher, entry["id"], content, "边界.zip")["format"] == "ZIP"


def test_a_name_is_no_path_and_has_an_end(publisher, entry):
    made = given(publisher, entry["id"], file_name="C:\\数据\\..\\a\u202e\x07名录.csv")
    assert made["original_filename"] == "a名录.csv"
    long = given(publisher, entry["id"], file_name="水" * 300 + ".csv")["original_filename"]
    assert len(long) == 200
    assert long.endswith("水.csv")


def test_what_is_said_again_as_it_is_shown_changes_nothing(publisher, entry):
    shown = call_action("package_show", as_user(publisher), id=entry["id"])
    again = call_action("package_update", as_user(publisher), **shown)
    assert again["metadata_modified"] == shown["metadata_modified"]
    assert again["resources"] == shown["resources"]
