"""Each question to a real reader, and what DuckDB itself says of the same file."""

import pytest

from ckanext.sdopen.tables import reader_client
from ckanext.sdopen.tables.query.refusals import (
    BadQuery,
    BadValue,
    TooLarge,
    UnknownColumn,
    VersionMissing,
)
from ckanext.sdopen.tests.table_reader.corpus.versions import COLUMNS, ROWS, SECRET

pytestmark = pytest.mark.usefixtures("asked")
NAME = "企业名称"


def ask(table, **question):
    return reader_client.query(table.readable, question)


def count(table, *filters, **more) -> int:
    return ask(table, ask="count", filters=list(filters), **more)["rows"][0][0]


@pytest.mark.parametrize(
    ("column", "op", "value", "where"),
    [
        (
            "统一社会信用代码",
            "eq",
            "910000000000030000",
            "\"统一社会信用代码\" = '910000000000030000'",
        ),
        ("name", "eq", "便民药店5", "\"企业名称\" = '便民药店5'"),
        ("人数", "ne", 5, '"人数" <> 5'),
        ("行政区划代码", "in", ["370100", "370300"], "\"行政区划代码\" IN ('370100', '370300')"),
        ("行政区划代码", "in", [], "false"),
        ("注册资本", "gte", "100.25", '"注册资本" >= 100.25'),
        ("注册资本", "lt", 100.25, '"注册资本" < 100.25'),
        ("成立日期", "lte", "2016-02-29", "\"成立日期\" <= date '2016-02-29'"),
        ("更新时间", "gt", "2020-01-01T08:00:00", "\"更新时间\" > timestamp '2020-01-01 08:00:00'"),
        ("存续", "eq", True, '"存续"'),
        ("注册资本", "null", None, '"注册资本" IS NULL'),
        ("注册资本", "not_null", None, '"注册资本" IS NOT NULL'),
        (NAME, "contains", "便民", "\"企业名称\" LIKE '%便民%'"),
        (NAME, "contains", "bAYER 拜", "\"企业名称\" LIKE '%Bayer 拜%'"),
        ("_id", "gt", ROWS - 3, f"_id > {ROWS - 3}"),
    ],
)
def test_each_filter_finds_what_plain_sql_finds(table, column, op, value, where):
    found = count(table, {"column": column, "op": op, "value": value})
    assert found == table.rows(f"SELECT count(*) FROM {{table}} WHERE {where}")[0][0]


def test_filters_hold_together_and_words_stand_in_any_text(table):
    both = [
        {"column": "行政区划代码", "value": "370100"},
        {"column": "注册资本", "op": "gte", "value": 1000},
    ]
    where = """WHERE "行政区划代码" = '370100' AND "注册资本" >= 1000"""
    assert count(table, *both) == table.rows(f"SELECT count(*) FROM {{table}} {where}")[0][0]
    assert count(table, q="便民 370200") == len(
        [n for n in range(0, ROWS, 5) if n % 100 and n % 3 == 1]
    )
    assert count(table, q="没有这样的词") == 0


def test_a_box_holds_the_points_within_it_also_across_the_date_line(table):
    box = {"longitude": "经度", "latitude": "纬度", "bounds": [116, 35, 117.5, 36]}
    inside = '"经度" BETWEEN 116 AND 117.5 AND "纬度" BETWEEN 35 AND 36'
    assert (
        count(table, box=box) == table.rows(f"SELECT count(*) FROM {{table}} WHERE {inside}")[0][0]
    )
    across = {**box, "bounds": [119.5, -90, -170, 90]}
    assert (
        count(table, box=across)
        == table.rows('SELECT count(*) FROM {table} WHERE "经度" >= 119.5')[0][0]
    )


def test_the_first_page_and_a_deep_one_are_the_rows_of_their_numbers(table):
    for offset in (0, ROWS // 2, ROWS - 1):
        found = ask(table, offset=offset, limit=50, fields=["_id", "统一社会信用代码"])
        expected = [[n + 1, f"91{n:016d}"] for n in range(offset, min(offset + 50, ROWS))]
        assert found["rows"] == expected
        assert found["more"] == (offset + 50 < ROWS)
    assert ask(table, offset=ROWS, limit=5)["rows"] == []


def test_values_come_as_json_says_them_best(table):
    found = ask(table, limit=2)
    row = dict(zip(found["columns"], found["rows"][1], strict=True))
    assert (row["成立日期"], row["更新时间"]) == ("2015-01-02", "2020-01-01T00:00:01")
    assert (row["注册资本"], row["人数"], row["存续"], row["_id"]) == (1979.75, 31, False, 2)
    assert found["rows"][0][5] is None


@pytest.mark.parametrize(
    "sort",
    [
        [],
        [{"column": "注册资本", "descending": True}],
        [{"column": "行政区划代码"}, {"column": "人数", "descending": True}],
        [{"column": NAME, "pinyin": True}],
        [{"column": "_id", "descending": True}],
    ],
)
def test_pages_by_mark_are_the_whole_in_its_order_each_row_once(table, sort):
    question = {"sort": sort, "filters": [{"column": "_id", "op": "lte", "value": 700}]}
    whole = ask(table, **question, limit=1000, fields=["_id"])["rows"]
    found, after = [], None
    while True:
        page = ask(table, **question, limit=97, after=after, fields=["_id"])
        found += page["rows"]
        if (after := page["after"]) is None:
            break
    assert found == whole
    assert len({number for (number,) in whole}) == 700


def test_empty_values_come_last_in_either_order(table):
    for descending in (False, True):
        sort = [{"column": "注册资本", "descending": descending}]
        filters = [{"column": "_id", "op": "lte", "value": 14}]
        rows = ask(table, sort=sort, filters=filters, fields=["注册资本"])["rows"]
        values = [value for (value,) in rows]
        assert values[-2:] == [None, None]
        assert values[:-2] == sorted(values[:-2], reverse=descending)


def test_values_with_counts_the_most_frequent_first(table):
    found = ask(table, ask="values", values={"column": "行政区划代码", "limit": 2})
    assert found["columns"] == ["行政区划代码", "count"]
    assert found["rows"] == [["370100", 16667], ["370200", 16667]]
    assert found["more"]


def test_groups_by_month_and_by_column_with_measures(table):
    measures = [
        {"op": "count"},
        {"op": "sum", "column": "人数"},
        {"op": "max", "column": "成立日期"},
    ]
    by = [{"column": "成立日期", "part": "month"}]
    found = ask(table, ask="groups", groups={"by": by, "measures": measures, "limit": 3})
    sql = """SELECT strftime("成立日期", '%Y-%m') AS m, count(*), sum("人数")::BIGINT,
        strftime(max("成立日期"), '%Y-%m-%d') FROM {table} GROUP BY m ORDER BY m LIMIT 3"""
    assert found["columns"] == ["month(成立日期)", "count", "sum(人数)", "max(成立日期)"]
    assert found["rows"] == [list(row) for row in table.rows(sql)]
    largest = {
        "by": [{"column": "存续"}],
        "measures": [{"op": "avg", "column": "注册资本"}],
        "largest": 0,
    }
    rows = ask(table, ask="groups", groups=largest)["rows"]
    assert rows[0][1] >= rows[1][1]
    whole = ask(table, ask="groups", groups={"measures": [{"op": "min", "column": "人数"}]})
    assert whole["rows"] == [[0]]


def test_a_row_filter_by_a_hidden_column_leaves_no_gap_that_tells_of_hidden_rows(table):
    one_in_three = [{"column": "行政区划代码", "value": "370200"}]
    columns = tuple(column for column in COLUMNS if column.name != "行政区划代码")
    readable = reader_client.Readable(table.hash, columns, (COLUMNS[2],), one_in_three)
    found = reader_client.query(readable, {"offset": 10, "limit": 5, "fields": ["_id", NAME]})
    expected = [
        [n + 1, *table.rows(f'SELECT "企业名称" FROM {{table}} WHERE _id = {3 * n + 2}')[0]]
        for n in range(10, 15)
    ]
    assert found["rows"] == expected
    with pytest.raises(UnknownColumn):
        reader_client.query(readable, {"filters": one_in_three})


@pytest.mark.parametrize(
    "question",
    [
        {"filters": [{"column": SECRET.name, "value": "张1"}]},
        {"sort": [{"column": SECRET.name}]},
        {"fields": [SECRET.name]},
        {"ask": "values", "values": {"column": SECRET.name}},
        {"ask": "groups", "groups": {"by": [{"column": SECRET.name}]}},
        {"ask": "groups", "groups": {"measures": [{"op": "max", "column": SECRET.name}]}},
    ],
)
def test_a_hidden_column_is_not_there_for_a_question(table, question):
    with pytest.raises(UnknownColumn) as refused:
        ask(table, **question)
    assert SECRET.name in refused.value.sentence("zh")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ({"filters": [{"column": '"; DROP TABLE t; --', "value": "x"}]}, UnknownColumn),
        ({"filters": [{"column": "企业名称\0", "value": "x"}]}, UnknownColumn),
        ({"filters": [{"column": "注册资本", "value": "1; DROP"}]}, BadValue),
        ({"filters": [{"column": "注册资本", "value": "1e999999999"}]}, BadValue),
        ({"filters": [{"column": "人数", "value": "9" * 30}]}, BadValue),
        ({"filters": [{"column": "成立日期", "value": "2024-02-30"}]}, BadValue),
        ({"filters": [{"column": NAME, "op": "like", "value": "%"}]}, BadQuery),
        ({"filters": [{"column": "人数", "op": "contains", "value": "1"}]}, BadQuery),
        ({"limit": "1; DROP"}, BadQuery),
        ({"limit": -1}, BadQuery),
        ({"limit": 10**9}, BadQuery),
        ({"after": "rubbish"}, BadQuery),
        ({"after": "WyJ4Il0", "offset": 3}, BadQuery),
        ({"sort": [{"column": "人数"}], "offset": 10**6}, TooLarge),
        ({"where": "1 = 1"}, BadQuery),
        ({"ask": "sql"}, BadQuery),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence_in_both_languages(table, question, kind):
    with pytest.raises(kind) as refused:
        ask(table, **question)
    for language in ("zh", "en"):
        assert refused.value.sentence(language)


@pytest.mark.parametrize("value", ["'", '"', "'; DROP TABLE t; --", "\0", "%", "\\", "'" * 9999])
def test_a_hostile_value_is_a_value(table, value):
    assert count(table, {"column": NAME, "value": value}) == 0
    assert count(table, {"column": NAME, "op": "contains", "value": value}) == 0


def test_a_mark_of_another_order_is_refused(table):
    mark = ask(table, limit=5, sort=[{"column": "人数"}])["after"]
    with pytest.raises(BadQuery) as refused:
        ask(table, limit=5, sort=[{"column": NAME}], after=mark)
    assert refused.value.code == "cursor_foreign"


@pytest.mark.parametrize("version", ["0" * 64, "../" * 8 + "etc/passwd", "x", "A" * 64])
def test_only_a_hash_names_a_version(table, version):
    with pytest.raises(VersionMissing):
        reader_client.query(reader_client.Readable(version, COLUMNS), {})
