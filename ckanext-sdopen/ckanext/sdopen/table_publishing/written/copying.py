"""The rows of a working copy as a normalised CSV, all of one moment."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import ckan.plugins.toolkit as tk
from ckanext.datastore.backend import DatastoreBackend
from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend, identifier

from ckanext.sdopen.table_publishing.loading import settings
from ckanext.sdopen.table_publishing.loading.sentences import LoadRefused
from ckanext.sdopen.table_publishing.written.headings import Field
from ckanext.sdopen.tables import settings as tables_settings
from ckanext.sdopen.tables.making.staging import ROW

_ROOM_EVERY = 64 << 20


class _Target:
    """A file that PostgreSQL copies into, within a bound; what the watch raises ends the copy."""

    def __init__(self, path: Path, most: int, told: Callable[[float], None]) -> None:
        self._file = path.open("wb")
        self._folder, self._most, self._told = path.parent, most, told
        self._written = 0

    def write(self, data: bytes) -> int:
        """Write a piece."""
        before, self._written = self._written, self._written + len(data)
        if self._written > self._most:
            raise LoadRefused("copy_too_large", megabytes=self._most >> 20)
        if before // _ROOM_EVERY != self._written // _ROOM_EVERY:
            tables_settings.require_room(self._folder)
        # how much there will be nobody knows
        self._told(self._written / (self._written + self._most / 8))
        return self._file.write(data)

    def close(self) -> None:
        """Have all of it in the file."""
        self._file.close()


def copy(table: str, fields: Sequence[Field], path: Path, told: Callable[[float], None]) -> int:
    """Write the rows of a table's working copy, in their order; how many they are.

    Args:
        table: id of the resource.
        fields: its columns.
        path: the new file.
        told: called with a share of what is done; what it raises ends the copy.

    Raises:
        LoadRefused: there are more bytes than a table may have.
        NoRoom: the disk has less room than must stay.
    """
    backend = DatastoreBackend.get_active_backend()
    assert isinstance(backend, DatastorePostgresqlBackend)  # noqa: S101 for the types
    values = ", ".join(f"nullif({_text(one)}, '')" for one in fields)
    rows = f"SELECT _id, {values} FROM {identifier(table)} ORDER BY _id"  # noqa: S608
    target = _Target(path, settings.reading().unpacked, told)
    connection = backend._get_read_engine().raw_connection()
    try:
        target.write(_header(fields))
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY ({rows}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)", target)
            return int(cursor.rowcount)
    finally:
        target.close()
        # nothing of a copy that was broken off is left in it
        connection.invalidate()


def _header(fields: Sequence[Field]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([ROW, *(one.heading for one in fields)])
    return out.getvalue().encode()


def _text(field: Field) -> str:
    """SQL of the text of a value; moments by the portal's clock, what is nested as JSON."""
    name = identifier(field.id)
    if field.type == "timestamptz":
        zone = str(tk.h.get_display_timezone()).replace("'", "''")
        return f"({name} AT TIME ZONE '{zone}')::text"
    if field.type == "nested":
        return f"({name}).json::text"
    if field.type.startswith("_"):
        return f"array_to_json({name})::text"
    return f"{name}::text"
