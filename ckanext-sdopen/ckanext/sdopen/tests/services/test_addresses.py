import configparser
import re
from pathlib import Path

import pytest
from ckan.cli import CKANConfigLoader
from ckan.config.environment import CONFIG_FROM_ENV_VARS

from ckanext.sdopen.services.addresses import (
    SETTINGS,
    host_and_port,
    own_urls,
    resolve,
    without_password,
)
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble
from ckanext.sdopen.services.running import ini

ALL = frozenset(
    ("postgres", "redis", "solr", "tables", "web", "nginx", "worker", "indexer", "jobs")
)
PORTS = {"postgres": 20001, "redis": 20002, "solr": 20003, "tables": 20004}
SECRETS = {
    "database": "d" * 64,
    "reader": "e" * 64,
    "redis": "f" * 64,
    "solr": "9" * 64,
    "tables": "8" * 64,
}
OWN = own_urls(PORTS, SECRETS)
DATABASES = {
    "CKAN_SQLALCHEMY_URL": "postgresql://u:p%40@db.example/ckan",
    "CKAN_DATASTORE_WRITE_URL": "postgresql://u:p@db.example/ds",
    "CKAN_DATASTORE_READ_URL": "postgresql://r:p@db.example/ds",
}


def test_without_environment_every_service_is_our_own():
    found = resolve({}, OWN, ALL)
    assert found.own == ALL
    assert found.outside() == {}
    assert found.urls["CKAN_SOLR_URL"] == "http://127.0.0.1:20003/solr/ckan"


@pytest.mark.parametrize(
    ("given", "service"),
    [
        (DATABASES, "postgres"),
        ({"CKAN_REDIS_URL": "redis://cache.example/1"}, "redis"),
        ({"CKAN_SOLR_URL": "http://search.example:8983/solr/sd"}, "solr"),
        ({"SDOPEN_TABLES_URL": "http://tables.example:8000"}, "tables"),
    ],
)
def test_a_service_given_from_outside_is_not_started(given, service):
    found = resolve(given, OWN, ALL)
    assert found.own == ALL - {service}
    assert found.outside() == given


def test_the_three_databases_go_together():
    with pytest.raises(Trouble) as trouble:
        resolve({"CKAN_SQLALCHEMY_URL": "postgresql://db.example/ckan"}, OWN, ALL)
    assert "CKAN_DATASTORE_READ_URL" in str(trouble.value)


def test_the_settings_are_those_that_ckan_reads_from_the_environment():
    known = {variable: setting for setting, variable in CONFIG_FROM_ENV_VARS.items()}
    assert SETTINGS.items() <= known.items()


def test_an_address_is_shown_without_its_password():
    shown = without_password("postgresql://user:secret@db.example:5433/ckan?sslmode=require")
    assert shown == "postgresql://db.example:5433/ckan"
    assert host_and_port("postgresql+psycopg2://db.example/ckan") == ("db.example", 5432)
    assert host_and_port("https://search.example/solr/sd") == ("search.example", 443)


def test_ckan_reads_the_settings_file_as_it_was_meant(tmp_path, monkeypatch):
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    layout = Layout(tmp_path)
    layout.make()
    ini.write(layout, resolve(DATABASES, {**OWN, "CKAN_SITE_URL": "http://127.0.0.1:5000"}, ALL))
    config = CKANConfigLoader(str(layout.ini)).get_config()
    assert config["sqlalchemy.url"] == DATABASES["CKAN_SQLALCHEMY_URL"]
    assert len(config["SECRET_KEY"]) >= 32
    assert "sdopen" in config["ckan.plugins"].split()
    assert layout.ini.stat().st_mode & 0o077 == 0


def test_the_repository_holds_no_secret_and_every_service_of_the_procfile_is_known():
    config = Layout(Path("/nowhere")).config
    shipped = configparser.RawConfigParser()
    shipped.read(config / "portal.ini")
    assert not [name for name in shipped["app:main"] if re.search("secret|password", name)]
    names = re.findall(r"^(\w+): exec ", (config / "Procfile").read_text(), re.MULTILINE)
    assert set(names) == ALL


def test_a_password_of_one_solr_is_not_sent_to_another():
    own = resolve({"CKAN_SOLR_USER": "stranger", "CKAN_SOLR_PASSWORD": "x"}, OWN, ALL)
    assert own.urls["CKAN_SOLR_USER"] == "sdopen"
    assert own.urls["CKAN_SOLR_PASSWORD"] == SECRETS["solr"]
    assert SECRETS["solr"] not in own.urls["CKAN_SOLR_URL"]
    outside = resolve({"CKAN_SOLR_URL": "http://search.example/solr/sd"}, OWN, ALL)
    assert "CKAN_SOLR_USER" not in outside.urls
    assert SECRETS["solr"] not in str(outside.urls)
    login = {"CKAN_SOLR_USER": "reader", "CKAN_SOLR_PASSWORD": "y"}
    known = resolve({"CKAN_SOLR_URL": "http://search.example/solr/sd", **login}, OWN, ALL)
    assert login.items() <= known.urls.items()


def test_a_secret_of_one_table_reader_is_not_said_to_another():
    own = resolve({"SDOPEN_TABLES_SECRET": "foreign"}, OWN, ALL)
    assert own.urls["SDOPEN_TABLES_SECRET"] == SECRETS["tables"]
    outside = {"SDOPEN_TABLES_URL": "http://tables.example:8000"}
    assert SECRETS["tables"] not in str(resolve(outside, OWN, ALL).urls)
    given = resolve({**outside, "SDOPEN_TABLES_SECRET": "foreign"}, OWN, ALL)
    assert given.settings()["ckanext.sdopen.tables.reader_secret"] == "foreign"
