"""Whose address a request comes from: a forwarded one is believed from known proxies only."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Networks = Sequence[IPv4Network | IPv6Network]
# what stands in the settings for a server that is reached by a socket of the file system
UNIX = "unix"
_UNKNOWN = "unknown"


def networks(written: Sequence[str]) -> Networks:
    """The networks of a list of addresses and networks, `unix` left out.

    Raises:
        ValueError: one of them is neither.
    """
    return [ip_network(one, strict=False) for one in written if one != UNIX]


def _known(text: str, proxies: Sequence[str]) -> bool:
    """Whether an address is that of a known proxy; a socket's is empty."""
    if text in ("", UNIX):
        return UNIX in proxies
    try:
        found = _address(text)
    except ValueError:
        return False
    return any(found in network for network in networks(proxies))


def _address(text: str) -> object:
    """The address of a text, an IPv4 one that is written as IPv6 as IPv4."""
    found = ip_address(text.strip().partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found


def client(remote: str, forwarded: str, proxies: Sequence[str]) -> str:
    """The address of who asks: of X-Forwarded-For the last that no known proxy bears.

    Args:
        remote: who is connected, empty for a socket of the file system.
        forwarded: the header as it came: addresses with commas between, the nearest last.
        proxies: addresses and networks that are believed, and `unix`.
    """
    nearest = remote
    for hop in reversed(forwarded.split(",") if forwarded.strip() else []):
        if not _known(nearest, proxies):
            break
        try:
            nearest = str(_address(hop))
        except ValueError:
            break
    return nearest or _UNKNOWN


def neighbourhood(address: str) -> str:
    """What of an address is counted together: all of IPv4, the /64 that one host has of IPv6."""
    try:
        found = ip_network(str(_address(address)))
    except ValueError:
        return address[:64]
    return str(found.network_address if found.version == 4 else found.supernet(new_prefix=64))
