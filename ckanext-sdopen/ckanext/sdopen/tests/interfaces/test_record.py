"""The record of an interface: its key, its parts, and the items of the catalog that it serves."""

from typing import Any

import pytest
from ckan.tests.helpers import call_action

from ckanext.sdopen import config
from ckanext.sdopen.entries.validation import served_catalog
from ckanext.sdopen.identifiers import ids, service_key
from ckanext.sdopen.identifiers.provider_code import check_character
from ckanext.sdopen.standard import profiles
from ckanext.sdopen.standard.check import check
from ckanext.sdopen.tests.corpus.examples import (
    PROVIDER_CODE,
    as_site,
    catalog,
    created,
    department,
    editor_of,
    errors_of,
    interface,
    shown,
    updated,
)

pytestmark = pytest.mark.usefixtures("clean_portal")

WITHOUT_CODE = {"resource_code": ""}


@pytest.fixture
def bureau():
    return department("山东省医疗保障局", provider_code=PROVIDER_CODE)


def service(owner_org, **more):
    """An interface without a resource code; a provider's titles differ."""
    values = {**WITHOUT_CODE, "service_code": "YB-0001", **more}
    called = "".join(
        values.get(name, "") for name in ("service_code", "service_path", "http_method")
    )
    return interface(owner_org, **{"title": f"药店查询接口{called}", **values})


def test_an_interface_without_a_resource_code_is_known_by_provider_and_service_code(bureau):
    made = created(service(bureau["id"], id="my-own", name="my-own"))
    assert made["id"] == ids.service_id(PROVIDER_CODE, "YB-0001")
    assert made["name"] == ids.service_name("370000", made["id"])
    assert made["name"].startswith("i-370000-v")
    said = errors_of(service(bureau["id"], title="另一个", service_code="ＹＢ-0001 "))
    assert "YB-0001" in said["service_code"][0]
    assert shown(made["id"])["title"] == made["title"]


def test_two_providers_may_use_one_service_code(bureau):
    other = department("山东省卫生健康委员会")
    one = created(service(bureau["id"], service_code="YB-0002"))
    two = created(service(other["id"], service_code="YB-0002"))
    assert one["id"] != two["id"]
    assert two["id"] == ids.service_id(other["id"], "YB-0002")


def test_without_a_service_code_method_and_address_identify_it(bureau):
    address = {"service_code": "", "service_path": "https://data.example.cn/api/1/a"}
    made = created(service(bureau["id"], **address))
    same = service(
        bureau["id"], service_code="", service_path="HTTP://Data.Example.cn:80//api/1/a/"
    )
    assert "service_path" in errors_of(same)
    posted = created({**same, "http_method": "POST", "title": "药店登记接口"})
    assert posted["id"] != made["id"]
    moved = updated(made, service_path="https://data.example.cn/api/2/a")
    assert moved["id"] == made["id"]


def test_the_resource_code_wins_over_the_service_code(bureau):
    made = created(interface(bureau["id"], resource_code="307001/700001", service_code="YB-0003"))
    assert made["name"] == "i-370000-307001-700001"
    assert updated(made, service_code="YB-0004")["service_code"] == "YB-0004"


def test_the_service_code_wins_over_the_key_of_a_source(bureau):
    source = {"source_id": "weihai", "source_key": "77"}
    made = created(service(bureau["id"], service_code="YB-0005", **source))
    assert made["id"] == ids.service_id(PROVIDER_CODE, "YB-0005")
    other = created(service(bureau["id"], service_code="", service_path="/x", **source))
    assert other["id"] == ids.entry_id_from_source("interface", "weihai", "77")


def test_the_key_never_changes_after_the_first_save(bureau):
    made = created(service(bureau["id"], service_code="YB-0006"))
    changes: tuple[dict[str, Any], ...]
    changes = ({"service_code": "YB-0007"}, {"resource_code": "307001/700006"})
    for change in changes:
        with pytest.raises(Exception, match="|".join(change)):
            updated(made, **change)
    without = {name: value for name, value in made.items() if name != "service_code"}
    assert updated(without, version="2")["service_code"] == "YB-0006"


def test_a_provider_that_registers_its_code_later_keeps_its_interfaces():
    late = department("山东省地震局")
    first = created(service(late["id"], service_code="DZ-1"))
    code = "11370000MB2845020" + check_character("11370000MB2845020")
    call_action("organization_patch", as_site(), id=late["id"], provider_code=code)
    assert "service_code" in errors_of(service(late["id"], service_code="DZ-1"))
    assert shown(first["id"])["name"] == first["name"]


def test_an_interface_that_nothing_identifies_is_refused(bureau):
    assert "resource_code" in errors_of(service(bureau["id"], service_code="", service_path=""))


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("/gateway/api/1/pharmacies/", "/gateway/api/1/pharmacies"),
        ("HTTPS://Data.cn:443/a/../b#top", "//data.cn/b"),
        ("https://data.cn:8443/b", "//data.cn:8443/b"),
        ("/a?b=2&a=1", "/a?a=1&b=2"),
        ("/%E8%8D%AF/a", "/%E8%8D%AF/a"),
        ("/药/a", "/%E8%8D%AF/a"),
        ("http://[::1", "http://[::1"),
        ("http://a:port/", "http://a:port/"),
    ],
)
def test_one_address_is_written_in_many_ways(written, compared):
    assert service_key.canonical_address(written) == compared


def test_every_part_of_the_record_is_kept_and_shown(bureau):
    parts = {
        "service_status": "maintenance",
        "support": "数据服务岗",
        "support_phone": "0531-00000000",
        "support_email": "a@example.cn",
        "request_headers": [{"name": "X-Client-Id", "required": True, "example": "1"}],
        "request_params": [{"name": "PAGE", "type": "integer", "required": True, "example": "1"}],
        "paging": "page",
        "page_param": "PAGE",
        "size_param": "PAGENUM",
        "response_fields": [{"name": "经纬度", "type": "geo+json", "description": "点"}],
        "error_codes": [{"code": "300", "meaning": "权限认证失败"}],
        "request_example": "GET /a?PAGE=1",
        "response_example": '{\n  "code": 200\n}',
        "call_limit": "每日 1000 次",
        "version": "1.0",
    }
    made = shown(created(service(bureau["id"], service_code="YB-0008", **parts))["id"])
    assert {name: made[name] for name in parts} == parts
    assert "service_status" in errors_of(
        service(bureau["id"], service_code="YB-0009", service_status="broken")
    )


def test_a_returned_field_that_is_no_item_of_the_catalog_is_a_warning(bureau):
    served = created(catalog(bureau["id"], resource_code="307001/700010"))
    fields = [{"name": "药店名称", "type": "string"}, {"name": "电话", "type": "string"}]
    payload = service(
        bureau["id"], service_code="YB-0010", catalog=served["name"], response_fields=fields
    )
    said = check(
        payload,
        config.profile(),
        "interface",
        served_items=served_catalog.items_of_catalog(
            served_catalog.catalog_of(served["id"]), payload
        ),
    )
    found = [f for f in said if f.code == "served_field_unknown"]
    assert [(f.item, f.params["value"], f.severity) for f in found] == [(1, "电话", "warning")]
    assert created(payload)["catalog"] == served["id"]


def interface_findings(**more) -> list[str]:
    items = [{"name": "药店名称", "english_name": "PHARMACY_NAME"}, {"name": "地址（街道）"}]
    found = check(
        service("o", **more), profiles.profile("regulation_2025"), "interface", served_items=items
    )
    return [finding.code for finding in found]


@pytest.mark.parametrize("name", ["药店名称", " 药店名称", "pharmacy_name", "地址(街道)"])
def test_a_field_is_compared_half_width_and_by_its_english_name(name):
    assert interface_findings(response_fields=[{"name": name, "type": "string"}]) == []


def test_parameters_have_types_and_paging_names_its_parameters():
    assert interface_findings(response_fields=[{"name": "药店名称"}]) == ["row_type_missing"]
    assert interface_findings(paging="page", page_param="name") == ["paging_param_missing"]
    paged = {"paging": "offset", "page_param": "STARTNUM", "size_param": "ＮＡＭＥ"}
    assert interface_findings(**paged) == ["paging_param_unknown"]
    assert interface_findings(paging="none") == []


def test_a_program_is_told_of_unknown_fields_before_it_saves(bureau):
    hidden = {"sharing": "none", "sharing_condition": "《统计法》第二十五条", "opening": "none"}
    basis = {"closing_basis": "《统计法》第二十五条"}
    served = created(catalog(bureau["id"], resource_code="307001/700011", **hidden, **basis))
    fields = [{"name": "电话", "type": "string"}]
    payload = service(bureau["id"], catalog=served["name"], response_fields=fields)

    def codes_told(user) -> list[str]:
        context = {"user": user["name"], "ignore_auth": False}
        found = call_action("sdopen_catalog_check", context, **payload)["results"][0]["findings"]
        return [finding["code"] for finding in found if finding["code"] == "served_field_unknown"]

    assert codes_told(editor_of(bureau)) == ["served_field_unknown"]
    # whose catalog the caller may not read tells nothing of its items
    assert codes_told(editor_of(department("山东省地震局"))) == []
