"""A file of the storage goes by nginx: the application allows, nginx sends."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.servers import front
from ckanext.sdopen.tests.corpus.examples import as_site, catalog, created, department
from ckanext.sdopen.tests.services.corpus import raw

CONTENT = "编号,名称\n1,空气质量\n".encode() * 100
CLOSED = {"opening": "none", "closing_basis": "《条例》第九条"}


def uploaded(number: int, **more: str) -> str:
    """The path of a file of a new catalog."""
    bureau = department(f"山东省档案局{number}", "370000")
    entry = created(catalog(bureau["id"], resource_code=f"307001/62000{number}", **more))
    file = call_action(
        "resource_create",
        as_site(),
        package_id=entry["id"],
        name="名录",
        url="directory.csv",
        upload=FileStorage(io.BytesIO(CONTENT), "directory.csv"),
    )
    return f"/dataset/{entry['id']}/resource/{file['id']}/download/directory.csv"


@pytest.fixture(scope="module")
def open_file(clean_portal) -> str:
    return uploaded(1)


@pytest.fixture(scope="module")
def closed_file(open_file) -> str:
    return uploaded(2, **CLOSED)


@pytest.fixture(scope="module")
def url(served, tmp_path_factory) -> Iterator[str]:
    layout = Layout(tmp_path_factory.mktemp("front"))
    with front.door(served, layout, storage=os.environ["CKAN_STORAGE_PATH"]) as found:
        yield found


def test_the_application_allows_and_nginx_sends(url, served, open_file):
    direct = raw.get(served, open_file)
    assert (direct.status, direct.body) == (200, CONTENT)
    allowed = raw.get(served, open_file, "X-Sdopen-Files: /_files/")
    assert (allowed.status, allowed.body) == (200, b"")
    assert allowed.one("X-Accel-Redirect").startswith("/_files/resources/")
    sent = raw.get(url, open_file)
    assert (sent.status, sent.body) == (200, CONTENT)
    for name in ("Content-Type", "Content-Disposition"):
        assert sent.all(name) == direct.all(name)
    assert sent.all("X-Accel-Redirect") == []


def test_a_part_of_a_file_and_one_that_did_not_change(url, open_file):
    part = raw.get(url, open_file, "Range: bytes=10-19")
    assert (part.status, part.body) == (206, CONTENT[10:20])
    tag = part.one("ETag")
    assert raw.get(url, open_file, f"If-None-Match: {tag}").status == 304


def test_a_file_that_is_not_the_caller_s_stays_where_it_is(url, closed_file):
    answer = raw.get(url, closed_file)
    assert answer.status in (403, 404)
    assert "空气质量".encode() not in answer.body
    assert CONTENT not in answer.body


def test_a_file_from_elsewhere_than_the_storage_is_the_application_s_to_send(served):
    """CKAN's own static files, when the application is asked for them."""
    answer = raw.get(served, "/base/images/ckan-logo-footer.png", "X-Sdopen-Files: /_files/")
    assert answer.status == 200
    assert answer.all("X-Accel-Redirect") == []
    assert answer.body.startswith(b"\x89PNG")


def test_an_address_in_chinese_as_typed_is_searched(url, open_file):
    answer = raw.get(url, "/dataset/?q=档案".encode())
    assert answer.status == 200
    assert "档案" in answer.text


def test_the_storage_holds_no_file_that_only_nginx_knows(url, open_file):
    """The place of files is closed to whoever knows the name of a file."""
    stored = next(Path(os.environ["CKAN_STORAGE_PATH"], "resources").rglob("*-*"))
    assert stored.is_file()
    name = stored.relative_to(os.environ["CKAN_STORAGE_PATH"]).as_posix()
    assert raw.get(url, f"/_files/{name}").status == 404
