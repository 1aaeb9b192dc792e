"""CKAN's reads that skip labels, answered from what the caller reads.

In CKAN 2.12 they read tables without asking who may see the rows (logic.action.get).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import Context

from ckanext.sdopen.catalog import existence, index_counts, readers, visibility, withheld

_MOST_ENTRIES = 1_000


def _words(data_dict: Mapping[str, Any]) -> list[str]:
    given = data_dict.get("query") or data_dict.get("q") or []
    words = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    fields = data_dict.get("fields")
    if isinstance(fields, Mapping):
        words = [*words, *(fields[name] for name in ("tag", "tags") if fields.get(name))]
    return [str(word).strip() for word in words if str(word).strip()]


def _whole_number(value: Any, default: int | None) -> int | None:
    if value in (None, ""):
        return default
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if number < 0:
        raise tk.ValidationError({"limit": [tk._("Write a whole number, 0 or more")]})
    return number


def _tags(context: Context, words: list[str]) -> list[str]:
    """The free tags of entries that the caller reads, that hold every word; by name."""
    found = index_counts.counted(context, index_counts.TAGS, words[0] if words else "")
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
    start = _whole_number(data_dict.get("offset"), 0) or 0
    limit = _whole_number(data_dict.get("limit"), None)
    return names[start:] if limit is None else names[start : start + limit]


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
    found = tk.get_action("package_search")(_as_caller(context), asked) if name else {"count": 0}
    if not found["count"]:
        raise existence.not_found()
    shown = _rows([name])[0]
    return {**shown, "packages": found["results"]} if asked["rows"] else shown


def _as_caller(context: Context) -> Context:
    kept = ("user", "auth_user_obj", "ignore_auth")
    return Context({name: context[name] for name in kept if name in context})


@tk.chained_action
@tk.side_effect_free
def current_package_list_with_resources(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> Any:
    """List entries as the caller gets them; CKAN 2.12 searches without the chain of the search."""
    caller = _as_caller(context)
    found = next_action(context, data_dict)
    withheld.strip(caller, found)
    return found


@tk.chained_action
@tk.side_effect_free
def format_autocomplete(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Offer formats of entries that the caller reads."""
    tk.check_access("format_autocomplete", context, data_dict)
    text = str(tk.get_or_bust(data_dict, "q"))
    limit = _whole_number(data_dict.get("limit"), 5)
    found = index_counts.counted(context, index_counts.FORMATS, text, limit or 0)
    return [name.lower() for name in found]


def _members(context: Context, members: list[Any], organization: str) -> list[Any]:
    """Members without entries that the caller does not read, and without accounts for guests."""
    ids = {identity for identity, kind, _ in members if kind == "package"}
    query = model.Session.query(model.Package).filter(model.Package.id.in_(ids))
    seen = {entry.id for entry in (query if ids else ()) if readers.sees(context, entry)}
    inside = authz.has_user_permission_for_group_or_org(organization, context.get("user"), "read")
    return [
        member
        for member in members
        if (member[0] in seen if member[1] == "package" else inside or member[1] != "user")
    ]


@tk.chained_action
@tk.side_effect_free
def member_list(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """List the members of a department or topic; of its entries those that the caller reads."""
    members = next_action(context, data_dict)
    if readers.is_trusted(context):
        return members
    return _members(context, members, str(data_dict["id"]))


@tk.chained_action
@tk.side_effect_free
def package_relationships_list(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> Any:
    """List the relations of an entry to others that the caller reads, too."""
    for name in ("id", "id2"):
        existence.require(context, existence.ENTRY, data_dict, name)
    found = next_action(context, data_dict)
    return [
        one
        for one in found
        if all(
            (entry := model.Package.get(one[side])) and readers.sees(context, entry)
            for side in ("subject", "object")
        )
    ]


@tk.chained_action
@tk.side_effect_free
def resource_view_list(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """List the views of a file; none where the caller does not get the file."""
    entry = existence.require(context, existence.RESOURCE, data_dict, "id")
    views = next_action(context, data_dict)
    shown = entry is None or readers.sees(context, entry, visibility.FILE)
    return views if shown else []
