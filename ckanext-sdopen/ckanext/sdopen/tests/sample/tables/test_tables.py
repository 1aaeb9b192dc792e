"""Tables of the sample: rows that make sense under their titles."""

import datetime
import re
from collections import Counter
from itertools import islice

import pytest

from ckanext.sdopen.identifiers.provider_code import is_valid
from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.entries.items import data_type
from ckanext.sdopen.sample.entries.places import county_names, place
from ckanext.sdopen.sample.tables import tables

TABLES = list(Province().tables())
LOOKED_AT = 400
BY_SUBJECT = {table.entry.subject.name: table for table in TABLES}


def first_rows(table, count=LOOKED_AT) -> list[dict]:
    rows = islice(tables.rows(table), count)
    return [dict(zip(table.columns, row, strict=True)) for row in rows]


def of(subject: str, count=LOOKED_AT) -> list[dict]:
    return first_rows(BY_SUBJECT[subject], count)


def test_at_least_40_catalogs_have_tables_of_100_to_100000_rows():
    sizes = [table.rows for table in TABLES]
    assert len(sizes) == len({table.entry.id for table in TABLES}) >= 40
    assert (min(sizes), max(sizes)) == (100, 100_000)


def test_every_catalog_with_a_table_is_open_without_conditions():
    classes = {(t.entry.payload["sharing"], t.entry.payload["opening"]) for t in TABLES}
    assert classes == {("unconditional", "unconditional")}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file_name)
def test_columns_are_the_items_and_the_count_is_the_declared_one(table):
    payload = table.entry.payload
    assert list(table.columns) == [item["name"] for item in payload["info_items"]]
    assert payload["record_count"] == table.rows
    assert not [item for item in payload["info_items"] if item.get("opening")]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file_name)
def test_values_are_of_the_types_of_their_items(table):
    for row in first_rows(table):
        for name, value in row.items():
            kind = data_type(name)[0]
            assert value != "", name
            if kind in "NYBF":
                assert isinstance(value, (int, float)), name
            elif kind in "IL":
                assert isinstance(value, int), name
            else:
                assert isinstance(value, str), name
            if kind == "D":
                datetime.date.fromisoformat(value)
            if kind == "T":
                datetime.datetime.fromisoformat(value)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file_name)
def test_places_lie_in_the_city_and_their_counties_are_its_own(table):
    region = table.entry.department.region
    middle = place(region)
    for row in first_rows(table):
        if "经度" in row:
            assert abs(row["经度"] - middle.longitude) < 0.2
            assert abs(row["纬度"] - middle.latitude) < 0.2
        if "地址" in row:
            assert row["地址"].startswith(county_names(region))
            assert row["地址"].startswith(row.get("所属区县", row["地址"]))
        if "联系电话" in row:
            assert re.match(rf"{middle.area_code}-555\d+$|1\d\d\*{{4}}\d{{4}}$", row["联系电话"])


def test_credit_codes_are_nobody_s():
    codes = [row["统一社会信用代码"] for row in of("企业登记基本信息")]
    assert {len(code) for code in codes} == {18}
    assert not any(map(is_valid, codes))


def test_air_quality_follows_its_index_and_no_county_has_a_day_twice():
    rows = of("环境空气质量日报", 3_000)
    assert {row["空气质量级别"] for row in rows if row["空气质量指数"] <= 50} == {"优"}
    assert {row["首要污染物"] for row in rows if row["空气质量指数"] <= 50} == {"无"}
    assert {row["空气质量级别"] for row in rows} >= {"优", "良", "轻度污染"}
    days = Counter((row["监测日期"], row["区县名称"]) for row in rows)
    assert max(days.values()) == 1


def test_summer_is_warmer_than_winter():
    rows = of("自动气象站逐小时观测数据", 100_000)
    means = {}
    for month in ("07", "01"):
        temperatures = [row["气温"] for row in rows if row["观测时间"][5:7] == month]
        means[month] = sum(temperatures) / len(temperatures)
    assert 20 < means["07"] < 32
    assert -6 < means["01"] < 6


def test_market_prices_are_those_of_their_goods():
    rows = of("农产品批发市场价格", 1_000)
    pork = [row["批发价格"] for row in rows if row["品种名称"] == "五花肉"]
    cabbage = [row["批发价格"] for row in rows if row["品种名称"] == "大白菜"]
    assert min(pork) > 5 * max(cabbage)


def test_names_say_what_a_place_is():
    assert all(row["公厕名称"].endswith("公共厕所") for row in of("公共厕所信息", 50))
    assert all("幼儿园" in row["幼儿园名称"] for row in of("幼儿园基本信息", 50))
    assert all("停车场" in row["停车场名称"] for row in of("公共停车场信息", 50))


def test_the_same_row_is_the_same_again():
    table = BY_SUBJECT["公共厕所信息"]
    assert first_rows(table) == first_rows(table)
