"""The page of a table: rows as people read them, and every way on as a plain link or form."""

from urllib.parse import unquote

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model

from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tests.corpus.examples import created, department, harvested
from ckanext.sdopen.tests.table_publishing.corpus.loaded import load

HOSTILE = '<script>alert("1")</script>'


def page(portal_app, address, status=200):
    answer = portal_app.get(address, status=status)
    assert "Set-Cookie" not in answer.headers
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def cells(found, place=0):
    rows = found.select(".sd-data-scroll")[0].select("tbody tr")
    return [row.select("td")[place].get_text() for row in rows]


def link(found, text):
    return next(one["href"] for one in found.select(".sd-data a") if one.get_text() == text)


def test_a_page_shows_rows_with_what_the_items_say(portal_app, address):
    found = page(portal_app, address)
    assert cells(found) == ["001", "002", "003", "004"]
    assert cells(found, 6) == ["否", "", "是", "是"]
    assert cells(found, 5)[0] == "2026-01-02 08:00:00"
    head = found.select("thead th")[1]
    assert head.select_one(".sd-data-name")["title"] == "招牌上的名称"
    assert "文本" in head.get_text()
    assert "4 行" in found.select_one(".sd-meta").get_text()


def test_each_column_has_its_order_and_its_filter(portal_app, address):
    found = page(portal_app, address)
    heads = found.select("thead th .sd-data-sort")
    down = heads[2].select("a")[1]["href"]
    ordered = page(portal_app, down)
    assert cells(ordered) == ["001", "003", "004", "002"]
    assert ordered.select("th[aria-sort]")[0]["aria-sort"] == "descending"
    form = ordered.select(".sd-data-filter form")[2]
    names = [field["name"] for field in form.select("input")]
    assert names == ["sort", "order", "from.人数", "to.人数"]


def test_conditions_stand_in_the_address_and_can_be_removed(portal_app, address):
    found = page(portal_app, f"{address}?q=药店&is.医保=true")
    assert cells(found) == ["004"]
    first = found.select(".sd-data-conditions a")[0]["href"]
    assert "is.医保=true" in unquote(first)
    assert cells(page(portal_app, first)) == ["003", "004"]
    csv = portal_app.get(link(found, "这些行的 CSV")).get_data().decode("utf-8-sig")
    assert csv.splitlines()[1].startswith("004,")
    assert len(csv.splitlines()) == 2


def test_empty_fields_of_a_form_stay_out_of_the_address(portal_app, address):
    answer = portal_app.get(f"{address}?has.名称=&q=便民", follow_redirects=False)
    assert answer.status_code == 302
    assert unquote(answer.headers["Location"]).endswith("?q=便民")


def test_chosen_columns_are_shown(portal_app, address):
    found = page(portal_app, f"{address}?show=编号&show=名称")
    assert len(found.select("thead")[0].select("th")) == 2
    assert len(found.select(".sd-data-choice input[checked]")) == 2


def test_pages_lead_on_and_back(portal_app, address, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.preview_rows", 3)
    second = page(portal_app, link(page(portal_app, address), "下一页"))
    assert cells(second) == ["004"]
    assert cells(page(portal_app, link(second, "上一页"))) == ["001", "002", "003"]
    assert "第 2 页，共 2 页" in second.select_one(".sd-data-count").get_text()


@pytest.mark.parametrize("question", ["page=0", "page=x", "is.电话=1", "from.成立日期=2"])
def test_a_wrong_question_is_answered_400_in_a_sentence(portal_app, address, question):
    assert page(portal_app, f"{address}?{question}", 400).get_text()


def test_what_others_add_to_an_address_does_not_count(portal_app, address):
    assert len(cells(page(portal_app, f"{address}?from=timeline&isappinstalled=0"))) == 4


def test_hostile_texts_and_names_are_texts(portal_app, table, tmp_path):
    bureau = department("山东省医疗保障局")
    listed = [{"name": HOSTILE, "url": "https://data.example/h.csv"}]
    more = {"source_key": "恶", "title": "恶", "resources": listed}
    entry = created(harvested(bureau["id"], **more))
    columns = [Column('"><img src=x onerror=alert(1)>', description='" onmouseover="alert(1)')]
    made = load(entry["resources"][0], tmp_path, columns, [(HOSTILE,)])
    found = page(portal_app, f"/dataset/{entry['name']}/{made.name}")
    assert cells(found) == [HOSTILE]
    assert not found.select("main img[onerror], [onmouseover]")
    assert HOSTILE not in str(found.select_one("[role=main]"))


def test_no_style_or_script_stands_in_the_page(portal_app, address):
    found = page(portal_app, address)
    assert not found.select("[role=main] [style], [role=main] script, [role=main] [onclick]")


def test_pages_of_the_file_and_the_catalog_show_the_first_rows(portal_app, table, address):
    entry = model.Package.get(table.entry)
    for place in (
        f"/dataset/{entry.name}",
        f"/dataset/{entry.name}/resource/{table.version.table}",
    ):
        found = page(portal_app, place)
        assert "便民大药房" in found.select_one(".sd-data").get_text()
        assert unquote(link(found, "查看、搜索和筛选全部数据")) == address


def test_while_the_reader_is_away_tables_answer_503_and_the_catalog_stays(
    portal_app, table, address, monkeypatch
):
    monkeypatch.setenv("SDOPEN_TABLES_URL", "http://127.0.0.1:9")
    answer = portal_app.get(f"{address}.csv", status=503)
    assert int(answer.headers["Retry-After"]) > 0
    assert "Content-Disposition" not in answer.headers
    catalog = page(portal_app, f"/dataset/{model.Package.get(table.entry).name}")
    assert "暂时无法显示数据" in catalog.select_one(".sd-data").get_text()
