"""Findings about an entry among the others of the directory: duplicates, numbers, prefixes.

All that the directory has to say is asked with one statement: entries come by the thousand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckan import model
from sqlalchemy import func, select

from ckanext.sdopen import codes
from ckanext.sdopen.directory import narrow_table
from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.identifiers.resource_code import parsed
from ckanext.sdopen.numbering import aliases, classification, numbers
from ckanext.sdopen.standard.findings import Finding

Entry = Mapping[str, Any]


def _text(entry: Entry, name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def address(entry: Entry, kind: str, region: str) -> str:
    """The name that an entry's code makes; empty where it makes none."""
    try:
        return ids.entry_name(kind, region, _text(entry, "resource_code"))
    except ValueError:
        return ""  # said where the address is made


@dataclass(frozen=True)
class Neighbours:
    """What the directory holds that concerns an entry.

    `title` is that of another entry of the provider with the same words; `state` and `holder` are
    of the code's number, `alias` is where its address leads, `own` are the provider's prefixes,
    `known` whether the region's classification holds the code's prefix, None where it has none.
    """

    title: str | None
    state: str | None
    holder: str | None
    alias: str | None
    own: Sequence[str] | None
    known: bool | None
    holder_title: str


def look_around(entry: Entry, kind: str, region: str) -> Neighbours:
    """What the directory holds that concerns the entry: one row."""
    code, owner = _text(entry, "resource_code"), _text(entry, "owner_org")
    parts = parsed(code)
    path = codes.path(region) if region in codes.regions() else ()
    state, holder = numbers.taken(kind, region, code)
    statement = select(
        narrow_table.same_title(_text(entry, "title"), owner, kind, _text(entry, "id")).label(
            "title"
        ),
        state.label("state"),
        holder.label("holder"),
        aliases.leading(address(entry, kind, region)).label("alias"),
        classification.own_prefixes(owner).label("own"),
        classification.knows(path, parts.prefix if parts else "").label("known"),
        func.coalesce(
            select(model.Group.title).where(model.Group.id == holder).scalar_subquery(), ""
        ).label("holder_title"),
    )
    return Neighbours(**model.Session.execute(statement).one()._mapping)


def _of_code(found: Neighbours, entry: Entry) -> Iterator[Finding]:
    code = _text(entry, "resource_code")
    if found.state == numbers.VOID:
        yield Finding("code_void", "resource_code", {"value": code})
    elif found.state == numbers.ALLOCATED and found.holder != _text(entry, "owner_org"):
        params = {"value": code, "other": found.holder_title or found.holder}
        yield Finding("code_of_other_department", "resource_code", params)
    if found.alias:
        yield Finding("code_is_alias", "resource_code", {"value": code})
    parts = parsed(code)
    if parts is None:
        return
    if found.known is False:
        yield Finding("prefix_unknown", "resource_code", {"value": parts.prefix})
    if found.own and parts.prefix not in found.own:
        params = {"value": parts.prefix, "own": "、".join(sorted(found.own)[:5])}
        yield Finding("prefix_of_other_department", "resource_code", params)


def findings(entry: Entry, kind: str, region: str, is_new: bool) -> list[Finding]:
    """What an entry breaks among the others of the directory.

    Args:
        entry: the entry with `id` and `owner_org` settled.
        kind: `catalog` or `interface`.
        region: the region of its code.
        is_new: whether it is to be created; the code of one that exists is settled.
    """
    return findings_of(look_around(entry, kind, region), entry, region, is_new)


def findings_of(found: Neighbours, entry: Entry, region: str, is_new: bool) -> list[Finding]:
    """The findings that follow from what the directory holds."""
    findings = []
    if found.title:
        params = {"value": _text(entry, "title"), "other": found.title}
        findings.append(Finding("title_twice", "title", params))
    if is_new and region and _text(entry, "resource_code"):
        findings += _of_code(found, entry)
    return findings
