"""The list of interfaces, the page of one, and the interfaces on their catalog's page."""

import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    catalog,
    created,
    department,
    editor_of,
    interface,
)

EXAMPLE = '{\n "code": 200,\n "data": [{"药店名称": "<b>同仁堂</b>"}]\n}'


@pytest.fixture(scope="module")
def cast(clean_portal):
    """An open catalog with three interfaces, one of them closed to the public, and a closed one."""
    bureau = department("山东省医疗保障局")
    served = created(catalog(bureau["id"], resource_code="307001/710001"))
    common = {"catalog": served["id"], "resource_code": "", "service_path": "/gateway/api/1/p"}
    closed = {"opening": "none", "closing_basis": "《政府信息公开条例》第十六条"}
    one = created(
        interface(
            bureau["id"],
            **common,
            service_code="A",
            service_status="maintenance",
            service_formats=["json"],
            request_headers=[{"name": "X-Client-Id", "required": True, "description": "编号"}],
            response_fields=[
                {"name": "药店名称", "type": "string"},
                {"name": "营业时间", "type": "string"},
            ],
            response_example=EXAMPLE,
            request_example="GET /gateway/api/1/p?PAGE=1",
            error_codes=[{"code": "300", "meaning": "权限认证失败"}],
            call_limit="每日 1000 次",
        )
    )
    created(interface(bureau["id"], **common, service_code="B", title="药店变更接口"))
    created(interface(bureau["id"], **common, service_code="C", title="药店内部接口", **closed))
    return {
        "catalog": served,
        "interface": one,
        # who may change what is published
        "authority": editor_of(department("山东省大数据局", is_authority=True), "admin"),
        "other": editor_of(department("山东省地震局")),
    }


@pytest.fixture
def page(portal_app):
    """Get a page as a user, or as nobody; BeautifulSoup of its body."""

    def get(address, user=None, status=200):
        token = (
            call_action("api_token_create", as_site(), user=user["name"], name="t") if user else {}
        )
        headers = {"Authorization": token["token"]} if user else {}
        response = portal_app.get(address, headers=headers, status=status)
        return BeautifulSoup(response.body, "html.parser")

    return get


def titles(shown) -> list[str]:
    return [link.text.strip() for link in shown.select(".sd-interfaces li a")]


def test_the_list_holds_interfaces_alone_with_facets_and_search(cast, page):
    shown = page("/interface/")
    assert "共 2 个接口" in shown.select_one("#search-results h1, .search-form h1").text
    names = [a.text.strip() for a in shown.select(".dataset-heading a")]
    assert sorted(names) == ["定点零售药店查询接口", "药店变更接口"]
    headings = [" ".join(h.text.split()) for h in shown.select("#search-facets h2")]
    assert "类型" not in headings
    assert {"主题", "单位", "格式"} <= set(headings)
    found = page("/interface/?q=变更")
    assert [a.text.strip() for a in found.select(".dataset-heading a")] == ["药店变更接口"]
    assert "1 interfaces" in page("/en/interface/?res_format=json").text


def test_the_page_shows_every_part_and_escapes_examples(cast, page):
    shown = page(f"/interface/{cast['interface']['name']}")
    assert shown.select_one(".sd-call code").text.endswith("/gateway/api/1/p")
    copied = shown.select_one("[data-module=copy-into-buffer]")["data-module-copy-value"]
    assert copied == "http://test.sdopen.example/gateway/api/1/p"
    assert shown.select_one("#elements-response_example pre").text == EXAMPLE
    assert "正在维护" in shown.select_one(".sd-status").text
    for table in ("request_headers", "request_params", "response_fields", "error_codes"):
        assert shown.select(f"#elements-{table} tbody tr"), table
    for text in ("每日 1000 次", "权限认证失败", cast["catalog"]["title"], "JSON"):
        assert text in shown.text
    link = shown.select_one(f'a[href$="/dataset/{cast["catalog"]["name"]}"]')
    assert link.text == cast["catalog"]["title"]


def test_findings_are_told_to_editors_alone(cast, page):
    address = f"/interface/{cast['interface']['name']}"
    assert not page(address).select(".sd-findings")
    told = page(address, cast["authority"]).select_one(".sd-findings").text
    assert "营业时间" in told
    assert "药店名称”不是" not in told


def test_a_catalog_lists_the_interfaces_that_the_reader_may_read(cast, page):
    address = f"/dataset/{cast['catalog']['name']}"
    assert titles(page(address)) == ["定点零售药店查询接口", "药店变更接口"]
    assert len(titles(page(address, cast["other"]))) == 3
    others = titles(page(f"/interface/{cast['interface']['name']}"))
    assert others == ["药店变更接口"]


def test_the_form_offers_types_and_keeps_other_ones(cast, page):
    shown = page(f"/interface/edit/{cast['interface']['name']}", cast["authority"])
    field = shown.select_one('input[name="response_fields-0-type"]')
    assert field["value"] == "string"
    assert shown.select_one(f"datalist#{field['list']} option[value=datetime]").text == "日期时间"
