"""Rules between the elements of an entry, on plain values; one function, one rule."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ckanext.sdopen.catalog.classes import CONDITIONAL, NONE, UNCONDITIONAL
from ckanext.sdopen.catalog.findings import Finding

Entry = Mapping[str, Any]
Rule = Callable[[Entry], Iterator[Finding]]

STRUCTURED = ("spreadsheet", "database")
_CODE_PARTS = re.compile(
    r"(?P<category>[123])(?P<division>\d{2})(?P<subject>\d{3})(?P<detail>\d*)/\d+"
)


def code_parts(code: str) -> dict[str, str]:
    """类, 项, 目, 细目 as the 信息资源代码 tells them; empty for a code of another shape."""
    match = _CODE_PARTS.fullmatch(code)
    return {name: value for name, value in match.groupdict().items() if value} if match else {}


def sharing_grounds(entry: Entry) -> Iterator[Finding]:
    """有条件共享 states its condition, 不予共享 its basis."""
    if entry.get("sharing_condition"):
        return
    if entry.get("sharing") == CONDITIONAL:
        yield Finding("sharing_condition", "sharing_condition_missing")
    if entry.get("sharing") == NONE:
        yield Finding("sharing_condition", "sharing_basis_missing")


def sharing_ways(entry: Entry) -> Iterator[Finding]:
    """What is shared says how."""
    if entry.get("sharing") not in (UNCONDITIONAL, CONDITIONAL):
        return
    if not entry.get("sharing_method"):
        yield Finding("sharing_method", "sharing_method_missing")
    if not entry.get("sharing_method_types"):
        yield Finding("sharing_method_types", "sharing_method_types_missing")


def opening_grounds(entry: Entry) -> Iterator[Finding]:
    """有条件开放 states its condition, 不予开放 its basis."""
    if entry.get("opening") == CONDITIONAL and not entry.get("opening_condition"):
        yield Finding("opening_condition", "opening_condition_missing")
    if entry.get("opening") == NONE and not entry.get("closing_basis"):
        yield Finding("closing_basis", "closing_basis_missing")


def format_described(entry: Entry) -> Iterator[Finding]:
    """自描述格式 comes with a description."""
    if entry.get("format_category") == "self_describing" and not entry.get("format_note"):
        yield Finding("format_note", "format_note_missing")


def items_listed(entry: Entry) -> Iterator[Finding]:
    """Structured data lists its 信息项."""
    if entry.get("format_category") in STRUCTURED and not entry.get("info_items"):
        yield Finding("info_items", "items_missing")


def classification_agrees(entry: Entry) -> Iterator[Finding]:
    """类, 项, 目, 细目 say what the code says."""
    for name, expected in code_parts(entry.get("resource_code") or "").items():
        given = entry.get(name)
        if given and given != expected:
            yield Finding(name, "classification_differs", {"expected": expected, "given": given})


COMMON: tuple[Rule, ...] = (sharing_grounds, opening_grounds)
RULES: Mapping[str, tuple[Rule, ...]] = {
    "catalog": (*COMMON, sharing_ways, format_described, items_listed, classification_agrees),
    "interface": COMMON,
}


def broken(kind: str, entry: Entry) -> list[Finding]:
    """All rules that a cataloguer's own entry breaks; harvested entries are not asked."""
    return [finding for rule in RULES[kind] for finding in rule(entry)]
