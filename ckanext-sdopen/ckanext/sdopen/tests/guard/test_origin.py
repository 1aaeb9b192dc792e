"""Where a request comes from, and what follows."""

import pytest

from ckanext.sdopen.guard.origin import Sent, Verdict, judge, origin

OWN = frozenset({"https://data.example.cn"})
ORDINARY = {
    "method": "POST",
    "origin": "https://data.example.cn",
    "api": False,
    "by_cookie": True,
    "by_token": False,
    "json": False,
    "csrf_token": False,
}


@pytest.mark.parametrize(
    "changes, verdict",
    [
        ({}, Verdict.PASS),
        ({"origin": "https://data.example.cn/dataset/new"}, Verdict.PASS),
        ({"origin": ""}, Verdict.PASS),
        ({"origin": "null"}, Verdict.FOREIGN),
        ({"origin": "http://data.example.cn"}, Verdict.FOREIGN),
        ({"origin": "https://data.example.cn.elsewhere.example"}, Verdict.FOREIGN),
        ({"origin": "https://elsewhere.example", "by_cookie": False}, Verdict.FOREIGN),
        ({"origin": "https://elsewhere.example", "method": "GET"}, Verdict.PASS),
        ({"origin": "https://elsewhere.example", "by_token": True}, Verdict.PASS),
        ({"api": True}, Verdict.UNPROVEN),
        ({"api": True, "json": True}, Verdict.VOUCHED),
        ({"api": True, "json": True, "origin": ""}, Verdict.UNPROVEN),
        ({"api": True, "csrf_token": True, "origin": ""}, Verdict.PASS),
        ({"api": True, "json": True, "origin": "https://elsewhere.example"}, Verdict.FOREIGN),
        ({"by_cookie": False}, Verdict.VOUCHED),
        ({"by_cookie": False, "origin": ""}, Verdict.VOUCHED),
        ({"api": True, "by_cookie": False, "origin": "https://a.example"}, Verdict.VOUCHED),
    ],
)
def test_a_request_acts_for_its_sender_only_from_our_own_pages(changes, verdict):
    assert judge(Sent(**{**ORDINARY, **changes}), OWN) is verdict


@pytest.mark.parametrize(
    "address, found",
    [
        ("https://Data.Example.cn:443/a?b", "https://data.example.cn"),
        ("http://10.0.0.1:80", "http://10.0.0.1"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("https://name:word@data.example.cn/", "https://data.example.cn"),
        ("null", ""),
        ("", ""),
        ("https://data.example.cn:x/", ""),
        ("http://[", ""),
        ("/dataset", ""),
    ],
)
def test_an_address_has_one_origin(address, found):
    assert origin(address) == found
