"""Administrative regions with their parents: province, city, county."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ckanext.sdopen.codes.lists import UnknownCode, load

PROVINCE, CITY, COUNTY = LEVELS = ("province", "city", "county")


@dataclass(frozen=True)
class Region:
    """A region: six-digit code, Chinese name, level, the code of the region that holds it.

    `historical` regions no longer exist; old entries keep them.
    """

    code: str
    name: str
    level: str
    parent: str | None
    historical: bool = False


@lru_cache(maxsize=1)
def regions() -> Mapping[str, Region]:
    """All regions by code, each after the one that holds it."""
    return {
        code.value: Region(
            code.value,
            code.zh,
            code.more["level"],
            code.more.get("parent"),
            bool(code.more.get("historical", False)),
        )
        for code in load("regions")
    }


def region(code: str) -> Region:
    """The region of a code; UnknownCode if there is none."""
    if code not in regions():
        raise UnknownCode("regions", code)
    return regions()[code]


def path(code: str) -> tuple[str, ...]:
    """The region itself, then each region that holds it: (370102, 370100, 370000)."""
    codes: list[str] = []
    current: str | None = code
    while current is not None:
        codes.append(current)
        current = region(current).parent
    return tuple(codes)
