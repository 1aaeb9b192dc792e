"""Transforms from a cell to a value of the entry; each returns the value and what it noticed."""

import ast
import datetime
import re
from collections.abc import Callable
from typing import Any

from ckanext.sdopen import codes
from ckanext.sdopen.harvest.reading import file_addresses
from ckanext.sdopen.harvest.reading.source import Column

# what a transform noticed: (code of messages.yaml, its parameters)
Notice = tuple[str, dict[str, Any]]
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")


class Unusable(Exception):
    """A cell that cannot become the value; the row is rejected with this notice."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.notice: Notice = (code, params)


def text(cell: Any) -> str:
    """A cell as text: a whole float without its `.0`, runs of spaces folded inside lines."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    # control characters other than line breaks are no text: XML and PostgreSQL refuse them
    cleaned = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "", str(cell))
    return re.sub(r"[ \t\u00a0\u3000]+", " ", cleaned).strip()


def listed(cell: Any, column: Column) -> list[str]:
    """A cell that holds a list: a real one, one printed as `['xls', 'csv']`, or separated."""
    if isinstance(cell, list):
        return [text(part) for part in cell if text(part)]
    raw = text(cell)
    if raw.startswith("[") and raw.endswith("]"):
        try:
            parsed = ast.literal_eval(raw)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            parsed = None
        if isinstance(parsed, list):
            return [text(part) for part in parsed if text(part)]
    parts = re.split(f"[{re.escape(column.separators)}]", raw)
    return [part.strip() for part in parts if part.strip()]


def _as_text(cell: Any, column: Column) -> tuple[Any, list[Notice]]:
    return text(cell), []


def _as_integer(cell: Any, column: Column) -> tuple[Any, list[Notice]]:
    raw = text(cell).replace(",", "")
    if not raw:
        return None, []
    if not re.fullmatch(r"\d{1,18}", raw):
        raise Unusable("not_an_integer", column=column.column, value=raw[:60])
    return int(raw), []


def _as_date(cell: Any, column: Column) -> tuple[Any, list[Notice]]:
    if isinstance(cell, datetime.date):
        return cell.isoformat()[:10], []
    raw = text(cell)
    if not raw:
        return None, []
    try:
        dates = [datetime.date(*map(int, found)) for found in _DATE.findall(raw)]
    except ValueError:
        dates = []
    if not dates:
        raise Unusable("not_a_date", column=column.column, value=raw[:60])
    # moments of one day in a cell say the same; different days are worth a word
    notices: list[Notice] = []
    if len(set(dates)) > 1:
        notices.append(
            ("several_dates", {"column": column.column, "value": raw, "taken": max(dates)})
        )
    return max(dates).isoformat(), notices


def _as_list(cell: Any, column: Column) -> tuple[Any, list[Notice]]:
    return list(dict.fromkeys(part.lower() for part in listed(cell, column))), []


def _as_count(cell: Any, column: Column) -> tuple[Any, list[Notice]]:
    return len(listed(cell, column)), []


def _code(raw: str, column: Column) -> Any:
    mapped = column.values.get(raw)
    return mapped if mapped is not None else codes.load(column.codes).find(raw)


def _as_code(cell: Any, column: Column) -> tuple[Any, list[Notice]]:
    raw = text(cell)
    found = _code(raw, column) if raw else None
    if found is not None:
        return found, []
    if column.default is None:
        code = "value_unknown" if raw else "value_missing"
        raise Unusable(code, column=column.column, value=raw[:60], list=column.codes)
    label = codes.load(column.codes).label(column.default, "zh_Hans_CN")
    return column.default, [
        ("value_defaulted", {"column": column.column, "value": raw, "taken": label})
    ]


def _as_tags(cell: Any, column: Column) -> tuple[Any, list[Notice]]:
    return listed(cell, column), []


def _as_resources(cell: Any, column: Column) -> tuple[Any, list[Notice]]:
    if cell in (None, ""):
        return [], []
    if not isinstance(cell, list) or not all(isinstance(entry, dict) for entry in cell):
        raise Unusable("not_resources", column=column.column)
    resources = []
    for entry in cell:
        unknown = set(entry) - set(column.fields.values())
        missing = [name for name in column.fields.values() if name not in entry]
        if unknown or missing:
            names = "、".join(sorted(unknown) + missing)
            raise Unusable("resource_columns", column=column.column, names=names)
        resources.append({field: text(entry[name]) for field, name in column.fields.items()})
    return file_addresses.sound(resources, column.column)


_TRANSFORMS: dict[str, Callable[[Any, Column], tuple[Any, list[Notice]]]] = {
    "text": _as_text,
    "integer": _as_integer,
    "date": _as_date,
    "list": _as_list,
    "count": _as_count,
    "code": _as_code,
    "tags": _as_tags,
    "resources": _as_resources,
}


def transformed(cell: Any, column: Column) -> tuple[Any, list[Notice]]:
    """The value of a cell as the column's transform makes it, and what was noticed.

    Raises:
        Unusable: the cell cannot become the value.
    """
    return _TRANSFORMS[column.as_](cell, column)
