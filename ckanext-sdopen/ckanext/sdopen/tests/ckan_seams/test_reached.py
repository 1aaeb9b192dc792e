"""What of CKAN is reached for by a name that no import shows: blocks, routes, columns, settings."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ckan import model
from ckan.config.environment import CONFIG_FROM_ENV_VARS
from ckan.lib.search import index
from ckanext.scheming.plugins import SchemingDatasetsPlugin
from sqlalchemy import text

from ckanext.sdopen.bulk.writing import resource_rows
from ckanext.sdopen.ckan_seams import index_document, index_key
from ckanext.sdopen.entries import pages
from ckanext.sdopen.paths import PACKAGE
from ckanext.sdopen.services.addresses import SETTINGS
from ckanext.sdopen.tests.corpus.examples import catalog, created, department

TEMPLATES = PACKAGE / "templates"
EXTENDING = sorted(
    path.relative_to(TEMPLATES)
    for path in TEMPLATES.rglob("*.*")
    if "{% ckan_extends %}" in path.read_text(encoding="utf-8")
)
_BLOCK = re.compile(r"\{%-?\s*block\s+(\w+)")
_EXTENDS = re.compile(r"\{%-?\s*extends\s+[\"']([\w/.]+)[\"']")


def _folders() -> Iterator[Path]:
    """The templates of CKAN and of the plugins that stand beside ours."""
    for name in ("ckan", "ckanext.activity", "ckanext.scheming", "ckanext.datastore"):
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        yield Path(spec.origin).parent / "templates"


def blocks(name: str) -> set[str]:
    """The blocks of the templates under a name, and of those that they extend."""
    found: set[str] = set()
    for folder in _folders():
        path = folder / name
        if path.exists():
            told = path.read_text(encoding="utf-8")
            found |= set(_BLOCK.findall(told))
            for above in _EXTENDS.findall(told):
                found |= blocks(above)
    return found


@pytest.mark.parametrize("name", EXTENDING, ids=str)
def test_every_block_that_we_fill_is_there(name):
    own = _BLOCK.findall((TEMPLATES / name).read_text(encoding="utf-8"))
    assert own
    assert set(own) - blocks(str(name)) == set()


def test_the_templates_that_extend_are_found():
    assert len(EXTENDING) > 20
    assert "package_description" in blocks("package/read.html")
    assert "no_such" not in blocks("package/read.html")


def test_scheming_asks_for_the_templates_that_we_put_in_their_place():
    plugin = SchemingDatasetsPlugin.instance
    for name in (plugin.read_template(), plugin.resource_template(), plugin.package_form()):
        assert (TEMPLATES / name).exists()


def test_the_routes_are_there_whose_entries_are_answered_alike(portal_app):
    endpoints = {rule.endpoint for rule in portal_app.flask_app.url_map.iter_rules()}
    arguments = {
        name for rule in portal_app.flask_app.url_map.iter_rules() for name in rule.arguments
    }
    named = (
        *pages._ENTRY_ENDPOINTS,
        *pages._ACTIVITY_ENDPOINTS,
        *pages._NO_PAGES,
        *(f"{kind}.read" for kind in ("dataset", "interface")),
        *(
            f"{kind}_resource.{page}"
            for kind in ("dataset", "interface")
            for page in ("download", "view")
        ),
        "datastore.dump",
        "datastore.api_info",
    )
    assert set(named) - endpoints == set()
    assert set(pages._ARGUMENTS) <= arguments


def test_the_environment_sets_what_ckan_reads_from_it():
    assert {v: k for k, v in CONFIG_FROM_ENV_VARS.items()}.items() >= SETTINGS.items()


def test_a_resource_that_comes_without_them_loses_what_ckan_takes_from_it():
    kept = ("description", "resource_type", "mimetype", "mimetype_inner")
    assert {"url": "", **dict.fromkeys(kept)} == resource_rows._REMOVED


def test_the_keys_by_which_a_race_is_told_have_their_names(clean_portal):
    named = text("SELECT conname FROM pg_constraint WHERE conrelid = 'package'::regclass")
    assert {"package_pkey", "package_name_key"} <= set(model.Session.scalars(named))


def test_the_key_of_a_document_is_the_one_that_ckan_gives_it(clean_portal):
    made = created(catalog(department("省统计局")["id"], resource_code="307001/610001"))
    doc = index_document.document(made["id"])
    assert doc is not None
    assert doc["index_id"] == index_key.index_id(made["id"])
    assert index.make_connection is index_document._make_connection
