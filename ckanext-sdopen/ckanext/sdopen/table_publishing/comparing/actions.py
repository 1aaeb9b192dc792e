"""The action that tells what is different between two versions of a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.sdopen.access import visibility
from ckanext.sdopen.parameters import whole_number
from ckanext.sdopen.table_publishing import downloads
from ckanext.sdopen.table_publishing.comparing import addresses, differences, pairs, settings
from ckanext.sdopen.table_publishing.showing import asked, shown

__all__ = ["sdopen_table_compare"]

_MOST_ROWS = 1_000


@tk.side_effect_free
def sdopen_table_compare(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Tell which rows were added, removed or changed between two versions, or since a moment.

    Rows are told apart by the key of the table's items; without a key each row counts as often as
    it stands there. The difference is made in the background at the first question, and kept: ask
    again until `state` is done.

    Args:
        data_dict: `resource_id`; `from`, the number or hash of a version, or `since`, a moment
            (ISO 8601), which means the version of then; `to` (the current version); `offset` and
            `limit` (100, at most 1000) of the rows.

    Returns:
        `{"resource_id", "state": done, waiting, running, failed, or whole where there was no
        version at the moment, so that all rows are new, "done", "total", "ahead", "error", "from",
        "to": {"number", "hash", "rows", "created"}, "summary": {"by": names of the key, "added",
        "removed", "changed": rows, "cells": {column: changed cells}, "columns": {"added",
        "removed", "retyped"}, "told": how many rows are told one by one} or null, "rows": [{
        "change", "key": {…}, "columns": that changed, "before": row or null, "after"}], "csv":
        address of all told rows or null where there are none}`.

    Raises:
        ObjectNotFound: no such resource, the caller may not read it, or it has no version.
        NotAuthorized: its tables are given on application only.
        ValidationError: no such version, one that is not kept any more or is not older than the
            other, or too many wait.

    `curl "$PORTAL/api/3/action/sdopen_table_compare?resource_id=$ID&since=2026-01-31"`
    """
    resource = asked.resource(context, data_dict, "sdopen_table_compare", visibility.TABLE)
    begin = whole_number(data_dict, "offset", 0, most=settings.rows(), capped=True)
    count = whole_number(data_dict, "limit", 100, most=_MOST_ROWS, capped=True)
    pair = pairs.asked(data_dict, resource.id)
    if pair is None:
        nothing: dict[str, Any] = {
            "summary": None,
            "rows": [],
            "csv": None,
            "from": None,
            "to": None,
        }
        return {"resource_id": resource.id, "state": "whole", "error": None, **nothing}
    downloads.note(resource.id)
    found, standing = differences.find(pair)
    is_older = pair.old.number < pair.new.number
    told = {
        "resource_id": resource.id,
        **standing,
        "from": shown.version(pair.old),
        "to": shown.version(pair.new),
        "csv": addresses.csv(resource.package.name, pair) if is_older else None,
    }
    if found is None:
        return {**told, "summary": None, "rows": []}
    keys = found.summary["by"]
    with found:
        rows = [{**row, "key": _key(row, keys)} for row in found.rows(begin, count)]
    return {**told, "summary": dict(found.summary), "rows": rows}


def _key(row: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    values = row["after"] or row["before"]
    return {name: values[name] for name in keys}
