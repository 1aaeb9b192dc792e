"""Tables of the sample: rows that make sense under their titles."""

import datetime
import re
from collections import Counter
from decimal import Decimal

import duckdb
import pytest

from ckanext.sdopen.identifiers.provider_code import is_valid
from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.entries.items import data_type
from ckanext.sdopen.sample.entries.places import county_names, place
from ckanext.sdopen.sample.tables import tables
from ckanext.sdopen.sample.tables.generating import select
from ckanext.sdopen.sample.tables.generating.outline import Outline


def _is_small(entry) -> bool:
    return tables.ROWS.get(entry.subject.name) == entry.payload["record_count"]


TABLES = [entry for entry in Province().catalog_entries() if _is_small(entry)]
LOOKED_AT = 400
BY_SUBJECT = {entry.subject.name: entry for entry in TABLES}


def titled(entry) -> str:
    return entry.payload["title"]


def plain(value):
    """A value as a file of texts holds it."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bool):
        return int(value)
    return str(value) if isinstance(value, datetime.date) else value


def first_rows(entry, count=LOOKED_AT) -> list[dict]:
    outline = Outline.of(entry, entry.payload["record_count"])
    found = duckdb.connect(config={"threads": 1}).execute(select.rows(outline))
    rows = (map(plain, row[1:]) for row in found.fetchmany(count))
    return [dict(zip(outline.names, row, strict=True)) for row in rows]


def of(subject: str, count=LOOKED_AT) -> list[dict]:
    return first_rows(BY_SUBJECT[subject], count)


def test_at_least_40_catalogs_declare_so_few_records_that_their_tables_hold_them_all():
    sizes = [entry.payload["record_count"] for entry in TABLES]
    assert len(sizes) == len({entry.id for entry in TABLES}) == len(tables.ROWS) >= 40
    assert (min(sizes), max(sizes)) == (100, 100_000)


def test_each_of_them_is_open_without_conditions():
    classes = {(entry.payload["sharing"], entry.payload["opening"]) for entry in TABLES}
    assert classes == {("unconditional", "unconditional")}


@pytest.mark.parametrize("entry", TABLES, ids=titled)
def test_all_items_are_open(entry):
    items = entry.payload["info_items"]
    assert list(first_rows(entry, 1)[0]) == [item["name"] for item in items]
    assert not [item for item in items if item.get("opening")]


@pytest.mark.parametrize("entry", TABLES, ids=titled)
def test_values_are_of_the_types_of_their_items(entry):
    for row in first_rows(entry):
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


@pytest.mark.parametrize("entry", TABLES, ids=titled)
def test_places_lie_in_the_city_and_their_counties_are_its_own(entry):
    region = entry.department.region
    middle = place(region)
    for row in first_rows(entry):
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
    entry = BY_SUBJECT["公共厕所信息"]
    assert first_rows(entry) == first_rows(entry)
