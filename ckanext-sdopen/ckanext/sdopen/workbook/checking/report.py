"""What a check has to say, as plain values: the summary, and one line a finding.

Of a classified block only the place is told: no code, no title, no value.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ckanext.sdopen.sheets.addresses import address
from ckanext.sdopen.standard.findings import ERROR, Finding, sentence
from ckanext.sdopen.workbook.checking.checked_book import Examined, PlacedFinding
from ckanext.sdopen.workbook.columns import ITEMS

_FIRST_CELLS = 5


def _group(placed: PlacedFinding) -> tuple[str, str, str, str]:
    finding = placed.finding
    return finding.severity, finding.code, finding.field, finding.part


def kinds(result: Examined, lang: str) -> list[dict[str, Any]]:
    """Findings by kind, errors first, the most frequent first; each with its first cells."""
    groups: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for placed in result.findings:
        group = groups.get(_group(placed))
        if group is None:
            # the row of an item belongs to the cell, not to the kind
            said = sentence(replace(placed.finding, item=None), lang)
            severity, code, _, _ = _group(placed)
            group = {"severity": severity, "code": code, "message": said, "count": 0, "cells": []}
            groups[_group(placed)] = group
        group["count"] += 1
        if len(group["cells"]) < _FIRST_CELLS:
            group["cells"].append(result.place(placed))
    return sorted(groups.values(), key=lambda g: (g["severity"] != ERROR, -g["count"], g["code"]))


def summary(result: Examined, lang: str) -> dict[str, Any]:
    """The check in one object."""
    errors = sum(placed.finding.severity == ERROR for placed in result.findings)
    secret = result.confidential
    return {
        "profile": result.profile.name,
        "profile_title": result.profile.title["zh" if lang.startswith("zh") else "en"],
        "day": result.day.isoformat(),
        "catalogs": len(result.blocks),
        "items": result.items,
        "faulty": result.faulty,
        "warned": result.warned,
        "errors": errors,
        "warnings": len(result.findings) - errors,
        "kinds": kinds(result, lang),
        "notes": [{"code": n.code, "message": n.sentence(lang)} for n in result.notes],
        "columns": {
            result.sheets[number]: {table: sorted(names) for table, names in one.elements.items()}
            for number, one in result.layouts.items()
        },
        "confidential": len(secret),
        "confidential_cells": [result.place(placed) for placed in secret[:_FIRST_CELLS]],
    }


def _item(finding: Finding) -> str:
    if finding.field != ITEMS:
        return ""
    return str(finding.params.get("row_name") or "")


def lines(result: Examined, lang: str) -> Iterator[dict[str, Any]]:
    """One line a finding, in the order of the cells."""
    for placed in in_order(result):
        known = result.blocks[placed.block] if placed.block >= 0 else None
        yield {
            "severity": placed.finding.severity,
            "code": placed.finding.code,
            "sheet": result.sheets[placed.sheet],
            "cell": address(placed.row, placed.column),
            # the first row of its catalog, by which the catalog is known
            "row": (known.first if known else placed.row) + 1,
            "resource_code": known.code if known else "",
            "title": known.title if known else "",
            "item": _item(placed.finding),
            "path": list(placed.finding.path),
            "message": sentence(placed.finding, lang),
        }


def in_order(result: Examined) -> list[PlacedFinding]:
    """The findings by sheet, row and column."""
    return sorted(result.findings, key=lambda placed: (placed.sheet, placed.row, placed.column))
