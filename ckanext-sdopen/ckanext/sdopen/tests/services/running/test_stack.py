import stat
import subprocess
import sys

import pytest

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.addresses import TABLES
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble
from ckanext.sdopen.services.running.stack import Stack
from ckanext.sdopen.services.testing import OPTIONS, environment

ELSEWHERE = {
    "CKAN_SQLALCHEMY_URL": "postgresql://u:p@db.example/ckan",
    "CKAN_DATASTORE_WRITE_URL": "postgresql://u:p@db.example/ds",
    "CKAN_DATASTORE_READ_URL": "postgresql://r:p@db.example/ds",
    "CKAN_SMTP_SERVER": "mail.example",
}


@pytest.fixture
def layout(tmp_path, monkeypatch) -> Layout:
    for name, value in ELSEWHERE.items():
        monkeypatch.setenv(name, value)
    for name in ("CKAN_REDIS_URL", "CKAN_SOLR_URL", *TABLES):
        monkeypatch.delenv(name, raising=False)
    return Layout(tmp_path / "var")


def test_the_tests_empty_no_database_that_the_environment_names(layout):
    stack = Stack(layout, options=OPTIONS)
    stack.configure()
    assert stack.names() == ["postgres", "redis", "solr", "tables"]
    seen = environment(stack)
    assert "db.example" not in seen["CKAN_SQLALCHEMY_URL"]
    assert "CKAN_SMTP_SERVER" not in seen
    assert seen["CKAN_SITE_ID"] == "sdopen_test"


def test_a_portal_uses_the_database_that_the_environment_names(layout):
    stack = Stack(layout, 5000)
    stack.configure()
    assert stack.names() == ["redis", "solr", "tables", "web", "nginx", "worker", "indexer", "jobs"]
    assert "db.example" in layout.ini.read_text()


def test_settling_writes_secrets_where_only_the_owner_reads_them(layout):
    Stack(layout, 5000).configure()
    for path in (layout.ini, layout.redis / "redis.conf", layout.var / "secrets.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    password = stack_state.stack_secrets(layout)["redis"]
    assert f"requirepass {password}" in (layout.redis / "redis.conf").read_text()


def test_half_a_set_of_databases_is_refused(layout, monkeypatch):
    monkeypatch.delenv("CKAN_DATASTORE_READ_URL")
    with pytest.raises(Trouble) as trouble:
        Stack(layout, 5000)
    assert trouble.value.key == "databases_together"


def test_byte_code_is_kept_among_our_data_whatever_the_environment_says(layout, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    stack = Stack(layout, 5000)
    stack.configure()
    argv = [sys.executable, "-c", "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"]
    said = subprocess.run(argv, env=stack.environment(), capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", str(layout.build / "bytecode")]
