"""Files of the sample's tables: CSV and XLSX under the portal's storage, and their resources."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain, count
from pathlib import Path
from typing import Any

import xlsxwriter

from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.sample.records import Entry, SampleTable
from ckanext.sdopen.sample.tables import tables

FORMATS = ("csv", "xlsx")
Line = Callable[[Sequence[Any]], Any]
_INVENTED = "示例数据，由程序生成，其中的单位、地址和数值均为虚构。"


def _key(extension: str) -> str:
    return f"sample-table.{extension}"


def resource_id(entry: Entry, extension: str) -> str:
    """The id of the table's file of a format, as the portal derives it."""
    return ids.resource_id(entry.id, _key(extension))


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
            # its preview is filled soon; set afterwards it would be a change of the whole entry
            **({"datastore_active": True} if extension == "csv" else {}),
        }
        for extension in FORMATS
    ]


def file_of(table: SampleTable, extension: str, storage: Path) -> Path:
    """Where a portal keeps the file of a table in its storage, as ckan.lib.uploader does."""
    identity = resource_id(table.entry, extension)
    return storage / "resources" / identity[:3] / identity[3:6] / identity[6:]


@contextmanager
def _csv_sheet(path: Path) -> Iterator[Line]:
    # with a byte-order mark, so that a spreadsheet opens it as UTF-8
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield csv.writer(file).writerow


@contextmanager
def _xlsx_sheet(path: Path) -> Iterator[Line]:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("数据")
        numbers = count()

        def line(row: Sequence[Any]) -> None:
            number = next(numbers)
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                else:
                    sheet.write_number(number, column, cell)

        yield line


_SHEETS = {"csv": _csv_sheet, "xlsx": _xlsx_sheet}


def write_files(table: SampleTable, storage: Path) -> list[Path]:
    """Write the files of a table that are not there yet; a file appears whole or not at all.

    The rows are made once for all files.
    """
    paths = {extension: file_of(table, extension, storage) for extension in FORMATS}
    missing = {extension: path for extension, path in paths.items() if not path.exists()}
    if not missing:
        return []
    parts = {extension: path.with_name(path.name + ".part") for extension, path in missing.items()}
    with ExitStack() as stack:
        lines = []
        for extension, part in parts.items():
            part.parent.mkdir(parents=True, exist_ok=True)
            lines.append(stack.enter_context(_SHEETS[extension](part)))
        for row in chain([table.columns], tables.rows(table)):
            for line in lines:
                line(row)
    for extension, part in parts.items():
        part.replace(missing[extension])
    return list(missing.values())
