"""The action that lists what changed."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.sdopen.changes import model
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.moments import instant, moment
from ckanext.sdopen.parameters import whole_number
from ckanext.sdopen.standard.elements import KIND_OF_TYPE

__all__ = ["sdopen_change_list"]

# a write is stamped before it is committed and found: so far back a later list begins again
_OVERLAP = timedelta(minutes=5)
_NAME = re.compile(r"^[a-z0-9_-]{1,100}\Z")
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def _text(when: datetime) -> str:
    """A moment as the index has it: UTC, milliseconds."""
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03d}Z"


def _place(data_dict: dict[str, Any]) -> tuple[datetime, str]:
    """(moment, name) after which the list begins."""
    if data_dict.get("after"):
        text, _, name = str(data_dict["after"]).partition("_")
        if not _NAME.match(name):
            message = tk._("Take the parameter as an earlier answer gave it")
            raise tk.ValidationError({"after": [message]})
        return moment(text, "after"), name
    if data_dict.get("since"):
        return moment(str(data_dict["since"]), "since"), ""
    return _FIRST, ""


def _most(data_dict: dict[str, Any]) -> int:
    """How many changes a page has; a caller may ask for fewer."""
    own = int(tk.config["ckanext.sdopen.catalog.changes_per_page"])
    return whole_number(data_dict, "limit", own, least=1, most=own, capped=True)


def _complete_until(asked: datetime) -> datetime:
    """Up to when a list is whole: what waits for the index may be listed later."""
    waiting = outbox.oldest()
    since = min(asked, waiting.replace(tzinfo=UTC)) if waiting else asked
    return since - _OVERLAP


def _updated(when: datetime, name: str, most: int) -> list[dict[str, Any]]:
    """Entries that everyone sees, changed after a place; one search, as nobody in particular."""
    chosen = f"metadata_modified:[{_text(when)} TO *]"
    if name:
        later = f"metadata_modified:{{{_text(when)} TO *]"
        same = f'metadata_modified:"{_text(when)}" AND name:{{"{name}" TO *]'
        chosen = f"{later} OR ({same})"
    query = {
        "q": "*:*",
        "fq_list": [f"dataset_type:({' OR '.join(KIND_OF_TYPE)})", chosen],
        "sort": "metadata_modified asc, name asc",
        "rows": most,
    }
    found = tk.get_action("package_search")(Context(user="", auth_user_obj=None), query)
    return [
        {
            "change": "updated",
            "when": _text(moment(entry["metadata_modified"], "since")),
            "id": entry["id"],
            "name": entry["name"],
            "type": entry["type"],
            "title": entry["title"],
            "department": (entry.get("organization") or {}).get("title", ""),
        }
        for entry in found["results"]
    ]


def _withdrawn(when: datetime, name: str, most: int) -> list[dict[str, Any]]:
    """Entries that everyone saw, withdrawn after a place."""
    return [
        {
            "change": "withdrawn",
            "when": _text(stone.withdrawn),
            "id": stone.id,
            "name": stone.name,
            "type": "interface" if stone.name.startswith("i-") else "dataset",
        }
        for stone in model.after(when.replace(tzinfo=None), name, most)
    ]


@tk.side_effect_free
def sdopen_change_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List what changed since a moment among the entries that everyone sees, oldest first.

    Args:
        data_dict: `since`, a day or moment of ISO 8601 (default: from the beginning); `after`, the
            `next` of an earlier answer, in its place; `limit`, how many changes, at most and by
            default `ckanext.sdopen.catalog.changes_per_page`.

    Returns:
        `{"changes", "next", "until"}`. A change is `{"change": "updated", "when", "id", "name",
        "type", "title", "department"}`, or `{"change": "withdrawn", "when", "id", "name", "type"}`
        for an entry that was public and is not any more. `next` is the `after` of the next page,
        None on the last one; `until` is the `since` with which to ask again later: five minutes
        before now, so that nothing is missed; what comes twice is the same.

    Raises:
        ValidationError: a parameter is wrong.

    `curl -G $PORTAL/api/3/action/sdopen_change_list -d since=2026-01-31T08:00:00Z`
    """
    tk.check_access("sdopen_change_list", context, data_dict)
    asked = instant()
    (when, name), most = _place(data_dict), _most(data_dict)
    # one more of each than asked: the list goes on where there is one
    found = _updated(when, name, most + 1) + _withdrawn(when, name, most + 1)
    found.sort(key=lambda change: (change["when"], change["name"]))
    changes = found[:most]
    goes_on = len(found) > most
    until = moment(changes[-1]["when"], "since") if goes_on else max(_complete_until(asked), when)
    return {
        "changes": changes,
        "next": f"{changes[-1]['when']}_{changes[-1]['name']}" if goes_on else None,
        "until": _text(until),
    }
