"""The tables of elements on the page of an entry."""

import pytest

from ckanext.sdopen.tests.corpus.counted import statements
from ckanext.sdopen.tests.corpus.examples import READ_BY, catalog, created, department, interface

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture(scope="module")
def bureau(clean_portal):
    return department("历下区统计局", "370102")


def page(portal_app, address: str, user=None, language: str = "") -> str:
    headers = {"Authorization": user["token"]} if user else {}
    return portal_app.get(f"{language}{address}", headers=headers, status=200).get_data(
        as_text=True
    )


def test_the_page_shows_every_element_decoded_and_items_as_a_table(portal_app, bureau):
    entry = created(catalog(bureau["id"], resource_code="307001/400001", record_count=1200))
    html = page(portal_app, f"/dataset/{entry['name']}")
    for label in (
        "信息资源代码",
        "提供方代码",
        "不予开放依据",
        "已开放结构化记录数（万）",
        "联系电话",
    ):
        assert label in html
    assert "部门信息资源" in html
    assert "山东省 济南市 历下区" in html
    assert "药店名称" in html
    assert "字符型" in html


def test_the_page_is_complete_in_english(portal_app, bureau):
    entry = created(catalog(bureau["id"], resource_code="307001/400002"))
    html = page(portal_app, f"/dataset/{entry['name']}", language="/en")
    for text in ("Resource code", "Basis of not opening", "Character", "Shared unconditionally"):
        assert text in html


def test_an_interface_shows_its_tables_and_the_catalog_it_serves(portal_app, bureau):
    served = created(catalog(bureau["id"], resource_code="307001/400003", title="被服务的目录"))
    entry = created(interface(bureau["id"], resource_code="307001/400003", catalog=served["id"]))
    html = page(portal_app, f"/interface/{entry['name']}")
    assert "被服务的目录" in html
    assert "/gateway/api/1/pharmacies" in html


def test_an_interface_of_a_catalog_that_the_reader_may_not_see_is_not_there(portal_app, bureau):
    secret = catalog(bureau["id"], resource_code="307001/400004", title="不公开的目录")
    served = created({**secret, **READ_BY["provider"]})
    entry = created(interface(bureau["id"], resource_code="307001/400004", catalog=served["id"]))
    html = portal_app.get(f"/interface/{entry['name']}", status=404).get_data(as_text=True)
    assert "不公开的目录" not in html


def test_two_hundred_items_cost_no_more_queries_than_two(portal_app, bureau):
    few = created(catalog(bureau["id"], resource_code="307001/400005"))
    items = [{"name": f"第{n}列", "data_type": "C"} for n in range(200)]
    many = created(catalog(bureau["id"], resource_code="307001/400006", info_items=items))
    page(portal_app, f"/dataset/{few['name']}")
    counts = [
        statements(lambda e=e: page(portal_app, f"/dataset/{e['name']}")) for e in (few, many)
    ]
    assert counts[0] == counts[1]
