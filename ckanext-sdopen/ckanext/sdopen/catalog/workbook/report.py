"""What a check has to say, as plain values: the summary, and one line a finding.

Of a classified block only the place is told: no code, no title, no value.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ckanext.sdopen.catalog.findings import ERROR, Finding, sentence
from ckanext.sdopen.catalog.workbook.addresses import address
from ckanext.sdopen.catalog.workbook.columns import ITEMS
from ckanext.sdopen.catalog.workbook.examined import Examined, Told

_FIRST_CELLS = 5


def _group(told: Told) -> tuple[str, str, str, str]:
    finding = told.finding
    return finding.severity, finding.code, finding.field, finding.part


def kinds(result: Examined, lang: str) -> list[dict[str, Any]]:
    """Findings by kind, errors first, the most frequent first; each with its first cells."""
    groups: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for told in result.told:
        group = groups.get(_group(told))
        if group is None:
            # the row of an item belongs to the cell, not to the kind
            said = sentence(replace(told.finding, item=None), lang)
            severity, code, _, _ = _group(told)
            group = {"severity": severity, "code": code, "message": said, "count": 0, "cells": []}
            groups[_group(told)] = group
        group["count"] += 1
        if len(group["cells"]) < _FIRST_CELLS:
            group["cells"].append(result.place(told))
    return sorted(groups.values(), key=lambda g: (g["severity"] != ERROR, -g["count"], g["code"]))


def summary(result: Examined, lang: str) -> dict[str, Any]:
    """The check in one object."""
    errors = sum(told.finding.severity == ERROR for told in result.told)
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
        "warnings": len(result.told) - errors,
        "kinds": kinds(result, lang),
        "notes": [{"code": n.code, "message": n.sentence(lang)} for n in result.notes],
        "columns": {
            result.sheets[number]: {table: sorted(names) for table, names in one.elements.items()}
            for number, one in result.layouts.items()
        },
        "confidential": len(secret),
        "confidential_cells": [result.place(told) for told in secret[:_FIRST_CELLS]],
    }


def _item(finding: Finding) -> str:
    if finding.field != ITEMS:
        return ""
    return str(finding.params.get("row_name") or "")


def lines(result: Examined, lang: str) -> Iterator[dict[str, Any]]:
    """One line a finding, in the order of the cells."""
    for told in in_order(result):
        known = result.blocks[told.block] if told.block >= 0 else None
        yield {
            "severity": told.finding.severity,
            "code": told.finding.code,
            "sheet": result.sheets[told.sheet],
            "cell": address(told.row, told.column),
            # the first row of its catalog, by which the catalog is known
            "row": (known.first if known else told.row) + 1,
            "resource_code": known.code if known else "",
            "title": known.title if known else "",
            "item": _item(told.finding),
            "path": list(told.finding.path),
            "message": sentence(told.finding, lang),
        }


def in_order(result: Examined) -> list[Told]:
    """The findings by sheet, row and column."""
    return sorted(result.told, key=lambda told: (told.sheet, told.row, told.column))
