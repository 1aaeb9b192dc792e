"""Queries by fields: which are some, and what Chinese values mean in them."""

import pytest

from ckanext.sdopen.search.typed import by_fields, codes

KNOWN = frozenset({"title", "notes", "text", "res_format", "topics", "metadata_modified", "*"})


@pytest.mark.parametrize(
    "query",
    [
        "*:*",
        "title:低保",
        "title: 低保",
        "title:(水利 OR 河湖) AND NOT notes:省",
        '-title:"a b"~2 AND extras_x:1^2',
        "metadata_modified:[NOW-1DAY TO NOW]",
        'title:["a b" TO "c ] d"} OR title:{ * TO b ]',
    ],
)
def test_a_whole_query_of_known_fields_is_one(query):
    assert by_fields.is_by_fields(query, KNOWN)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "title:(",
        "title:",
        "title:水利 AND",
        "(title:水利",
        '"title:水利',
        "水利:河湖",
        "http://data.example.com",
        "12:30",
        "{!lucene}title:x",
        "unheard:x",
        "title:x OR OR title:y",
        "title:[a TO b TO c]",
        "title:[ TO b]",
    ],
)
def test_everything_else_is_what_a_person_typed(query):
    assert not by_fields.is_by_fields(query, KNOWN)


@pytest.mark.parametrize("part", ["[ TO ", 'a TO "', "[a TO b ", '\\" ', "AND ( ", "-x.y*"])
def test_what_is_never_closed_is_read_once(part):
    # in steps that grow by the square it would take hours
    assert not by_fields.is_by_fields(f"title:[ {part * 100_000}", KNOWN)
    assert not by_fields.is_by_fields(f"title:x {part * 10_000}\x5c", KNOWN)


@pytest.mark.parametrize(
    ("head", "is_some"),
    [
        ("title:a OR title:b", True),
        ('title:(a OR "b c', True),
        ("metadata_modified:[NOW-1DAY T", True),
        ("水利 河湖", False),
        ("unheard:x title:a", False),
        ("title:a }", False),
    ],
)
def test_a_beginning_may_end_within_a_value(head, is_some):
    assert by_fields.begins_by_fields(head, KNOWN) is is_some


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("title:水利*", 'title_bi:"水利"'),
        ('+notes:"河 湖"', '+notes_bi:"河湖"'),
        ("title:(圖書館 OR water*)", '(title_bi:"图书 书馆" OR title:water*)'),
        ("res_format:(CSV OR XLS)", "res_format:(csv OR xls)"),
        ("tags:水利 AND title:x", "tags:水利 AND title:x"),
        ('topics:"a" topics:"b"', 'topics:"a" topics:"b"'),
        ("title:(", "title:("),
    ],
)
def test_chinese_values_are_asked_of_the_fields_of_pairs(query, asked):
    assert by_fields.rewritten(query) == asked


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (" 307026/000002 ", "307026/000002"),
        ("３０７０２６／０００００２", "307026/000002"),
        ("“307026/000002”", "307026/000002"),
        ("0D133E4A-81A2-5E45-9FC2-58E80100E304", "0d133e4a-81a2-5e45-9fc2-58e80100e304"),
        ("https://x.cn/dataset/catalog-370100-1?a=b", "catalog-370100-1"),
        ("2019-2020", ""),
        ("20191231", ""),
        ("covid-19", ""),
        ("kongqizhiliang", ""),
        ("水利 307026/000002", ""),
    ],
)
def test_a_code_is_one_token(typed, code):
    assert codes.code(typed) == code
