"""Characters of files: what departments save reads as it was written, and always the same."""

import codecs
from pathlib import Path

import pytest

from ckanext.sdopen import paths
from ckanext.sdopen.sheets import charsets

PACKAGE = Path(paths.__file__).parent

TABLES = {
    "two lines": "单位,电话\n省医疗保障局,0531-81919001\n",
    "mostly English": "name,地址\n1,济南市\n",
    "one character": "区\n",
    "rare characters": "姓名,籍贯\n㐀𠮷〇,济南\n",
    "many lines": "企业名称,统一社会信用代码\n" + "山东重工集团有限公司,91370000\n" * 500,
    "English only": "name,phone\n1,2\n",
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_chinese_table_reads_as_it_was_written(name, encoding):
    assert charsets.decoded(TABLES[name].encode(encoding)) == TABLES[name]


def test_utf_16_is_read_in_either_order_of_its_bytes():
    table = TABLES["two lines"]
    assert charsets.decoded(codecs.BOM_UTF16_BE + table.encode("utf-16-be")) == table


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_the_beginning_of_a_file_may_end_within_a_character(encoding):
    data = TABLES["many lines"].encode(encoding)
    for size in range(len(data) - 8, len(data)):
        assert TABLES["many lines"].startswith(charsets.decoded(data[:size], cut=True))


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xff\xff,\xff",
        "café,résumé\n".encode("cp1252"),
        "单位\n".encode() + b"a\0b,c\n",
        # no program saves UTF-16 without its mark; what holds NUL is no text
        "单位,电话\n".encode("utf-16-le"),
        "名称".encode("utf-8-sig") + b"\xff",
        # half a surrogate pair
        codecs.BOM_UTF16_LE + b"\x00\xd8",
        "区".encode("gb18030")[:1],
    ],
)
def test_what_is_no_text_is_refused(data):
    with pytest.raises(charsets.Undecodable):
        charsets.decoded(data)


def test_nothing_is_an_empty_text():
    assert charsets.decoded(b"") == charsets.decoded(codecs.BOM_UTF8) == ""


def test_no_other_module_tries_encodings():
    found = {
        path
        for path in PACKAGE.rglob("*.py")
        # sentences name the encoding, code alone quotes it
        if "tests" not in path.parts and '"gb18030"' in path.read_text(encoding="utf-8").lower()
    }
    assert found == {Path(charsets.__file__)}
