"""A record as it was sent, taken apart: refused where CKAN or the rules could not even read it."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen import codes
from ckanext.sdopen.entries.steps.cleaning import texts_and_tables
from ckanext.sdopen.entries.validation import resource_ids
from ckanext.sdopen.language import language
from ckanext.sdopen.standard import values
from ckanext.sdopen.standard.check import judged, marked_rows
from ckanext.sdopen.standard.findings import ERROR, Finding, sentence
from ckanext.sdopen.standard.profiles import Profile

_REFERENCES = ("owner_org", "id", "name")


def refuse_odd(record: Mapping[str, Any]) -> None:
    """Raise ValidationError where what CKAN's own checks look up by is no text."""
    odd = [name for name in _REFERENCES if isinstance(record.get(name), list | dict)]
    if odd:
        errors = {name: [sentence(Finding("text_expected", name), language())] for name in odd}
        raise tk.ValidationError(errors)


def unpack(record: dict[str, Any], kind: str, profile: Profile) -> None:
    """Name topics by their codes, in place; refuse what is no table, too large, secret or double.

    Args:
        record: the record as it was sent.
        kind: `catalog` or `interface`.
        profile: whose limits and severities count, before anything is known of a source.

    Raises:
        ValidationError: it cannot be read.
    """
    refuse_unfit(record, kind, profile)
    topics = values.listed(record.get("topics"))
    if topics:
        record["topics"] = codes.topic_codes(topics)
    listed = record.get("resources")
    if isinstance(listed, list):
        resource_ids.refuse_odd(listed)
        resource_ids.refuse_doubles(listed)


def refuse_unfit(record: Mapping[str, Any], kind: str, profile: Profile) -> None:
    """Raise ValidationError for what is no table, too large or secret, before CKAN unpacks it."""
    texts, tables = texts_and_tables(kind)
    found = [
        Finding("text_expected", name)
        for name, value in record.items()
        if isinstance(value, list | dict) and name in texts
    ]
    limits = profile.limits
    bounds = {**dict.fromkeys(tables, limits.items), "tags": limits.tags}
    for name, limit in {**bounds, "resources": limits.resources}.items():
        found += _of_rows(name, record.get(name), limit, profile)
    if found:
        errors: dict[str, Any] = {f.field: [sentence(f, language(), kind)] for f in found}
        if "tags" in errors:
            # as CKAN's ValidationError wants the errors of tags
            errors["tags"] = [{"name": errors["tags"]}]
        raise tk.ValidationError(errors)


def _of_rows(name: str, rows: Any, limit: int, profile: Profile) -> list[Finding]:
    """What is wrong with a table, or with tags and resources, as a whole."""
    if not rows:
        return []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return [Finding("table_expected", name)]
    if len(rows) > limit:
        return [Finding("rows_too_many", name, {"count": len(rows), "limit": limit})]
    if name not in ("tags", "resources"):
        return []
    marks = judged(marked_rows(name, rows), profile.severities)
    return [mark for mark in marks if mark.severity == ERROR]
