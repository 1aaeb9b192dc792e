"""Interfaces of the sample: each serves an open catalog and returns its open items."""

import json
from collections import Counter

import pytest

from ckanext.sdopen.identifiers.provider_code import is_valid
from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.entries.items import data_type
from ckanext.sdopen.standard import profiles
from ckanext.sdopen.standard.check import check


@pytest.fixture(scope="module")
def catalogs():
    return {entry.id: entry for entry in Province().catalog_entries()}


@pytest.fixture(scope="module")
def interfaces():
    return list(Province().interface_entries())


def test_each_open_catalog_has_an_interface_and_some_have_two(catalogs, interfaces):
    served = Counter(interface.payload["catalog"] for interface in interfaces)
    opened = {key for key, entry in catalogs.items() if entry.payload["opening"] != "none"}
    assert set(served) == opened
    assert Counter(served.values()) == {1: 540, 2: 460}
    assert all(catalogs[key].payload["interface_count"] == served[key] for key in catalogs)


def test_an_interface_has_the_provider_and_classes_of_its_catalog(catalogs, interfaces):
    for interface in interfaces:
        catalog = catalogs[interface.payload["catalog"]]
        for field in ("owner_org", "region", "topics", "sharing", "opening"):
            assert interface.payload[field] == catalog.payload[field]


def test_an_interface_returns_the_open_items_and_its_example_shows_them(catalogs, interfaces):
    for interface in interfaces:
        items = catalogs[interface.payload["catalog"]].payload["info_items"]
        opened = [item["name"] for item in items if item.get("opening") != "none"]
        assert [field["name"] for field in interface.payload["response_fields"]] == opened
        answer = json.loads(interface.payload["response_example"])
        assert list(answer["data"][0]) == opened


def test_examples_are_of_the_types_of_their_items_and_of_nobody(catalogs, interfaces):
    codes = 0
    for interface in interfaces:
        record = json.loads(interface.payload["response_example"])["data"][0]
        for name, value in record.items():
            kind = data_type(name)[0]
            assert isinstance(value, (int, float)) == (kind in "INYBFL"), name
            if name == "统一社会信用代码":
                codes += 1
                assert len(value) == 18
                assert not is_valid(value)
    assert codes > 50


def test_an_interface_tells_its_parameters_errors_and_address(interfaces):
    paths = {interface.payload["service_path"] for interface in interfaces}
    assert len(paths) == len(interfaces)
    for interface in interfaces:
        names = [param["name"] for param in interface.payload["request_params"]]
        assert names[:2] == ["PAGE", "PAGENUM"]
        assert {error["code"] for error in interface.payload["error_codes"]} >= {"200", "300"}


def test_the_check_finds_nothing_in_an_interface_beside_its_catalog(catalogs, interfaces):
    strict = profiles.profile("regulation_2025")
    for interface in interfaces:
        items = catalogs[interface.payload["catalog"]].payload["info_items"]
        assert check(interface.payload, strict, "interface", served_items=items) == []


def test_interfaces_bear_the_whole_record(interfaces):
    for interface in interfaces:
        payload = interface.payload
        assert len(payload["request_headers"]) == 4
        assert payload["paging"] == "page"
        assert {payload["page_param"], payload["size_param"]} == {"PAGE", "PAGENUM"}
        assert payload["support_phone"]
    statuses = Counter(interface.payload["service_status"] for interface in interfaces)
    assert set(statuses) == {"normal", "maintenance", "stopped"}
    assert statuses["normal"] > 1400
    codes = {(i.payload["owner_org"], i.payload["service_code"]) for i in interfaces}
    assert len(codes) == len(interfaces)
