"""Addresses of files in a source's cells: what is left out, and what makes two files."""

import pytest

from ckanext.sdopen.harvest.reading.row_findings import Finding
from ckanext.sdopen.harvest.reading.source import Column
from ckanext.sdopen.harvest.reading.values import transformed

COLUMN = Column("文件", as_="resources", fields={"url": "u", "name": "n", "source_key": "k"})


def read(*urls):
    """(addresses that are kept, codes of what was noticed) of a cell with files."""
    cell = [{"u": url, "n": "名录", "k": str(number)} for number, url in enumerate(urls)]
    files, noticed = transformed(cell, COLUMN)
    return files, [code for code, _ in noticed]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("无", "address_none"),
        ("暂无", "address_none"),
        ("-", "address_none"),
        ("/", "address_none"),
        ("/opt/data/水库.xlsx", "address_unfit"),
        ("D:\\data\\水库.xlsx", "address_unfit"),
        ("javascript:alert(1)", "address_unfit"),
        ("www.example.com/x.csv", "address_unfit"),
        ("http://a.example.com/x.csv D:\\y.csv http://无", "address_unfit"),
        ("ftp://reader:secret@data.example.com/x.csv", "address_user"),
    ],
)
def test_what_is_no_address_is_left_out_and_told(url, code):
    files, codes = read("http://data.example.com/x.csv", url)
    assert [one["url"] for one in files] == ["http://data.example.com/x.csv"]
    assert codes == [code]


def test_the_sentence_names_column_and_value_but_no_secret():
    _, noticed = transformed([{"u": "D:\\x", "n": "", "k": ""}], COLUMN)
    ((code, params),) = noticed
    assert "文件" in Finding(code, 3, "1", params).sentence
    assert "D:\\x" in Finding(code, 3, "1", params).sentence
    _, noticed = transformed([{"u": "ftp://a:secret@b.example.com", "n": "", "k": ""}], COLUMN)
    assert "secret" not in str(noticed)


def test_two_addresses_in_a_cell_are_two_files():
    files, codes = read("http://a.example.com/x.csv；http://b.example.com/y.csv")
    assert codes == ["addresses_split"]
    assert files == [
        {"url": "http://a.example.com/x.csv", "name": "名录", "source_key": "0"},
        {"url": "http://b.example.com/y.csv", "name": "名录（2）", "source_key": "0#2"},
    ]


def test_a_file_without_an_address_and_one_with_a_blank_in_it_stay():
    files, codes = read("", "http://data.example.com/水库 名录.csv")
    assert [one["url"] for one in files] == ["", "http://data.example.com/水库 名录.csv"]
    assert not codes
