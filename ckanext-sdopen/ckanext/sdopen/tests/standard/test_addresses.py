"""Addresses of files: what is one, what is none, and why."""

import pytest

from ckanext.sdopen.standard import addresses
from ckanext.sdopen.standard.findings import Finding, sentence


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("无", "address_none"),
        ("暂无", "address_none"),
        ("-", "address_none"),
        ("——", "address_none"),
        ("/", "address_none"),
        ("N/A", "address_none"),
        ("http://无", "address_none"),
        ("/opt/data/水库.xlsx", "address_scheme"),
        ("D:\\data\\水库.xlsx", "address_scheme"),
        ("http://a.example.com/x.csv http://b.example.com/y.csv", "address_several"),
        ("http://a.example.com/x.csv；http://b.example.com/y.csv", "address_several"),
        ("http://a.example.com/x.csv,\nhttps://b.example.com/y.csv", "address_several"),
        ("javascript:alert(1)", "address_scheme"),
        ("data:text/html,x", "address_scheme"),
        ("file:///etc/hosts", "address_scheme"),
        ("//data.example.com/x.csv", "address_scheme"),
        ("www.example.com/x.csv", "address_scheme"),
        ("http://opt/data/x.csv", "address_host"),
        ("http:///x.csv", "address_host"),
        ("http://[::1/x.csv", "address_host"),
        ("http://data.example.com:port/x", "address_host"),
        ("ftp://reader:secret@data.example.com/x.csv", "address_user"),
        ("https://reader@data.example.com/x.csv", "address_user"),
        ("https://data.example.com/" + "水" * 900, "address_long"),
        ("http://data.example.com/水库 名录.csv", ""),
        ("HTTPS://data.example.com/x.csv", ""),
        ("ftp://data.example.com/x.csv", ""),
        ("ftps://数据.中国/x.csv", ""),
        ("http://192.0.2.7:8080/x.csv", ""),
        ("http://[2001:db8::7]/x.csv", ""),
        ("https://data.example.com/get?from=http://other.example.com/x", ""),
    ],
)
def test_an_address_is_one_web_address_and_nothing_else(text, problem):
    assert addresses.problem(text) == problem
    assert addresses.is_address(text) is not bool(problem)


def test_two_addresses_in_one_text_are_told_apart():
    assert addresses.parts(" http://a.example.com/x.csv；http://b.example.com/y.csv ") == [
        "http://a.example.com/x.csv",
        "http://b.example.com/y.csv",
    ]
    assert addresses.parts("http://a.example.com/水库 名录.csv") == [
        "http://a.example.com/水库 名录.csv"
    ]


def test_blanks_in_an_address_are_escaped_and_nothing_else_changes():
    normal = addresses.normal("  http://data.example.com/水库 名录.csv?a=1%20b ")
    assert normal == "http://data.example.com/水库%20名录.csv?a=1%20b"
    assert addresses.normal(normal) == normal
    assert addresses.normal(" 无 ") == "无"


def test_every_problem_has_its_sentence():
    codes = ("none", "several", "scheme", "host", "user", "long")
    for code in codes:
        assert sentence(Finding(f"address_{code}", "resources", {"value": "x"}), "en")
    said = sentence(Finding("address_scheme", "resources", {"value": "D:\\x"}, 1, "url"), "zh")
    assert "文件和地址第 2 行" in said
    assert "D:\\x" in said


@pytest.mark.parametrize(
    ("resource", "link"),
    [
        ({"url": "http://data.example.com/x"}, "http://data.example.com/x"),
        ({"url": "http://opt/data/x"}, ""),
        ({"url": "javascript:x"}, ""),
        ({"url": ""}, ""),
        # the portal's own addresses are as its operator names it
        ({"url": "http://portal:5000/d/x.csv", "url_type": "upload"}, "http://portal:5000/d/x.csv"),
    ],
)
def test_only_a_sound_address_is_a_link(resource, link):
    assert addresses.link_of(resource) == link
