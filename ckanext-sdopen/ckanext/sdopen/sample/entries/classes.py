"""How the sample's catalogs share and open: as many of each class as the plan says, spread evenly.

The rates are those of a real city (Yantai: 74.2 % shareable, 45.08 % open).
"""

from dataclasses import dataclass

SHAREABLE_RATE = 0.742


@dataclass(frozen=True)
class Classes:
    """Sharing and opening of one catalog."""

    sharing: str
    opening: str


_OPEN = ("unconditional", "unconditional", "unconditional", "unconditional", "conditional")
_OPEN_SHARING = ("unconditional", "unconditional", "unconditional", "conditional")
_SHARED = ("conditional", "unconditional", "conditional")


def classes_of(rank: int, open_catalogs: int, catalogs: int, tabled: bool) -> Classes:
    """The classes of the catalog of a rank: the open ones first, then shared, then closed ones.

    `tabled` catalogs have files that everyone downloads, and so no conditions.
    """
    if rank < open_catalogs:
        if tabled:
            return Classes("unconditional", "unconditional")
        return Classes(_OPEN_SHARING[rank % len(_OPEN_SHARING)], _OPEN[rank % len(_OPEN)])
    if rank < round(catalogs * SHAREABLE_RATE):
        return Classes(_SHARED[rank % len(_SHARED)], "none")
    return Classes("none", "none")
