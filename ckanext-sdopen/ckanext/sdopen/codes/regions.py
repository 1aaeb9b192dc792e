"""Administrative regions with their parents: province, city, county."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ckanext.sdopen.codes import zones
from ckanext.sdopen.codes.lists import CodeList, UnknownCode, load, read, set_maker

# programs without the portal's settings, like the harvest tool, find the file of zones here
ZONES_VARIABLE = "SDOPEN_ZONES_FILE"


@dataclass(frozen=True)
class Region:
    """A region: six-digit code, Chinese name, level, the code of the region that holds it.

    `historical` regions no longer exist; old entries keep them. `kind` is `functional_zone` for
    开发区, 高新区 and the like.
    """

    code: str
    name: str
    level: str
    parent: str | None
    historical: bool = False
    kind: str = ""


def use_zones(path: str) -> None:
    """Complete the regions by a file of local zones; empty takes that of the environment, or none.

    Raises:
        SdopenError: the file, or an entry of it, is wrong.
    """
    file = path or os.environ.get(ZONES_VARIABLE, "")
    regions.cache_clear()
    set_maker("regions", lambda: _completed(file))
    load("regions")


def _completed(file: str) -> CodeList:
    known = read("regions")
    return zones.completed(known, Path(file)) if file else known


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
            code.more.get("kind", ""),
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


set_maker("regions", lambda: _completed(os.environ.get(ZONES_VARIABLE, "")))
