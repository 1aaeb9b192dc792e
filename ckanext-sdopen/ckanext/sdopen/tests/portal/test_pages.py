"""Pages of the portal as visitors get them, with the queries that each costs."""

import re
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from ckan import model
from sqlalchemy import event

from ckanext.sdopen.chinese import pinyin


@pytest.fixture
def page(portal_app):
    """Get a page; BeautifulSoup of its body."""

    def get(address, status=200):
        response = portal_app.get(address, status=status)
        return BeautifulSoup(response.body, "html.parser")

    return get


@pytest.fixture
def queries():
    """Count the SQL queries from here on."""
    seen = []

    def count(connection, cursor, statement, parameters, context, many):
        seen.append(statement)

    engine = model.meta.engine
    event.listen(engine, "before_cursor_execute", count)
    yield seen
    event.remove(engine, "before_cursor_execute", count)


def open_entries(province):
    return [e for e in province["entries"] if e.payload["opening"] != "none"]


def test_the_home_page_counts_what_everyone_sees(province, page):
    shown = page("/")
    numbers = [strong.text for strong in shown.select(".sd-counters strong")]
    labels = [span.text for span in shown.select(".sd-counters span")]
    assert labels == ["主题", "目录", "接口", "登记数据量", "可下载数据表", "数据表行数"]
    assert int(numbers[1]) == len(open_entries(province))
    assert int(numbers[2]) == len(province["interfaces"])
    assert re.fullmatch(r"[\d.,]+ ?[亿万]?", numbers[3])
    assert numbers[4:] == ["2", str(sum(e.payload["record_count"] for e in province["tabled"]))]
    assert len(shown.select(".sd-topics li")) == 20


def test_pages_are_chinese_and_english_where_asked(province, page):
    assert page("/").html["lang"].startswith("zh")
    english = page("/en/")
    assert [span.text for span in english.select(".sd-counters span")][1] == "Catalogs"
    assert "目录与接口" not in english.select_one("header").text


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/dataset/",
        "/dataset/?q=信息",
        "/topic/",
        "/organization/",
        "/en/dataset/",
        "/interface/",
    ],
)
def test_a_list_makes_no_query_per_row(province, page, queries, address, monkeypatch, ckan_config):
    page(address)
    costs = []
    for rows in (2, 20):
        monkeypatch.setitem(ckan_config, "ckan.datasets_per_page", rows)
        queries.clear()
        page(address)
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert costs[1] <= 30


def test_the_list_shows_its_facets_in_chinese_and_keeps_what_was_chosen(province, page):
    shown = page("/dataset/?topics=credit&topics=transport")
    headings = [" ".join(h.text.split()) for h in shown.select("#search-facets h2")]
    assert headings == [
        "类型",
        "主题",
        "所属数据库",
        "单位",
        "区域",
        "开放类型",
        "格式",
        "更新周期",
    ]
    pills = [" ".join(pill.text.split()) for pill in shown.select(".filtered.pill")]
    assert pills == ["信用", "交通"]
    both = {
        e.id for e in open_entries(province) if set(e.payload["topics"]) & {"credit", "transport"}
    }
    both |= {
        i.id for i in province["interfaces"] if set(i.payload["topics"]) & {"credit", "transport"}
    }
    assert f"共 {len(both)} 条" in shown.select_one("#search-results h1").text


def test_a_filter_is_named_also_where_nothing_is_found(province, page):
    department = province["entries"][0].department
    shown = page(f"/dataset/?q=qqqzzzxx&topics=credit&organization={department.name}")
    pills = [" ".join(pill.text.split()) for pill in shown.select(".filtered.pill")]
    assert sorted(pills) == sorted(["信用", department.title])


def test_the_step_that_answered_is_said(province, page):
    title = open_entries(province)[0].payload["title"]
    assert not page(f"/dataset/?q={title}").select(".sd-step")
    typed = "".join(pinyin.syllables(title[-6:]))
    assert "读音相近" in page(f"/dataset/?q={typed}").select_one(".sd-step").text


def test_an_entry_page_shows_every_element_and_its_items_as_a_table(province, page):
    entry = open_entries(province)[0]
    text = page(f"/dataset/{entry.name}").text
    for value in (
        entry.payload["title"],
        entry.payload["resource_code"],
        entry.payload["notes"],
        entry.department.title,
        entry.payload["provider_code"],
        entry.payload["released_on"],
    ):
        assert value in text
    for item in entry.payload["info_items"]:
        assert item["name"] in text


def test_an_interface_page_shows_parameters_fields_and_errors(province, page):
    interface = province["interfaces"][0]
    text = page(f"/interface/{interface.name}").text
    for value in ("PAGENUM", interface.payload["service_path"], "权限认证失败"):
        assert value in text


def test_what_is_not_public_is_not_found_by_visitors(province, page):
    closed = next(e for e in province["entries"] if e.payload["opening"] == "none")
    assert closed.payload["title"] not in page(f"/dataset/{closed.name}", status=404).text


def test_a_download_keeps_its_chinese_name(province, portal_app):
    entry, file = province["tabled"][0], province["file"]
    address = f"/dataset/{entry.id}/resource/{file['id']}/download/x"
    response = portal_app.get(address, status=200)
    header = response.headers["Content-Disposition"]
    assert header.startswith("attachment; filename=")
    assert len(response.get_data()) > 1000
    assert f"filename*=UTF-8''{quote(file['name'], safe='')}" in header


_IN_EXAMPLES = {"example", "com", "https", "zhangsan", "touxiang", "jpg"}


def english_of(shown):
    """The English words that a reader sees or hears; codes in capitals are no language."""
    for part in shown.select("script, style, .nav-item code, option"):
        part.decompose()
    told = [text for text in shown.body.find_all(string=True) if text.strip()]
    for name in ("title", "placeholder", "aria-label"):
        told += [tag[name] for tag in shown.body.find_all(attrs={name: True})]
    words = {word for text in told for word in re.findall(r"[A-Za-z][A-Za-z']{2,}", text)}
    return {word for word in words if not word.isupper()} - _IN_EXAMPLES


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/dataset/", 200),
        ("/dataset/?q=没有这样的词&topics=credit", 200),
        ("/topic/", 200),
        ("/topic/credit", 200),
        ("/organization/", 200),
        ("/user/login", 200),
        ("/user/register", 200),
        ("/user/reset", 200),
        ("/about", 200),
        ("/nowhere", 404),
        ("/organization/nowhere", 404),
    ],
)
def test_a_chinese_page_has_no_english(province, page, address, status):
    assert not english_of(page(address, status))


def test_an_entry_and_its_file_are_shown_without_english(province, page):
    entry = province["tabled"][0]
    assert english_of(page(f"/dataset/{entry.name}")) <= {"csv", "KiB"}
    shown = page(f"/dataset/{entry.name}/resource/{province['file']['id']}")
    for part in shown.select(".resource-url-analytics, .dropdown-toggle, iframe"):
        part.decompose()
    assert english_of(shown) <= {"csv", "KiB"}


def test_all_topics_stand_on_one_page(province, page):
    names = [" ".join(a.span.text.split()) for a in page("/topic/").select(".sd-topics a")]
    assert (names[0], len(names)) == ("信用", 20)
    assert not page("/topic/").select(".pagination")


def test_what_was_updated_last_comes_first(province, page):
    dates = [e.payload["updated_on"] for e in open_entries(province) + province["interfaces"]]
    shown = page("/").select(".sd-meta span:last-child")
    assert [span.text for span in shown] == sorted(dates, reverse=True)[:4]
    listed = page("/dataset/?sort=updated_on desc, metadata_modified desc")
    shown = [span.text for span in listed.select(".sd-meta span:last-child")]
    assert shown == sorted(dates, reverse=True)[: len(shown)]
