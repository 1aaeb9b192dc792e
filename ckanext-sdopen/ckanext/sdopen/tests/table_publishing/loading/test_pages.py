"""The page of a file tells its cataloguers how it is loaded, wide and on a phone."""

from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.sdopen.jobs import queues
from ckanext.sdopen.tests.corpus.browser import chromium
from ckanext.sdopen.tests.guard.corpus import visits
from ckanext.sdopen.tests.table_publishing.loading.corpus.handed_in import (
    HEADINGS,
    ROWS,
    csv_of,
    entry,
    shown,
    upload,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser():
    """The system's chromium, headless."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def session(served, officer):
    """The officer's login."""
    return visits.logged_in(served, officer["name"])


def opened(browser, served, session, address, width):
    """A page at a width, seen by a login, without script."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=False
    )
    host = urlsplit(served).hostname
    context.add_cookies(
        [
            {"name": one.name, "value": one.value, "domain": host, "path": "/"}
            for one in session.cookies
        ]
    )
    page = context.new_page()
    page.goto(served + address, wait_until="load")
    return page


def test_the_page_tells_of_the_load_and_has_it_done_again(
    officer, loaded, served, browser, session, monkeypatch, tmp_path
):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.bad_percent", 60)
    catalog = entry(1)
    wrong = [("004", "<b>二店</b>", "<i>七</i>", "1.005", "2021-02-30")]
    headings = (*HEADINGS, "备注")
    rows = [(*row, "x") for row in (*ROWS, *wrong)]
    given = upload(officer, catalog["id"], csv_of(rows, headings), "名录.csv")
    model.Session.commit()
    address = f"/dataset/{catalog['name']}/resource/{given['id']}"
    page = opened(browser, served, session, address, 1280)
    assert "排队" in page.locator("#table-load [role=status]").inner_text()
    loaded()
    for width in (1280, 360):
        page = opened(browser, served, session, address, width)
        part = page.locator("#table-load")
        page.screenshot(path=tmp_path / f"{width}.png", full_page=True)
        text = part.inner_text()
        assert "第 1 版" in text
        assert "<i>七</i>" in text
        assert part.locator("tbody tr").count() == 7
        assert part.evaluate("e => e.scrollWidth") <= width
    with page.expect_download() as download:
        part.get_by_text("全部问题（CSV）").click()
    assert "not_integer" in download.value.path().read_text("utf-8-sig")
    before = shown(officer, given)["load"]["id"]
    part.get_by_role("button", name="重新导入").click()
    model.Session.rollback()
    after = shown(officer, given)["load"]
    assert (after["state"], after["id"] != before) == ("waiting", True)
    assert queues.find(after["id"]).account == officer["id"]


def test_others_see_nothing_of_it_and_load_nothing(officer, loaded, served, browser, portal_app):
    catalog = entry(2)
    given = upload(officer, catalog["id"], csv_of([*ROWS, ("9", "", "", "", "")]), "名录.csv")
    loaded()
    address = f"/dataset/{catalog['name']}/resource/{given['id']}"
    assert "table-load" not in portal_app.get(address).body
    for path in ("findings.csv", "rows.csv"):
        assert portal_app.get(f"/table/{given['id']}/{path}").status_code == 404
    assert portal_app.post(f"/table/{given['id']}/load").status_code in (403, 404)
    assert loaded() == 0
