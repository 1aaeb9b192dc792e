"""Only public addresses of the network, and listed ones, may be reached."""

from ipaddress import ip_network

import pytest

from ckanext.sdopen.fetching.networks import may_be_reached


@pytest.mark.parametrize(
    "address", ["110.242.68.66", "8.8.8.8", "2400:3200::1", "64:ff9b::8.8.8.8"]
)
def test_public_addresses_may_be_reached(address):
    assert may_be_reached(address, ())


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.100.100.200", "100.64.0.1", "192.0.0.192", "198.18.0.1"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1", "203.0.113.9"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "fec0::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1"),
        *("64:ff9b:1::10.0.0.1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1"),
    ],
)
def test_what_is_inside_may_not(address):
    assert not may_be_reached(address, ())


def test_a_listed_network_may_be_reached_and_nothing_beside_it():
    listed = (ip_network("10.1.0.0/16"),)
    assert may_be_reached("10.1.2.3", listed)
    assert may_be_reached("::ffff:10.1.2.3", listed)
    assert not may_be_reached("10.2.0.1", listed)
