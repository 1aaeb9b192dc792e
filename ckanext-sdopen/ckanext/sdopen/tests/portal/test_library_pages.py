"""The “6+N” libraries: their list with counts, and the entries of each."""

import pytest
from bs4 import BeautifulSoup

from ckanext.sdopen.tests.corpus.examples import catalog, created, department


@pytest.fixture(scope="module")
def held(clean_portal):
    """A library with an open and a closed catalog."""
    bureau = department("山东省市场监督管理局")
    closed = {"opening": "none", "closing_basis": "《政府信息公开条例》第十六条"}
    kept = {"library": "legal_entities"}
    return [
        created(catalog(bureau["id"], resource_code="102001/730001", **kept)),
        created(catalog(bureau["id"], resource_code="102001/730002", **kept, **closed)),
        created(catalog(bureau["id"], resource_code="207001/730003", library="ecology")),
    ]


@pytest.fixture
def page(portal_app):
    """Get a page; BeautifulSoup of its body."""
    return lambda address, status=200: BeautifulSoup(
        portal_app.get(address, status=status).body, "html.parser"
    )


def test_all_libraries_stand_by_kind_with_what_the_reader_may_read(held, page):
    shown = page("/library/")
    assert [h2.text for h2 in shown.select("h2[id^=sd-]")] == ["基础库", "主题库", "通用业务库"]
    counts = {a.span.text: a.small.text for a in shown.select(".sd-topics a")}
    assert len(counts) == 22
    assert (counts["法人单位"], counts["生态环境"], counts["人口"]) == ("1", "1", "0")


def test_the_page_of_a_library_lists_and_searches_its_entries(held, page):
    shown = page("/library/legal_entities")
    assert shown.select_one(".primary h1").text == "法人单位"
    assert [a.text.strip() for a in shown.select(".dataset-heading a")] == [held[0]["title"]]
    assert not page("/library/legal_entities?q=天书").select(".dataset-heading a")
    assert "Legal entities" in page("/en/library/legal_entities").select_one(".primary h1").text
    page("/library/nowhere", status=404)


def test_the_list_of_entries_is_filtered_by_library(held, page):
    shown = page("/dataset/?library=legal_entities")
    assert [" ".join(p.text.split()) for p in shown.select(".filtered.pill")] == ["法人单位"]
    assert len(shown.select(".dataset-heading")) == 1
