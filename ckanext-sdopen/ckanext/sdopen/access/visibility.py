"""Who sees what: class × state × role → parts of an entry, as schemas/visibility.yaml says."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from ckanext.sdopen.chinese.folding import folded
from ckanext.sdopen.paths import SCHEMAS

ENTRY, ITEMS, FILE, TABLE, INTERFACE = PARTS = ("entry", "items", "file", "table", "interface")
ANONYMOUS, GOVERNMENT, MEMBER, AUTHORITY, CREATOR, SYSADMIN = ROLES = (
    "anonymous",
    "government",
    "member",
    "authority",
    "creator",
    "sysadmin",
)
DRAFT, PUBLISHED, WITHDRAWN = STATES = ("draft", "published", "withdrawn")
# from wide to narrow
_WIDTH = {"unconditional": 0, "conditional": 1, "none": 2}


@dataclass(frozen=True)
class VisibilityTable:
    """The table: its classes in the order of their tests, and the parts of each cell."""

    classes: tuple[Mapping[str, str], ...]
    cells: Mapping[tuple[str, str, str], frozenset[str]]


def _cells(raw: Mapping[str, Any], classes: Iterable[str]) -> Iterator[tuple[Any, frozenset[str]]]:
    for state in STATES:
        for name in classes:
            for role in ROLES:
                parts = frozenset(raw[state][name][role])
                if parts - set(PARTS):
                    raise ValueError(f"visibility.yaml: {state}/{name}/{role} names no part")
                yield (state, name, role), parts


@cache
def table() -> VisibilityTable:
    """The table of schemas/visibility.yaml; a missing or unknown cell is an error at once."""
    raw = yaml.safe_load((SCHEMAS / "visibility.yaml").read_text(encoding="utf-8"))
    known = {"parts": PARTS, "roles": ROLES, "states": STATES}
    wrong = [name for name, values in known.items() if tuple(raw[name]) != values]
    if wrong:
        raise ValueError(f"visibility.yaml: {', '.join(wrong)} are not those of the code")
    classes = tuple(raw["classes"])
    return VisibilityTable(classes, dict(_cells(raw["cells"], [one["name"] for one in classes])))


def _degree(value: object) -> str | None:
    return value if isinstance(value, str) and value in _WIDTH else None


def class_of(sharing: object, opening: object) -> str:
    """The class of an entry; a missing or unknown sharing or opening counts as the narrowest."""
    # texts of callers are no keys of the cache: they would stay in it for ever
    return _class_of(_degree(sharing), _degree(opening))


@cache
def _class_of(sharing: str | None, opening: str | None) -> str:
    given = {"sharing": sharing, "opening": opening}
    for one in table().classes:
        if all(given[axis] == value for axis, value in one.items() if axis != "name"):
            return one["name"]
    raise ValueError("visibility.yaml: the last class must fit every entry")


@cache
def roles_that_see(state: str, name: str, part: str = ENTRY) -> tuple[str, ...]:
    """The roles that see a part of entries of a state and a class."""
    return tuple(role for role in ROLES if part in table().cells[(state, name, role)])


def parts(state: str, name: str, roles: Iterable[str]) -> frozenset[str]:
    """What somebody with these roles sees of entries of a state and a class."""
    return frozenset().union(*(table().cells[(state, name, role)] for role in roles))


def _is_narrower(item: Mapping[str, Any], entry: Mapping[str, Any], axis: str) -> bool:
    own, of_entry = item.get(axis), entry.get(axis)
    return _WIDTH.get(str(own), -1) > _WIDTH.get(str(of_entry), 2)


def narrower_items(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The 信息项 that are not given where their entry is: their values stay out of its data.

    Opening counts where the entry is open, sharing where it is shared only.
    """
    axis = "sharing" if entry.get("opening") in (None, "", "none") else "opening"
    items = entry.get("info_items")
    rows = items if isinstance(items, list) else []
    return [row for row in rows if isinstance(row, Mapping) and _is_narrower(row, entry, axis)]


def narrower_names(entry: Mapping[str, Any]) -> dict[str, str]:
    """{name as it is compared: name as it is written} of the narrower items, English ones too."""
    return {
        folded(str(item[key])): str(item[key])
        for item in narrower_items(entry)
        for key in ("name", "english_name")
        if item.get(key)
    }


def narrows(before: Iterable[str], after: Iterable[str], class_before: str, class_now: str) -> bool:
    """Whether somebody who read an entry with these labels, or its files, reads less of it now.

    A change of class counts, whichever way: what is given with an entry depends on it.
    """
    kept = set(after)
    lost = "public" not in kept and not set(before) <= kept
    return lost or class_before != class_now
