"""Another set of topics on a portal: names, facets and forms change, entries stay valid."""

import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action
from click.testing import CliRunner

from ckanext.sdopen import config, contents
from ckanext.sdopen.index.rebuild import stripes
from ckanext.sdopen.portal import home_counts
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    catalog,
    created,
    department,
    shown,
    updated,
)


@pytest.fixture
def another_set(clean_portal, monkeypatch, ckan_config):
    """An entry saved under the default set, then that of 2024 made active as operators do."""
    bureau = department("山东省医疗保障局")
    entry = created(catalog(bureau["id"]))
    assert shown(entry["id"])["topics"] == ["medical", "health"]
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.portal.topic_set", "topics_2024")
    config.choose_codes()
    assert CliRunner().invoke(contents.commands()[0], ["portal", "topics"]).output.strip() == "22"
    stripes.rebuild()
    home_counts.forget()
    yield entry
    monkeypatch.undo()
    config.choose_codes()
    home_counts.forget()


def test_names_of_the_set_stand_everywhere_and_the_entry_stays_valid(another_set, portal_app):
    entry = another_set
    assert shown(entry["id"])["topics"] == ["health"]

    def text(address, status=200):
        return BeautifulSoup(portal_app.get(address, status=status).body, "html.parser")

    home = text("/")
    named = {a.span.text: a.small.text for a in home.select(".sd-topics a")}
    assert named["卫生健康"] == "1"
    assert "医疗" not in named
    facet = text("/dataset/").select_one("#search-facets").text
    assert "卫生健康" in facet
    moved = portal_app.get("/topic/medical", follow_redirects=False)
    assert moved.status_code == 301
    assert moved.headers["Location"].endswith("/topic/health")
    assert text("/topic/health").select(".dataset-heading")
    saved = updated(shown(entry["id"]), topics=["信用服务", "medical", "城建住房"])
    assert saved["topics"] == ["housing", "health", "credit_service"]
    found = call_action("package_search", as_site(), fq='topics:"housing"')
    assert found["count"] == 1
