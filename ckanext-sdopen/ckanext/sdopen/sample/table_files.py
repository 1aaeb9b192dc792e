"""Files of the sample's tables: CSV and XLSX under the portal's storage, and their resources."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from ckan.lib.uploader import get_resource_uploader

from ckanext.sdopen.catalog import identifier
from ckanext.sdopen.sample import tables
from ckanext.sdopen.sample.records import Entry, Table

FORMATS = ("csv", "xlsx")
_INVENTED = "示例数据，由程序生成，其中的单位、地址和数值均为虚构。"


def _key(extension: str) -> str:
    return f"sample-table.{extension}"


def resource_id(entry: Entry, extension: str) -> str:
    """The id of the table's file of a format, as the portal derives it."""
    return identifier.resource_id(entry.id, _key(extension))


def resources_of(entry: Entry) -> list[dict[str, Any]]:
    """The resources of an entry: its table in both formats, none where it has no table."""
    if not entry.payload.get("file_count"):
        return []
    title = entry.payload["title"]
    return [
        {
            "name": f"{title}.{extension}",
            "url": f"table.{extension}",
            "url_type": "upload",
            "format": extension.upper(),
            "description": f"{entry.payload['record_count']:,} 行。{_INVENTED}",
            "original_filename": f"{title}.{extension}",
            "record_count": entry.payload["record_count"],
            "source_key": _key(extension),
        }
        for extension in FORMATS
    ]


def file_of(table: Table, extension: str) -> Path:
    """Where the portal keeps the file of a table."""
    identity = resource_id(table.entry, extension)
    return Path(get_resource_uploader({"id": identity}).get_path(identity))


def _write_csv(table: Table, path: Path) -> None:
    # with a byte-order mark, so that a spreadsheet opens it as UTF-8
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.columns)
        writer.writerows(tables.rows(table))


def _write_xlsx(table: Table, path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("数据")
        sheet.write_row(0, 0, table.columns)
        for number, row in enumerate(tables.rows(table), start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                else:
                    sheet.write_number(number, column, cell)


def write_files(table: Table) -> Iterator[Path]:
    """Write the files of a table that are not there yet; a file appears whole or not at all."""
    paths = {extension: file_of(table, extension) for extension in FORMATS}
    for extension, path in paths.items():
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        if extension == "csv":
            _write_csv(table, part)
        else:
            _write_xlsx(table, part)
        part.replace(path)
        yield path
