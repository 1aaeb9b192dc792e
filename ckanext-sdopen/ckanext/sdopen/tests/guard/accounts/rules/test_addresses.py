"""Whose address a request has."""

import pytest

from ckanext.sdopen.guard.accounts.rules import addresses

OURS = ["127.0.0.0/8", "::1", "unix", "10.1.0.0/16"]


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        # a stranger's word is not believed
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        # what a stranger sent stands before what our proxy added
        ("127.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("", "198.51.100.1", "198.51.100.1"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("", "", "unknown"),
    ],
)
def test_a_forwarded_address_is_believed_from_known_proxies_only(remote, forwarded, client):
    assert addresses.client(remote, forwarded, OURS) == client


def test_a_socket_is_no_proxy_where_it_is_not_named():
    assert addresses.client("", "198.51.100.1", ["127.0.0.1"]) == "unknown"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("unknown", "unknown"),
    ],
)
def test_one_host_of_ipv6_is_counted_as_one(address, counted):
    assert addresses.neighbourhood(address) == counted


def test_a_wrong_setting_is_said():
    with pytest.raises(ValueError, match="does not appear to be an IPv4 or IPv6 network"):
        addresses.networks(["our proxy"])
