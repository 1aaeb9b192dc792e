"""Regions: the province to its counties, everybody else to the city."""

import csv

import pytest

from ckanext.sdopen import codes

LEVELS = {"省": "province", "市": "city", "县": "county"}


def of_level(level: str, prefix: str = "", historical: bool = False) -> list[str]:
    return [
        region.code
        for region in codes.regions().values()
        if region.level == level
        and region.code.startswith(prefix)
        and region.historical is historical
    ]


def test_the_counts_are_the_official_ones():
    assert len(of_level("province")) == 34
    assert len(of_level("city")) == 333
    assert len(of_level("city", "37")) == 16
    assert len(of_level("county", "37")) == 151
    assert sorted(of_level("city", historical=True) + of_level("county", historical=True)) == [
        "371200",
        "371202",
        "371203",
    ]


def test_the_province_is_as_the_official_table_says(shared_data):
    with (shared_data / "shandong_regions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        region = codes.region(row["行政区划代码"])
        assert region.name == row["名称"]
        assert region.level == LEVELS[row["层级"]]
        assert (region.parent or "") == row["上级代码"]
    assert len(rows) == 168


def test_a_path_leads_from_the_region_to_its_province():
    assert codes.path("370102") == ("370102", "370100", "370000")
    assert codes.path("440606") == ("440606", "440600", "440000")
    assert codes.path("370000") == ("370000",)


def test_every_region_stands_in_one_of_a_higher_level():
    order = ("province", "city", "county")
    for region in codes.regions().values():
        if region.level == "province":
            assert region.parent is None
            assert region.code.endswith("0000")
        else:
            parent = codes.region(region.parent)
            assert order.index(parent.level) < order.index(region.level)
            assert parent.code[:2] == region.code[:2]


@pytest.mark.parametrize("code", ["", "37", "999999"])
def test_an_unknown_region_is_refused(code):
    with pytest.raises(codes.UnknownCode):
        codes.path(code)
