"""The pages in a real browser, wide and on a phone."""

from urllib.parse import urlsplit

import pytest

from ckanext.sdopen.tests.corpus.browser import chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (1280, 360)


@pytest.fixture(scope="module")
def browser():
    """The system's chromium, headless."""
    with chromium() as running:
        yield running


@pytest.fixture
def open_page(browser, served, province):
    """Open a page of the portal at a width; its script errors are gathered."""
    contexts = []

    def open_at(address, width=1280):
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(served + address, wait_until="load")
        return page

    yield open_at
    for context in contexts:
        context.close()


def addresses(province):
    entry = next(e for e in province["entries"] if e.payload["opening"] != "none")
    interface = province["interfaces"][0]
    table = province["tabled"][0]
    return [
        "/",
        "/dataset/?q=信息",
        "/dataset/?topics=credit",
        f"/dataset/{entry.name}",
        f"/interface/{interface.name}",
        f"/dataset/{table.name}/resource/{province['file']['id']}",
        "/topic/",
        "/organization/",
        "/organization/?region=370100",
        "/interface/",
        "/library/",
        "/library/public_credit",
        f"/organization/{entry.department.name}",
        "/search/synonyms",
        "/user/login",
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways_or_fails_in_its_scripts(open_page, province, width):
    for address in addresses(province):
        page = open_page(address, width)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} px wide"
        assert not page.errors, f"{address}: {page.errors}"
        assert page.locator("h1").first.inner_text().strip()


def test_a_citizen_searches_filters_and_downloads(open_page, province, served):
    title = province["tabled"][0].payload["title"]
    page = open_page("/")
    page.fill("#sd-home-search", title)
    page.click(".sd-search button")
    page.wait_for_url("**/dataset/**")
    page.locator("#search-facets a", has_text="CSV").first.click()
    page.wait_for_selector(".filtered.pill")
    page.locator(".dataset-heading a", has_text=title).first.click()
    page.wait_for_selector("h1")
    link = page.locator('.sd-data-files a[href$=".csv"]').first
    # the tests' portal has a public address of its own, which does not answer here
    address = served + urlsplit(link.get_attribute("href")).path
    with page.expect_download() as started:
        page.evaluate("address => { window.location = address }", address)
    assert started.value.suggested_filename.startswith(title)
