"""信息项: listed where data are structured, complete, never wider than their catalog."""

from collections.abc import Iterator, Mapping

from ckanext.sdopen.standard.classes import CLASSES
from ckanext.sdopen.standard.findings import Finding
from ckanext.sdopen.standard.rules.base import Entry, RuleInput

STRUCTURED = ("spreadsheet", "database")
# 字符型, 数值型, 货币型, 双精度型, 整型, 浮点型; the others have no length of their own
_WITH_LENGTH = frozenset("CNYBIF")
# the wider, the smaller
_WIDTH = {name: width for width, name in enumerate(CLASSES)}


def listed(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """Structured data lists its 信息项."""
    if entry.get("format_category") in STRUCTURED and not any(
        value not in (None, "") for row in entry.get("info_items") or () for value in row.values()
    ):
        yield Finding("items_missing", "info_items")


def complete(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """An item has a name of its own, a type, and a length where its type has one."""
    seen: dict[str, int] = {}
    structured = entry.get("format_category") in STRUCTURED
    for number, row in enumerate(entry.get("info_items") or ()):
        name = row.get("name")
        if not name:
            if any(value not in (None, "") for value in row.values()):
                yield Finding("item_name_missing", "info_items", {}, number, "name")
            continue
        folded = str(name).strip()
        if folded in seen:
            params = {"row_name": name, "first": seen[folded] + 1}
            yield Finding("item_name_twice", "info_items", params, number, "name")
        seen.setdefault(folded, number)
        if structured:
            yield from _typed(row, number)


def _typed(row: Mapping[str, object], number: int) -> Iterator[Finding]:
    data_type = row.get("data_type")
    if not data_type:
        named = {"row_name": row.get("name")}
        yield Finding("item_type_missing", "info_items", named, number, "data_type")
    elif data_type in _WITH_LENGTH and not row.get("data_length"):
        named = {"row_name": row.get("name")}
        yield Finding("item_length_missing", "info_items", named, number, "data_length")


def never_wider(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """An item is never more shared or more open than its catalog; without a class it inherits."""
    sharing = _WIDTH.get(str(entry.get("sharing")))
    opening = _WIDTH.get(str(entry.get("opening")))
    for number, row in enumerate(entry.get("info_items") or ()):
        own_sharing, own_opening = row.get("sharing"), row.get("opening")
        if own_sharing and sharing is not None and _WIDTH.get(str(own_sharing), 9) < sharing:
            named = {"row_name": row.get("name", "")}
            yield Finding("item_wider_sharing", "info_items", named, number, "sharing")
        if own_opening and opening is not None and _WIDTH.get(str(own_opening), 9) < opening:
            named = {"row_name": row.get("name", "")}
            yield Finding("item_wider_opening", "info_items", named, number, "opening")
