"""Every item of the 1,000 open catalogs: values of its type, length, list, and of nobody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb
import pytest

from ckanext.sdopen.identifiers.provider_code import is_valid
from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.entries.items import data_type
from ckanext.sdopen.sample.entries.places import place
from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.tables.generating import select, vocabulary
from ckanext.sdopen.sample.tables.generating.outline import Outline
from ckanext.sdopen.sample.tables.generating.words import name_of
from ckanext.sdopen.sample.tables.making import made, sizes

LOOKED_AT = 200
# texts without a Chinese sign: numbers, codes, hours, addresses of the web, forms of a product
WITHOUT_CHINESE = re.compile(
    r"号$|编号|编码|代码|时间$|月份$|年度$|年份$|网址|域名|附件|时段|电话|等级$"
)
CHINESE = re.compile("[\u4e00-\u9fff]")
DIGITS = re.compile(r"(?<!\d)(\d{17}[\dX])(?!\d)")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")


@dataclass
class Looked:
    """What a table is found to hold."""

    entry: Entry
    outline: Outline
    types: dict[str, str]
    rows: list[dict]
    doubled: int
    empty: int
    longest: dict[str, int]
    ids: tuple[int, int, int] = field(default=(0, 0, 0))


def look(connection: duckdb.DuckDBPyConnection, entry: Entry) -> Looked:
    outline = made.outline_of(entry, full=False)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE t AS {select.rows(outline)}")
    described = connection.execute("DESCRIBE t").fetchall()
    types = {name: kind for name, kind, *_ in described}
    names = [name_of(name) for name in outline.names]
    key = [name_of(name) for name in outline.key] or ["_id"]
    texts = [name for name in outline.names if types[name] == "VARCHAR"]
    sums = connection.execute(
        f"SELECT count(*), min(_id), max(_id), count(*) - count(DISTINCT ({', '.join(key)})),"
        f" count(*) FILTER (WHERE {' OR '.join(f'{name} IS NULL' for name in names)}),"
        f" [{', '.join(f'max(length({name_of(name)}))' for name in texts)}]::BIGINT[] FROM t"
    ).fetchone()
    found = connection.execute(f"FROM t USING SAMPLE {LOOKED_AT} ROWS (reservoir, 7)")
    columns = [column[0] for column in found.description]
    rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    count, low, high, doubled, empty, lengths = sums
    longest = dict(zip(texts, lengths, strict=True))
    return Looked(entry, outline, types, rows, doubled, empty, longest, (count, low, high))


@pytest.fixture(scope="module")
def looked() -> list[Looked]:
    entries = [entry for entry in Province().catalog_entries() if sizes.is_open(entry)]
    with duckdb.connect(config={"threads": 1}) as connection:
        return [look(connection, entry) for entry in entries]


def texts_of(looked: list[Looked]) -> Iterator[tuple[Looked, str, list[str]]]:
    for one in looked:
        for name in one.longest:
            yield one, name, [row[name] for row in one.rows]


def test_each_open_catalog_has_a_table_of_its_open_items_of_3_million_rows_in_all(looked):
    assert len(looked) == 1_000
    for one in looked:
        items = one.entry.payload["info_items"]
        opened = [item["name"] for item in items if item.get("opening") != "none"]
        assert list(one.types) == ["_id", *opened]
        assert one.ids == (one.outline.rows, 1, one.outline.rows)
    sizes = [one.outline.rows for one in looked]
    assert (min(sizes), max(sizes)) == (100, 100_000)
    assert sum(sizes) == pytest.approx(3_000_000, rel=0.05)
    assert sum(one.entry.payload["opening"] == "conditional" for one in looked) == 190


def test_columns_have_the_declared_types_and_no_value_is_missing(looked):
    of_kind = {"I": "BIGINT", "L": "BOOLEAN", "D": "DATE", "T": "TIMESTAMP"}
    for one in looked:
        assert one.empty == 0, one.entry.payload["title"]
        for item in one.entry.payload["info_items"]:
            if item.get("opening") != "none":
                kind, length = item["data_type"], item["data_length"]
                numeric = f"DECIMAL({length})" if kind in "NYBF" else "VARCHAR"
                assert one.types[item["name"]] == of_kind.get(kind, numeric)


def test_texts_are_no_longer_than_declared(looked):
    for one in looked:
        for name, longest in one.longest.items():
            length = data_type(name)[1]
            assert 0 < longest <= int(length or 200), (one.entry.payload["title"], name)


def test_whole_numbers_have_the_declared_digits(looked):
    for one in looked:
        for row in one.rows:
            numbers = [value for name, value in row.items() if one.types[name] == "BIGINT"]
            assert all(0 <= value < 10**10 for value in numbers)


def test_the_declared_key_tells_all_rows_apart(looked):
    for one in looked:
        items = one.entry.payload["info_items"]
        declared = {item["name"] for item in items if item["primary_key"] == "true"}
        assert declared == set(one.outline.key) <= set(one.outline.names)
    assert [(o.entry.payload["title"], o.outline.key) for o in looked if o.doubled] == []
    assert sum(not one.outline.key for one in looked) < 50


def test_the_key_of_all_declared_records_is_unique_too(looked):
    """One catalog of each form of key, its largest, by the keys alone."""
    largest: dict[tuple, Entry] = {}
    for one in sorted(looked, key=lambda one: one.entry.payload["record_count"]):
        if one.entry.payload["record_count"] < 120_000:
            largest[tuple(re.sub("^.*(?=..$)", "", name) for name in one.outline.key)] = one.entry
    assert len(largest) > 10
    with duckdb.connect(config={"threads": 1}) as connection:
        for entry in list(largest.values())[:25]:
            outline = made.outline_of(entry, full=True)
            key = ", ".join(map(name_of, outline.key)) or "_id"
            query = f"SELECT count(*), count(DISTINCT ({key})) FROM ({select.rows(outline)})"
            count, different = connection.execute(query).fetchone()
            assert count == different == outline.rows, (entry.payload["title"], outline.key)


def test_values_of_a_list_are_in_it(looked):
    seen = 0
    for one, name, values in texts_of(looked):
        listed = vocabulary.listed(one.entry.subject.name, name)
        if listed and not one.outline.subject.name.startswith(("环境空气", "农产品批发市场")):
            seen += 1
            # those that tell rows apart are numbered
            assert {re.sub("（\\d+）$", "", value) for value in values} <= set(listed), name
    assert seen > 800


def test_texts_are_chinese_where_a_reader_expects_it(looked):
    strange = set()
    for one, name, values in texts_of(looked):
        listed = vocabulary.listed(one.entry.subject.name, name)
        number = re.fullmatch(r"-?[\d.]+", values[0])
        if not (listed or number or WITHOUT_CHINESE.search(name)):
            strange |= {(name, value) for value in values if not CHINESE.search(value)}
    assert strange == set()


def id_card_is_valid(number: str) -> bool:
    """Whether the check digit is that of GB 11643."""
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    total = sum(int(sign) * weight for sign, weight in zip(number, weights, strict=False))
    return "10X98765432"[total % 11] == number[17]


def test_the_check_of_identity_numbers_knows_a_right_one():
    assert id_card_is_valid("11010519491231002X")
    assert not id_card_is_valid("110105194912310021")


def test_no_value_is_the_number_of_a_person_or_firm_or_a_telephone_in_use(looked):
    codes = masked = 0
    for one, name, values in texts_of(looked):
        for value in values:
            assert not MOBILE.search(value), (name, value)
            assert not any(id_card_is_valid(number) for number in DIGITS.findall(value)), value
            found = CODE.findall(value)
            codes += len(found)
            assert not any(map(is_valid, found)), (name, value)
            if "电话" in name:
                area = place(one.outline.region).area_code
                assert re.fullmatch(rf"{area}-5?555\d{{4}}|1\d\d\*{{4}}\d{{4}}", value), value
                masked += "****" in value
    assert codes > 1_000
    assert masked > 50


def test_places_lie_in_the_city(looked):
    seen = 0
    for one in looked:
        middle = place(one.outline.region)
        for row in one.rows:
            if "经度" in row:
                seen += 1
                assert abs(float(row["经度"]) - middle.longitude) < 0.2
                assert abs(float(row.get("纬度", middle.latitude)) - middle.latitude) < 0.2
            if "地址" in row and "所属区县" in row:
                assert row["地址"].startswith(row["所属区县"])
    assert seen > 1_000


def test_no_word_of_a_list_holds_the_sign_that_parts_them():
    lists = [vocabulary.words("roads"), vocabulary.words("parts"), *vocabulary.brands()]
    assert "|" not in "".join("".join(words) for words in lists)
    assert all(
        "|" not in word for one in Province().catalog_entries() for word in one.subject.items
    )
