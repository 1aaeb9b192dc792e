"""Our own Solr answers nobody without the password, which stands in no address."""

import json
import os
import stat

import pytest

from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.services.servers import solr

PATHS = ("/select?q=*:*&rows=0", "/update?commit=false", "/schema", "/admin/ping")
NODE = ("/admin/info/system", "/admin/cores", "/admin/authentication")


@pytest.fixture
def address() -> str:
    return os.environ["CKAN_SOLR_URL"].rstrip("/")


def test_nothing_is_answered_without_the_password(address):
    node = address.rpartition("/")[0]
    asked = [*(address + path for path in PATHS), *(node + path for path in NODE)]
    wrong = ready.solr_headers({"CKAN_SOLR_USER": "sdopen", "CKAN_SOLR_PASSWORD": "wrong"})
    for url in asked:
        assert ready.http_status(url) == 401
        assert ready.http_status(url, headers=wrong) == 401
    assert ready.solr_status(os.environ) == 200


def test_the_password_stands_in_no_address_and_its_hash_is_for_the_owner_alone(address, tmp_path):
    password = os.environ["CKAN_SOLR_PASSWORD"]
    assert len(password) == 64
    assert password not in address
    layout = Layout(tmp_path)
    layout.make()
    solr.make_home(layout)
    path = layout.solr / "security.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["authentication"]["blockUnknown"] is True
    own = json.loads((tmp_path / "secrets.json").read_text(encoding="utf-8"))["solr"]
    assert own not in path.read_text(encoding="utf-8")
