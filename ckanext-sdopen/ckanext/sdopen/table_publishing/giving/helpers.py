"""What pages of entries and files ask about their tables."""

from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen.access import caller, visibility
from ckanext.sdopen.breaker.table_reader import TableReaderAway
from ckanext.sdopen.table_publishing.giving import addresses, found, previews, workbooks
from ckanext.sdopen.table_publishing.giving.found import Found
from ckanext.sdopen.table_publishing.giving.kinds import label
from ckanext.sdopen.tables.columns import Column

__all__ = [
    "sdopen_entry_tables",
    "sdopen_table_excerpt",
    "sdopen_table_files",
    "sdopen_table_kind",
]

_EXCERPT = 10


@dataclass(frozen=True)
class File:
    """A file of a table: its form, address, and what is known of its size."""

    form: str
    address: str
    fixed: str
    bytes: int | None


def sdopen_table_files(table: Found, pairs: addresses.Pairs = (), total: int = 0) -> list[File]:
    """The files of a table, or of the rows that a question finds."""
    version = table.version
    forms = ["csv", "jsonl", "json"]
    if workbooks.fits(total, len(version.columns)):
        forms.insert(1, "xlsx")
    if table.is_whole and not pairs:
        forms.append("parquet")
    return [
        File(
            form,
            addresses.file(table, form, pairs),
            addresses.file(table, form, pairs, fixed=True),
            version.bytes if form == "parquet" else None,
        )
        for form in forms
    ]


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
