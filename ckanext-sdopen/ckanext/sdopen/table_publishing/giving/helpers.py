"""What pages of entries and files ask about their tables."""

from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen.access import caller, visibility
from ckanext.sdopen.breaker.table_reader import TableReaderAway
from ckanext.sdopen.table_publishing import download_counts
from ckanext.sdopen.table_publishing.giving import addresses, found, previews
from ckanext.sdopen.table_publishing.giving.found import Found
from ckanext.sdopen.table_publishing.giving.kinds import label
from ckanext.sdopen.table_publishing.made import bounds, coordinates, kept_files, order
from ckanext.sdopen.tables.columns import Column

__all__ = [
    "sdopen_download_count",
    "sdopen_entry_tables",
    "sdopen_table_excerpt",
    "sdopen_table_files",
    "sdopen_table_kind",
    "sdopen_table_sheet_rows",
]

_EXCERPT = 10


@dataclass(frozen=True)
class File:
    """A file of a table: its form, address, and what is known of its size.

    `is_slow` says that it is made when somebody asks for it, and not at once.
    """

    form: str
    address: str
    fixed: str
    bytes: int | None
    is_slow: bool = False


def sdopen_table_files(table: Found, pairs: addresses.Pairs = (), total: int = 0) -> list[File]:
    """The files of a table, or of the rows that a question finds."""
    version = table.version
    forms = [order.CSV]
    if total <= bounds.most_rows(bool(pairs)):
        forms += [order.XLSX, "jsonl", "json", order.XML]
        forms += [order.GEOJSON] if coordinates.pair(version.columns) else []
    else:
        forms += ["jsonl", "json"]
    found = [_file(table, form, pairs, total) for form in forms]
    if table.is_whole and not pairs:
        own = (addresses.file(table, "parquet"), addresses.file(table, "parquet", fixed=True))
        found.append(File("parquet", *own, version.bytes))
    return found


def _file(table: Found, form: str, pairs: addresses.Pairs, total: int) -> File:
    named = (addresses.file(table, form, pairs), addresses.file(table, form, pairs, fixed=True))
    if pairs or form not in (order.CSV, *bounds.MADE):
        return File(form, *named, None)
    size = kept_files.size(order.of(table, form).name)
    at_once = bounds.is_at_once(total, len(table.version.columns))
    return File(form, *named, size, form in bounds.MADE and size is None and not at_once)


def sdopen_download_count(table: Found) -> int:
    """How often a table was downloaded."""
    return download_counts.total(table.resource)


def sdopen_table_sheet_rows() -> int:
    """How many rows a workbook of a whole table holds at most."""
    return bounds.most_rows(of_question=False)


def sdopen_entry_tables(entry: dict[str, Any]) -> dict[str, Found]:
    """{id of a resource: its loaded table} of an entry, for who may have its rows."""
    stored = model.Package.get(entry["id"])
    asker = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    if stored is None or not caller.sees(asker, stored, visibility.TABLE):
        return {}
    return {table.resource.id: table for table in found.every(stored)}


def sdopen_table_excerpt(table: Found) -> dict[str, Any]:
    """The first rows of a table that everybody may read, or why they are not shown."""
    if not table.is_open:
        # each look at what is not open stands in the audit log: it has a page of its own
        return {"rows": (), "columns": ()}
    try:
        columns, rows = previews.excerpt(table, _EXCERPT)
    except (TableReaderAway, tk.ValidationError):
        return {"rows": (), "columns": (), "is_away": True}
    return {"rows": rows, "columns": columns}


def sdopen_table_kind(column: Column) -> str:
    """What people call the kind of a column's values."""
    return label(column.kind)
