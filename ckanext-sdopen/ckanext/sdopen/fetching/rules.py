"""The bounds of a request to the outside."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

MIB = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a request may reach and take.

    Args:
        networks: networks such as 10.1.0.0/16 that may be reached though they are not public.
        most_bytes, most_unpacked: bytes of an answer as sent, and unpacked.
        connect, read, total: seconds until connected, between two bytes, for all.
        redirects: how often an address may lead on.
        proxy: the proxy that takes all requests; it then is what connects, and must guard too.
        ca_file: certificates to trust instead of those of the system.
    """

    networks: tuple[str, ...] = ()
    most_bytes: int = 2048 * MIB
    most_unpacked: int = 4096 * MIB
    connect: float = 5
    read: float = 30
    total: float = 1800
    redirects: int = 3
    proxy: str = ""
    ca_file: str = ""

    def listed(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks that may be reached though they are not public."""
        return tuple(ip_network(one) for one in self.networks)
