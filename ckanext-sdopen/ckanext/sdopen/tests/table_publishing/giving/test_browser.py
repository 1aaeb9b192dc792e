"""The page of a table in a real browser, wide and on a phone, by keyboard and without script."""

import csv
import io
import json
from urllib.parse import quote
from urllib.request import Request, urlopen

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
def open_page(browser, served, address):
    """Open the table's page at a width; what the browser refuses is gathered."""
    contexts = []

    def open_at(question="", width=1280, place=address, **more):
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, locale="zh-CN", **more)
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda told: page.errors.append(told.text))
        page.goto(served + place + question, wait_until="load")
        return page

    yield open_at
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways_or_is_refused_anything(open_page, address, width):
    for place in (address, address.rsplit("/", 1)[0]):
        page = open_page("", width, place)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not page.errors


def test_a_citizen_filters_by_keyboard_without_script(open_page):
    page = open_page("", 360, java_script_enabled=False)
    page.locator(".sd-data-filter summary").nth(2).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.wait_for_url("**from.**")
    rows = page.locator(".sd-data-scroll").first.locator("tbody tr")
    assert [rows.nth(place).locator("td").first.inner_text() for place in (0, 1)] == ["001", "003"]
    assert rows.count() == 2


def test_a_program_reads_rows_from_the_web_server(served, address):
    place = served + quote(address)
    with urlopen(f"{place}.csv") as answer:
        tag = answer.headers["ETag"]
        text = io.StringIO(answer.read().decode("utf-8-sig"))
    assert [row["编号"] for row in csv.DictReader(text)] == ["001", "002", "003", "004"]
    with urlopen(f"{place}.jsonl") as answer:
        assert next(json.loads(line)["编号"] for line in answer) == "001"
    with urlopen(Request(f"{place}.csv", method="HEAD")) as answer:
        assert (answer.headers["ETag"], answer.read()) == (tag, b"")
    with urlopen(Request(f"{place}.parquet", headers={"Range": "bytes=-4"})) as answer:
        assert (answer.status, answer.read()) == (206, b"PAR1")
