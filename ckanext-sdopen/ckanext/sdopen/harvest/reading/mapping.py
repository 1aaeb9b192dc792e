"""From a file's rows to entries: columns checked once, then each row mapped by the rules."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from ckanext.sdopen.harvest.messages import HarvestError
from ckanext.sdopen.harvest.reading import abstract, tags
from ckanext.sdopen.harvest.reading.readers import Row, SourceTable
from ckanext.sdopen.harvest.reading.row_findings import Finding
from ckanext.sdopen.harvest.reading.source import Column, Provider, Source
from ckanext.sdopen.harvest.reading.values import Unusable, text, transformed

# fields the directory keeps as lists; a code of them is a list of one
_LISTS = ("topics", "format_types", "related_codes", "usage_requirements", "sharing_method_types")


@dataclass(frozen=True)
class Entry:
    """One mapped row: the payload of the action API, its department's title, what was noticed.

    `rejected` entries have no payload worth sending; their findings say why.
    """

    row: int
    key: str
    title: str
    provider: str
    payload: dict[str, Any]
    findings: tuple[Finding, ...] = ()
    rejected: bool = False
    merged_rows: tuple[int, ...] = field(default=())


def check_columns(source: Source, table: SourceTable) -> tuple[dict[str, str], list[Finding]]:
    """Find each column of the source in the file.

    Returns:
        {name in the source file: name in the data file}, and a warning per unknown column.

    Raises:
        HarvestError: a column of the source is not in the file; nothing was sent.
    """
    wanted: dict[str, tuple[str, ...]] = {}
    columns: list[Column | Provider] = [source.provider, *source.mapping.values()]
    for column in columns:
        wanted[column.column] = wanted.get(column.column, ()) + tuple(column.aliases)
    for name in (*source.identity.key, *source.identity.tie_break, *source.ignored):
        wanted.setdefault(name, ())
    for name in source.swap.columns if source.swap else ():
        wanted.setdefault(name, ())
    found: dict[str, str] = {}
    missing = []
    for name, aliases in wanted.items():
        match = next((c for c in (name, *aliases) if c in table.columns), None)
        if match is None:
            missing.append(name)
        else:
            found[name] = match
    if missing:
        raise HarvestError(
            "columns_missing",
            path=source.path,
            columns="、".join(missing),
            present="、".join(table.columns),
        )
    unknown = [name for name in table.columns if name not in found.values()]
    return found, [Finding("column_unknown", params={"column": name}) for name in unknown]


def _swapped(cells: dict[str, Any], source: Source, found: dict[str, str]) -> dict[str, Any]:
    if not source.swap:
        return cells
    first, second = (found[name] for name in source.swap.columns)
    if text(cells.get(first)) not in source.swap.if_first_in:
        return cells
    return {**cells, first: cells.get(second), second: cells.get(first)}


def provider_title(raw: str, provider: Provider) -> str:
    """The department's full title: 市统计局 of 佛山市 is 佛山市统计局."""
    if not provider.prefix or (provider.unless_contains and provider.unless_contains in raw):
        return raw
    return provider.prefix + (raw.removeprefix(provider.strip) if provider.strip else raw)


def content_hash(payload: dict[str, Any]) -> str:
    """sha256 of the payload's canonical JSON: equal content, equal hash, whatever the order."""
    canonical = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _fit_tags(payload: dict[str, Any], source: Source, notices: list[tuple[str, dict]]) -> None:
    raw = payload.pop("tags", [])
    kept, split, refused = tags.fitted(raw)
    if len(kept) > source.limits.tags:
        raise Unusable("too_many_tags", tags=len(kept), limit=source.limits.tags)
    notices += [("tag_split", {"tag": tag, "pieces": "、".join(p)}) for tag, p in split]
    if refused:
        notices.append(("tags_refused", {"tags": " ".join(refused)}))
    if kept:
        payload["tags"] = [{"name": name} for name in kept]


def _offer_items(payload: dict[str, Any], source: Source, notices: list[tuple[str, dict]]) -> None:
    names = abstract.item_names(payload.get("notes", "")) if source.items_from_abstract else []
    if len(names) > source.limits.items:
        raise Unusable("too_many_items", items=len(names), limit=source.limits.items)
    if names and not payload.get("info_items"):
        payload["info_items"] = [{"name": name} for name in names]
        notices.append(("items_offered", {"count": len(names)}))


def _payload(
    cells: dict[str, Any], source: Source, found: dict[str, str]
) -> tuple[dict[str, Any], list[tuple[str, dict]]]:
    payload: dict[str, Any] = {}
    notices: list[tuple[str, dict]] = []
    for name, column in source.mapping.items():
        cell = cells.get(found[column.column])
        value, noticed = transformed(cell, column)
        notices += noticed
        _keep_unknown(payload, column, cell, noticed)
        if value not in (None, "", []):
            payload[name] = [value] if name in _LISTS and not isinstance(value, list) else value
    # a constant fills what the columns left empty
    for name, value in source.constants.items():
        payload.setdefault(name, list(value) if isinstance(value, tuple) else value)
    if len(payload.get("resources", [])) > source.limits.resources:
        count = len(payload["resources"])
        raise Unusable("too_many_resources", resources=count, limit=source.limits.resources)
    _fit_tags(payload, source, notices)
    _offer_items(payload, source, notices)
    return payload, notices


def _keep_unknown(payload: dict[str, Any], column: Column, cell: Any, noticed: list) -> None:
    """The source's own word for a value that no list knows stays in a note."""
    if column.keep_unknown_in and any(code == "value_defaulted" for code, _ in noticed):
        payload[column.keep_unknown_in] = text(cell)


def map_row(row: Row, source: Source, found: dict[str, str]) -> Entry:
    """Map one row; a row that cannot become an entry comes back rejected, with its reason."""
    cells = _swapped(row.cells, source, found)
    key = "|".join(text(cells.get(found[name])) for name in source.identity.key)
    provider = provider_title(text(cells.get(found[source.provider.column])), source.provider)
    payload: dict[str, Any] = {}
    title, rejected = key, False
    try:
        if not key.replace("|", ""):
            raise Unusable("key_missing", columns="、".join(source.identity.key))
        if not provider:
            raise Unusable("value_missing", column=source.provider.column)
        payload, notices = _payload(cells, source, found)
        title = payload.get("title", key)
    except Unusable as error:
        rejected, notices = True, [error.notice]
    findings = tuple(Finding(code, row.number, key, params) for code, params in notices)
    return Entry(row.number, key, title, provider, payload, findings, rejected)
