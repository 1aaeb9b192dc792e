"""CKAN's `datastore_search` over a loaded table: its own filters, orders, formats and pages."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action


def asked(table, **question):
    return call_action(
        "datastore_search", {"user": "", "ignore_auth": False}, **{"resource_id": table, **question}
    )


def codes(table, **question):
    return [row["编号"] for row in asked(table, **question)["records"]]


def test_rows_come_in_the_order_of_the_key_with_their_types(loaded):
    answer = asked(loaded, limit=2)
    assert answer["records"][0] == {
        "_id": 1,
        "编号": "001",
        "名称": "济南第一药店",
        "人数": 12,
        "注册资本": None,
        "成立日期": "2019-12-31",
        "更新时间": "2026-01-02T08:00:00",
        "医保": False,
    }
    assert (answer["total"], answer["limit"], len(answer["records"])) == (4, 2, 2)
    assert [field["type"] for field in answer["fields"]] == [
        "int",
        "text",
        "text",
        "int8",
        "numeric",
        "date",
        "timestamp",
        "bool",
    ]
    assert answer["fields"][2]["info"] == {
        "label": "名称",
        "label_en": "name",
        "notes": "招牌上的名称",
    }


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"编号": "002"}, ["002"]),
        ({"编号": ["001", "004", "009"]}, ["001", "004"]),
        ({"人数": 12}, ["001"]),
        ({"人数": "12"}, ["001"]),
        ({"人数": {"gte": 3, "lt": 12}}, ["003", "004"]),
        ({"人数": [{"lt": 4}, {"gt": 10}]}, ["001", "004"]),
        ({"人数": None}, ["002"]),
        ({"注册资本": {"gt": 99.9}}, ["003"]),
        ({"成立日期": {"lte": "2019-12-31"}}, ["001"]),
        ({"医保": True}, ["003", "004"]),
        ({"_id": {"gt": 2}}, ["003", "004"]),
        ([{"编号": "001"}, {"人数": 7}], ["001", "003"]),
        ({"$or": [{"编号": "001"}, {"$and": [{"医保": True}, {"人数": 3}]}]}, ["001", "004"]),
        ({"编号": []}, []),
        ({"名称": '惠民药店, "南"区'}, ["004"]),
    ],
)
def test_filters_are_those_of_ckan(loaded, filters, found):
    assert codes(loaded, filters=filters) == found
    assert asked(loaded, filters=filters)["total"] == len(found)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("药店", ["001", "002", "004"]),
        ("便民", ["003"]),
        ("药店 BAYER", ["002"]),
        ({"名称": "药店"}, ["001", "002", "004"]),
        ({"名称": "济南:*"}, ["001"]),
        ({"无此列": "x"}, ["001", "002", "003", "004"]),
        ("没有", []),
    ],
)
def test_words_are_found_within_texts_two_characters_too(loaded, q, found):
    assert codes(loaded, q=q) == found
    assert asked(loaded, q=q)["total"] == len(found)


def test_an_order_puts_empty_values_last(loaded):
    assert codes(loaded, sort="人数 desc") == ["001", "003", "004", "002"]
    assert codes(loaded, sort="医保, 编号 desc") == ["001", "004", "003", "002"]
    assert codes(loaded, sort='"成立日期" asc', limit=2, offset=1) == ["003", "004"]


def test_fields_come_as_they_are_named(loaded):
    answer = asked(loaded, fields="名称,编号", limit=1)
    assert answer["records"] == [{"名称": "济南第一药店", "编号": "001"}]
    assert [field["id"] for field in answer["fields"]] == ["名称", "编号"]


def test_records_come_as_lists_csv_and_tsv(loaded):
    question = {"fields": ["编号", "名称"], "filters": {"编号": ["003", "004"]}}
    assert asked(loaded, records_format="lists", **question)["records"] == [
        ["003", "便民大药房"],
        ["004", '惠民药店, "南"区'],
    ]
    assert asked(loaded, records_format="csv", **question)["records"] == (
        '003,便民大药房\n004,"惠民药店, ""南""区"\n'
    )
    assert asked(loaded, records_format="tsv", **question)["records"].startswith("003\t便民")


def test_pages_follow_by_id(loaded):
    seen, page = [], {}
    for _ in range(3):
        answer = asked(loaded, limit=2, include_next_page=True, filters=page)
        seen += [row["_id"] for row in answer["records"]]
        page = answer.get("next_page", {"_id": {"gt": 99}})
    assert seen == [1, 2, 3, 4]


def test_distinct_rows_are_counted(loaded):
    answer = asked(loaded, fields="医保", distinct=True, sort="医保")
    assert [row["医保"] for row in answer["records"]] == [False, True, None]
    assert answer["total"] == 3


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ({"fields": "无此列"}, "fields"),
        ({"sort": "无此列"}, "sort"),
        ({"filters": {"无此列": 1}}, "filters"),
        ({"filters": {"无此列": [1]}}, "filters"),
        ({"filters": {"人数": {"like": 1}}}, "filters"),
        ({"filters": {"人数": "七"}}, "query"),
        ({"filters": {"编号": {"eq": {"a": 1}}}}, "query"),
        ({"fields": "编号,名称,人数,注册资本,成立日期", "distinct": True}, "distinct"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(loaded, question, place):
    with pytest.raises(tk.ValidationError) as error:
        asked(loaded, **question)
    assert list(error.value.error_dict) == [place]


def test_a_written_table_is_read_as_before(written):
    assert codes(written, sort="编号") == ["001", "002"]
    assert asked(written)["total"] == 2
