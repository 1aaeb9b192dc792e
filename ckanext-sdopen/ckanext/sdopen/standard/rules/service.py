"""数据服务接口: what identifies it, its rows of parameters, fields and error codes, its paging."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.sdopen.standard.findings import Finding
from ckanext.sdopen.standard.rules.base import Entry, RuleInput

# table → what names its rows
_NAMED_BY = {
    "request_headers": "name",
    "request_params": "name",
    "response_fields": "name",
    "error_codes": "code",
}
_TYPED = ("request_params", "response_fields")
_PAGED_BY = ("page_param", "size_param")
_KEYS = ("resource_code", "service_code", "service_path")


def folded(name: Any) -> str:
    """A name as it is compared: half-width, without outer blanks, in one case."""
    return unicodedata.normalize("NFKC", str(name or "")).strip().casefold()


def item_names(items: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The names and English names of a catalog's items, as they are compared."""
    names = {folded(item.get(part)) for item in items for part in ("name", "english_name")}
    return frozenset(names - {""})


def identified(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """An interface has a resource code, a service code or an address, or a source's own key."""
    harvested = entry.get("source_id") and entry.get("source_key")
    if not harvested and not any(entry.get(key) for key in _KEYS):
        yield Finding("service_key_missing", "resource_code")


def rows_named(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """Every row of a table bears its name, each once."""
    for table, key in _NAMED_BY.items():
        seen: dict[str, int] = {}
        for number, row in enumerate(entry.get(table) or ()):
            name = str(row.get(key) or "").strip()
            if not name:
                if any(value not in (None, "") for value in row.values()):
                    yield Finding("row_name_missing", table, {}, number, key)
                continue
            if name in seen:
                params = {"row_name": name, "first": seen[name] + 1}
                yield Finding("row_name_twice", table, params, number, key)
            seen.setdefault(name, number)


def rows_typed(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """A parameter and a returned field has a type."""
    for table in _TYPED:
        for number, row in enumerate(entry.get(table) or ()):
            if row.get("name") and not row.get("type"):
                params = {"row_name": row["name"]}
                yield Finding("row_type_missing", table, params, number, "type")


def paging_named(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """An interface that answers page by page names its parameters, which are among those listed."""
    if entry.get("paging") in (None, "none"):
        return
    listed = {folded(row.get("name")) for row in entry.get("request_params") or ()}
    for field in _PAGED_BY:
        name = entry.get(field)
        if not name:
            yield Finding("paging_param_missing", field)
        elif folded(name) not in listed:
            yield Finding("paging_param_unknown", field, {"value": name})


def fields_are_items(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """A returned field is an item of the catalog served, by its name or its English name."""
    if not facts.served_items:
        return
    for number, row in enumerate(entry.get("response_fields") or ()):
        name = row.get("name")
        if name and folded(name) not in facts.served_items:
            yield Finding(
                "served_field_unknown", "response_fields", {"value": name}, number, "name"
            )
