"""JSON and XML: records keep each value under its name."""

import json

import pytest

from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.tests.sheets.corpus.tables import codes, table, text_file

RECORDS = [{"代码": "001", "值": 1.50}, {"代码": "002", "名称": "青岛", "值": None}, {"值": True}]
TEXTS = [["1", "001", "1.5", ""], ["2", "002", "", "青岛"], ["3", "", "true", ""]]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("around", ["{}", '{{"code": 0, "data": {}}}', "\ufeff{}"])
def test_an_array_of_objects_is_a_table_of_all_names(tmp_path, indent, around):
    text = around.format(json.dumps(RECORDS, indent=indent, ensure_ascii=False))
    account, rows = table(text_file(tmp_path, text, "x.json"))
    assert account.columns == ("代码", "值", "名称")
    assert rows == TEXTS


def test_one_object_a_line_is_a_table(tmp_path):
    text = "\n".join(json.dumps(one) for one in RECORDS) + "\n"
    account, rows = table(text_file(tmp_path, text, "x.jsonl"))
    assert account.format == "jsonl"
    assert rows == TEXTS


def test_numbers_keep_all_their_digits(tmp_path):
    text = '[{"a": 370102199003078515, "b": 1.0, "c": 0.1000, "d": 1e3, "e": "1.0"}]'
    assert table(text_file(tmp_path, text))[1][0][1:] == [
        *("370102199003078515", "1", "0.1000", "1e3", "1.0")
    ]


def test_long_files_of_records_are_read_whole(tmp_path):
    records = [{"n": n, "名称": f"甲{n}" * (n % 50)} for n in range(20_000)]
    _, rows = table(text_file(tmp_path, json.dumps(records, ensure_ascii=False)))
    assert [(row[1], row[2]) for row in rows] == [(str(r["n"]), r["名称"]) for r in records]


@pytest.mark.parametrize(
    "text, code, said",
    [
        ('[{"a": 1}, {"a": ', "json", "第 2 条"),
        ('[{"a": 1}, 3]', "json_mixed", "第 2 条"),
        ('{"a": {"b": 1}}\n[1]', "json_mixed", "第 2 条"),
        ("[" * 100_000, "json", "第 1 条"),
        ('[{"a": "\\ud800"}]', "surrogate", "第 1 行"),
        ('[{"a": "\\u0000"}]', "nul", "第 1 行"),
        ("[{" + ",".join(f'"k{n}": 1' for n in range(2001)) + "}]", "columns", "2001 列"),
    ],
)
def test_what_is_no_json_of_records_is_refused(tmp_path, text, code, said):
    with pytest.raises(SheetError) as caught:
        table(text_file(tmp_path, text, "x.json"))
    assert caught.value.code == code
    assert said in caught.value.sentence("zh")


XML = """<?xml version="1.0" encoding="{}"?>
<response><total>2</total><rows>
<row id="1"><名称>甲 &amp; 乙</名称><地址><市>济南</市></地址><电话>1</电话><电话>2</电话></row>
<row id="2"><名称>丙</名称><备注/></row>
</rows></response>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_the_repeated_element_of_an_xml_is_a_row(tmp_path, encoding):
    account, rows = table(text_file(tmp_path, XML.format("GBK"), "x.xml", encoding))
    assert account.columns == ("id", "名称", "地址_市", "电话")
    assert rows == [["1", "1", "甲 & 乙", "济南", "1；2"], ["2", "2", "丙", "", ""]]
    assert codes(account) == []


def test_rows_of_an_xml_may_be_attributes(tmp_path):
    text = '<d xmlns="u:x"><r a="1" b="x"/><r a="2"/></d>'
    _, rows = table(text_file(tmp_path, text, "x.xml"))
    assert rows == [["1", "1", "x"], ["2", "2", ""]]


@pytest.mark.parametrize(
    "text, code",
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><a><r><x>&b;</x></r></a>', "doctype"),
        ("<a><r><x>1</x></r><r>", "xml"),
        ("<a/>", "no_table"),
    ],
)
def test_an_xml_with_entities_or_without_rows_is_refused(tmp_path, text, code):
    with pytest.raises(SheetError) as caught:
        table(text_file(tmp_path, text, "x.xml"))
    assert caught.value.code == code
