"""Which addresses of the network are public: all others are somebody's inside."""

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

# networks of IPv6 that carry an address of IPv4, and the byte where it begins
_CARRIERS = {
    ip_network("::/96"): 12,
    ip_network("::ffff:0:0/96"): 12,
    ip_network("64:ff9b::/96"): 12,
    ip_network("64:ff9b:1::/48"): 12,
    ip_network("2002::/16"): 2,
}
# beside what `is_global` knows: tunnels to anywhere, former site-local, benchmarks, documentation
_CLOSED = tuple(
    map(
        ip_network,
        ("2001::/32", "fec0::/10", "192.88.99.0/24", "100.64.0.0/10", "192.0.0.0/24", "3fff::/20"),
    )
)


def carried(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address of IPv4 that one of IPv6 stands for, or the address itself."""
    for network, begins in _CARRIERS.items():
        if address in network:
            return IPv4Address(address.packed[begins : begins + 4])
    return address


def may_be_reached(text: str, listed: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Whether a connection may go to an address: it is public, or in a listed network."""
    address = carried(ip_address(text.partition("%")[0]))
    if any(address in network for network in listed):
        return True
    if address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return address.is_global and not any(address in network for network in _CLOSED)
