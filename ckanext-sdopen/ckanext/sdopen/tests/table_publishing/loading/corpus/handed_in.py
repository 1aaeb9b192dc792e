"""Tables that a department hands in for a catalog of pharmacies, and what becomes of them."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.sdopen.tests.corpus.examples import catalog, created, department

HEADINGS = ("编号", "名称", "人数", "注册资本（万元）", "成立日期")
ROWS = (
    ("003", "便民大药房", "7", "1200.50", "2021-03-04"),
    ("001", "济南第一药店", "12", "", "2019年12月31日"),
    ("002", "惠民药店", "3", "99.9", "2022/1/1"),
)
ITEMS = (
    {"name": "编号", "data_type": "C", "data_length": "10", "primary_key": True},
    {"name": "名称", "english_name": "name", "data_type": "C", "data_length": "50"},
    {"name": "人数", "data_type": "I", "data_length": "5", "nullable": True},
    {"name": "注册资本", "data_type": "N", "data_length": "16,2", "nullable": True},
    {"name": "成立日期", "data_type": "D", "nullable": True},
)
# an item that the catalog does not open
CLOSED = {
    "name": "负责人身份证号",
    "data_type": "C",
    "data_length": "18",
    "nullable": True,
    "opening": "none",
    "closing_basis": "《个人信息保护法》",
}
Rows = Iterable[Sequence[str]]


def entry(number: int = 1, **more: Any) -> dict[str, Any]:
    """A published catalog of pharmacies."""
    bureau = department("山东省医疗保障局")
    code = f"307001/{number:06d}"
    payload = catalog(bureau["id"], resource_code=code, info_items=list(ITEMS), **more)
    return created(payload)


def csv_of(rows: Rows = ROWS, headings: Sequence[str] = HEADINGS, encoding: str = "utf-8") -> bytes:
    """The rows as CSV."""
    lines = [",".join(row) for row in (headings, *rows)]
    return "\r\n".join([*lines, ""]).encode(encoding)


def xlsx_of(*sheets: tuple[str, Rows]) -> bytes:
    """Sheets by name as a workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def bomb() -> bytes:
    """A zip of 60 KB that unpacks to 60 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("名录.csv", b"0,0\n" * 15_000_000)
    return out.getvalue()


def as_user(user: dict[str, Any] | None) -> dict[str, Any]:
    """A context in which an account's rights count; nobody's without one."""
    return {"user": user["name"] if user else "", "ignore_auth": False}


def upload(user: dict[str, Any], entry_id: str, content: bytes, name: str) -> dict[str, Any]:
    """A new resource with a file."""
    file = FileStorage(io.BytesIO(content), name)
    asked = {"package_id": entry_id, "name": name, "url": "", "upload": file}
    return call_action("resource_create", as_user(user), **asked)


def replace(user: dict[str, Any], resource: dict[str, Any], content: bytes, name: str) -> None:
    """Another file for a resource."""
    file = FileStorage(io.BytesIO(content), name)
    call_action("resource_patch", as_user(user), id=resource["id"], upload=file)


def shown(user: dict[str, Any] | None, resource: dict[str, Any]) -> dict[str, Any]:
    """What an account sees of the table of a resource."""
    return call_action("sdopen_table_show", as_user(user), resource_id=resource["id"])


def rows_of(user: dict[str, Any] | None, resource: dict[str, Any]) -> list[list[Any]]:
    """The rows of a table as the DataStore gives them to an account, without `_id`."""
    asked = {"resource_id": resource["id"], "records_format": "lists"}
    answer = call_action("datastore_search", as_user(user), **asked)
    return [row[1:] for row in answer["records"]]
