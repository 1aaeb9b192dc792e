"""Findings about an entry among the others of the directory: duplicates, numbers, prefixes."""

from collections.abc import Iterator, Mapping
from typing import Any

from ckan import model

from ckanext.sdopen.catalog import aliases, classification, entries, identifier, numbering
from ckanext.sdopen.catalog.findings import Finding
from ckanext.sdopen.catalog.resource_code import parsed

Entry = Mapping[str, Any]


def _text(entry: Entry, name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def _title(entry: Entry, kind: str) -> Iterator[Finding]:
    title, owner = _text(entry, "title"), _text(entry, "owner_org")
    if not title or not owner:
        return
    other = entries.same_title(title, owner, kind, _text(entry, "id"))
    if other:
        yield Finding("title_twice", "title", {"value": title, "other": other})


def _number(entry: Entry, kind: str, region: str) -> Iterator[Finding]:
    """A void number is never issued again, one of another department is not taken."""
    code = _text(entry, "resource_code")
    taken = numbering.taken_by(kind, region, code)
    if taken is None:
        return
    state, organization_id = taken
    if state == numbering.VOID:
        yield Finding("code_void", "resource_code", {"value": code})
    elif state == numbering.ALLOCATED and organization_id != _text(entry, "owner_org"):
        owner = model.Session.get(model.Group, organization_id)
        params = {"value": code, "other": owner.title if owner else organization_id}
        yield Finding("code_of_other_department", "resource_code", params)


def _alias(entry: Entry, kind: str, region: str) -> Iterator[Finding]:
    code = _text(entry, "resource_code")
    try:
        name = identifier.entry_name(kind, region, code)
    except ValueError:
        return  # said where the address is made
    if aliases.entry_id(name):
        yield Finding("code_is_alias", "resource_code", {"value": code})


def _prefix(entry: Entry, region: str) -> Iterator[Finding]:
    """The prefix is one of the tree, and one of the department's where it has any."""
    code = parsed(_text(entry, "resource_code"))
    if code is None:
        return
    tree = classification.tree(region)
    if tree and code.prefix not in tree:
        yield Finding("prefix_unknown", "resource_code", {"value": code.prefix})
    own = classification.prefixes_of(_text(entry, "owner_org"))
    if own and code.prefix not in own:
        params = {"value": code.prefix, "own": "、".join(own[:5])}
        yield Finding("prefix_of_other_department", "resource_code", params)


def findings(entry: Entry, kind: str, region: str, is_new: bool) -> list[Finding]:
    """What an entry breaks among the others of the directory.

    Args:
        entry: the entry with `id` and `owner_org` settled.
        kind: `catalog` or `interface`.
        region: the region of its code.
        is_new: whether it is to be created; the code of one that exists is settled.
    """
    found = list(_title(entry, kind))
    if is_new and region and _text(entry, "resource_code"):
        found += [
            *_number(entry, kind, region),
            *_alias(entry, kind, region),
            *_prefix(entry, region),
        ]
    return found
