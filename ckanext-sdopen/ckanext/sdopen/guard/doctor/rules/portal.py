"""What the rules about settings judge."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Portal:
    """What the rules judge: the settings as they take effect, and what the code shows."""

    settings: Mapping[str, Any]
    plugins: frozenset[str] = frozenset()
    csrf_repaired: bool = True
    origin_checked: bool = True
    # names of files with settings that accounts of the machine other than the portal's can read
    open_files: tuple[str, ...] = ()

    def number(self, name: str) -> float:
        """A setting as a number; one that is no number counts as 0."""
        try:
            return float(self.settings.get(name) or 0)
        except (TypeError, ValueError):
            return 0.0

    def says(self, name: str) -> bool:
        """A setting as yes or no, written or read."""
        value = self.settings.get(name)
        return (
            value if isinstance(value, bool) else str(value).lower() in ("true", "yes", "on", "1")
        )

    def text(self, name: str) -> str:
        """A setting as text; empty where it is not set."""
        return str(self.settings.get(name) or "")

    @property
    def is_local(self) -> bool:
        """Whether its address is one that only this machine reaches."""
        host = urlsplit(self.text("ckan.site_url")).hostname or ""
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach it over TLS."""
        return self.text("ckan.site_url").startswith("https://")
