"""The elements of an entry as a page shows them: by section, decoded, in the schema's order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen import codes
from ckanext.sdopen.language import SchemaField, label, language, text

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class ShownElement:
    """One element: its field, label and decoded value; `link` leads to what the value names."""

    field: str
    label: str
    value: str
    link: str = ""


@dataclass(frozen=True)
class ShownTable:
    """A table of subfields: its label, the labels of its columns, its rows of decoded values."""

    field: str
    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A section of an entry's page."""

    name: str
    title: str
    elements: tuple[ShownElement, ...]
    tables: tuple[ShownTable, ...]


def decoded(field: SchemaField, value: Any) -> str:
    """A value as people read it: labels of codes, numbers as they are, lists in one line."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, list):
        separator = "、" if language().startswith("zh") else ", "
        return separator.join(decoded(field, one) for one in value)
    if field.get("codes"):
        known = str(value).lower() if isinstance(value, bool) else str(value)
        return codes.load(field["codes"]).label(known, language())
    return str(value)


def _region(code: str) -> str:
    if code not in codes.regions():
        return code
    known = codes.load("regions")
    return " ".join(known.label(above, language()) for above in reversed(codes.path(code)))


def _element(field: SchemaField, entry: Entry, served: Entry | None) -> ShownElement:
    name, value = field["field_name"], entry.get(field["field_name"])
    link = ""
    shown = decoded(field, value)
    if name == "owner_org" and entry.get("organization"):
        organization = entry["organization"]
        shown = organization.get("title") or organization["name"]
        link = tk.h.url_for("organization.read", id=organization["name"])
    elif name == "region" and value:
        shown = _region(value)
    elif name == "division" and entry.get("category") != "3":
        shown = str(value or "")  # the listed divisions are those of departments
    elif name == "catalog":
        # one the reader may not see is not named either
        shown = str(served["title"]) if served else ""
        link = tk.h.url_for("dataset.read", id=served["name"]) if served else ""
    return ShownElement(name, label(field), shown, link)


def _table(field: SchemaField, entry: Entry) -> ShownTable:
    """A table without the columns that no row fills; the first one always stays."""
    rows = [row for row in entry.get(field["field_name"]) or [] if isinstance(row, Mapping)]
    subfields = [
        sub
        for position, sub in enumerate(field["repeating_subfields"])
        if position == 0 or any(row.get(sub["field_name"]) not in (None, "") for row in rows)
    ]
    return ShownTable(
        field["field_name"],
        label(field),
        tuple(label(sub) for sub in subfields),
        tuple(tuple(decoded(sub, row.get(sub["field_name"])) for sub in subfields) for row in rows),
    )


def _shown_fields(schema: SchemaField, section: str) -> Iterator[SchemaField]:
    for field in schema["dataset_fields"]:
        hidden = "display_snippet" in field and field["display_snippet"] is None
        if field.get("section") == section and not hidden:
            yield field


def sections(schema: SchemaField, entry: Entry, served: Entry | None = None) -> list[Section]:
    """All sections of an entry; an element without a value stands there empty.

    Args:
        schema: the schema of the entry's type.
        entry: the entry as package_show gives it.
        served: the catalog that an interface serves, where the reader may see it.
    """
    result = []
    for section in schema["sections"]:
        fields = list(_shown_fields(schema, section["name"]))
        result.append(
            Section(
                section["name"],
                text(section["title"]),
                tuple(_element(f, entry, served) for f in fields if "repeating_subfields" not in f),
                tuple(_table(f, entry) for f in fields if "repeating_subfields" in f),
            )
        )
    return result
