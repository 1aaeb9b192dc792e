"""CKAN's lists of tags and its completion of names and formats, of what the caller reads.

In CKAN 2.12 the lists of tags read tables without asking who may see the entries
(logic.action.get). While Solr is away all answer from rows.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.access import caller, readable, visible_counts
from ckanext.sdopen.ckan_seams.repairs.solr_connection import IndexAway
from ckanext.sdopen.parameters import MOST, whole_number
from ckanext.sdopen.search.lists import by_rows

__all__ = [
    "format_autocomplete",
    "package_autocomplete",
    "tag_autocomplete",
    "tag_list",
    "tag_search",
    "tag_show",
]

_MOST_ENTRIES = 1_000


def _words(data_dict: Mapping[str, Any]) -> list[str]:
    given = data_dict.get("query") or data_dict.get("q") or []
    words = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    fields = data_dict.get("fields")
    if isinstance(fields, Mapping):
        words = [*words, *(fields[name] for name in ("tag", "tags") if fields.get(name))]
    return [str(word).strip() for word in words if str(word).strip()]


def _tags(context: Context, words: list[str]) -> list[str]:
    """The free tags of entries that the caller reads, that hold every word; by name."""
    first = words[0] if words else ""
    found: Iterable[str]
    try:
        found = visible_counts.counted(context, visible_counts.TAGS, first)
    except IndexAway:
        found = by_rows.tags(context, first)
    folded = [word.lower() for word in words]
    return sorted(tag for tag in found if all(word in tag.lower() for word in folded))


def _rows(names: Iterable[str]) -> list[dict[str, Any]]:
    """Tags as CKAN shows them; those are free, of no vocabulary."""
    wanted = list(names)
    query = model.Session.query(model.Tag).filter(
        model.Tag.name.in_(wanted), model.Tag.vocabulary_id.is_(None)
    )
    rows = {tag.name: tag for tag in (query if wanted else ())}
    return [
        {"id": rows[name].id, "name": name, "display_name": name, "vocabulary_id": None}
        for name in wanted
        if name in rows
    ]


def _page(names: list[str], data_dict: Mapping[str, Any]) -> list[str]:
    start = whole_number(data_dict, "offset", 0)
    return names[start : start + whole_number(data_dict, "limit", MOST)]


@tk.chained_action
@tk.side_effect_free
def tag_list(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """List the tags of entries that the caller reads."""
    if data_dict.get("vocabulary_id"):
        return next_action(context, data_dict)
    tk.check_access("tag_list", context, data_dict)
    names = _tags(context, _words(data_dict))
    return _rows(names) if data_dict.get("all_fields") else names


@tk.chained_action
@tk.side_effect_free
def tag_search(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Find tags of entries that the caller reads."""
    if data_dict.get("vocabulary_id"):
        return next_action(context, data_dict)
    tk.check_access("tag_search", context, data_dict)
    words = _words(data_dict)
    names = _tags(context, words) if words else []
    return {"count": len(names), "results": _rows(_page(names, data_dict))}


@tk.chained_action
@tk.side_effect_free
def tag_autocomplete(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Offer tags of entries that the caller reads."""
    if data_dict.get("vocabulary_id"):
        return next_action(context, data_dict)
    tk.check_access("tag_autocomplete", context, data_dict)
    words = _words(data_dict)
    return _page(_tags(context, words), data_dict) if words else []


@tk.chained_action
@tk.side_effect_free
def tag_show(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Show a tag of entries that the caller reads, and these entries if asked for."""
    if data_dict.get("vocabulary_id"):
        return next_action(context, data_dict)
    reference = tk.get_or_bust(data_dict, "id")
    tag = model.Tag.get(str(reference)) if "\x00" not in str(reference) else None
    tk.check_access("tag_show", context, data_dict)
    name = tag.name if tag else ""
    asked = {
        "fq": 'tags:"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"')),
        "rows": _MOST_ENTRIES if tk.asbool(data_dict.get("include_datasets", False)) else 0,
        "include_private": True,
    }
    found = tk.get_action("package_search")(caller.alone(context), asked) if name else {"count": 0}
    if not found["count"]:
        raise readable.not_found()
    shown = _rows([name])[0]
    return {**shown, "packages": found["results"]} if asked["rows"] else shown


@tk.chained_action
@tk.side_effect_free
def package_autocomplete(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Offer entries that the caller reads by parts of their names and titles."""
    try:
        return next_action(context, data_dict)
    except IndexAway:
        # it has asked who may
        return by_rows.named(
            context, str(data_dict["q"]), whole_number(data_dict, "limit", 10, least=0, most=MOST)
        )


@tk.chained_action
@tk.side_effect_free
def format_autocomplete(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Offer formats of entries that the caller reads, the commonest first."""
    tk.check_access("format_autocomplete", context, data_dict)
    part = str(tk.get_or_bust(data_dict, "q"))
    limit = whole_number(data_dict, "limit", 5)
    found: Iterable[str]
    try:
        found = visible_counts.counted(context, visible_counts.FORMATS, part, limit)
    except IndexAway:
        found = by_rows.formats(context, part, limit)
    return [name.lower() for name in found]
