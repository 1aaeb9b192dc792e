"""From a cell to a value of the entry: texts, labels of codes, numbers, days, yes and no.

A reader takes the cell as the book types it and answers with the value and, where it had to
guess, a doubt (code of findings.yaml, its parameters). What it cannot read it gives as text: the
check of the entry then says what is wrong with it.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from ckanext.sdopen import codes
from ckanext.sdopen.identifiers.ids import normal_code
from ckanext.sdopen.standard.elements import Element
from ckanext.sdopen.standard.values import SEPARATORS, listed
from ckanext.sdopen.workbook.columns import Column

Doubt = tuple[str, Mapping[str, Any]]
Reader = Callable[[Any], tuple[Any, Doubt | None]]
DROPPED = "dropped"

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
# serial numbers of 1954 to 2119: others are no days of a directory
_SERIALS = range(20_000, 80_000)
_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_TAG = re.compile(r"[\w \-.]{2,100}")


def text(cell: Any) -> str:
    """A cell as text: a whole number without its `.0`, a day as 2024-01-05."""
    if type(cell) is str:
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != datetime.min.time() else str(cell.date())
    return str(cell)


def plain(cell: Any) -> str:
    """A cell as half-width text, for numbers, codes and days."""
    said = text(cell)
    return said if said.isascii() else unicodedata.normalize("NFKC", said).strip()


def _text(cell: Any) -> tuple[Any, Doubt | None]:
    return text(cell), None


def _resource_code(cell: Any) -> tuple[Any, Doubt | None]:
    return normal_code(text(cell)), None


def _plain(cell: Any) -> tuple[Any, Doubt | None]:
    return plain(cell), None


def _number(cell: Any) -> tuple[Any, Doubt | None]:
    # 1,234 is a number with separators; 1,23 is not
    said = plain(cell)
    return re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", said), None


def code_reader(list_name: str) -> Reader:
    """A label, alias or value of a code list as its value."""
    known = codes.load(list_name)
    found: dict[str, tuple[Any, Doubt | None]] = {}

    def read(cell: Any) -> tuple[Any, Doubt | None]:
        said = text(cell)
        answer = found.get(said)
        if answer is None:
            answer = found[said] = (known.find(said) or said, None)
        return answer

    return read


def _words(said: str) -> list[str] | str:
    return (listed(said) or said) if said.startswith("[") else _split(said)


def _split(said: str) -> list[str]:
    return list(dict.fromkeys(one.strip() for one in SEPARATORS.split(said) if one.strip()))


def _codes_reader(list_name: str, lowered: bool) -> Reader:
    known = codes.load(list_name) if list_name else None
    found: dict[str, tuple[Any, Doubt | None]] = {}

    def one(word: str) -> str:
        value = known.find(word) if known else None
        return value or (word.lower() if lowered and word.isascii() else word)

    def read(cell: Any) -> tuple[Any, Doubt | None]:
        said = text(cell)
        answer = found.get(said)
        if answer is None:
            words = _words(said)
            values = [one(w) for w in words] if isinstance(words, list) else words
            answer = found[said] = (values, None)
        return answer

    return read


def _boolean(cell: Any) -> tuple[Any, Doubt | None]:
    said = codes.load("yes_no").find(text(cell))
    return ({"true": True, "false": False}[said] if said else text(cell)), None


def _tags(cell: Any) -> tuple[Any, Doubt | None]:
    words = _split(text(cell))
    wrong = next((word for word in words if not _TAG.fullmatch(word)), None)
    return words, ("tag_invalid", {"value": wrong}) if wrong else None


def _part(cell: Any) -> tuple[Any, Doubt | None]:
    """类、项、目、细目 as digits; a name in their place is told by the resource code."""
    said = plain(cell)
    return (said, None) if said.isdigit() else (said, (DROPPED, {"value": said}))


def _days(from_1904: bool) -> Reader:
    def read(cell: Any) -> tuple[Any, Doubt | None]:
        if isinstance(cell, datetime | date):
            return cell.isoformat()[:10], None
        if isinstance(cell, float) and cell.is_integer() and int(cell) in _SERIALS:
            return str(_EPOCHS[from_1904] + timedelta(days=int(cell))), None
        return _day(plain(cell), isinstance(cell, float) and not cell.is_integer())

    return read


def _day(said: str, numeric: bool) -> tuple[Any, Doubt | None]:
    found = _DAY.fullmatch(said) or _MONTH.fullmatch(said) or _COMPACT.fullmatch(said)
    if found is None:
        return said, None
    parts = [int(part) for part in found.groups() if part]
    try:
        day = date(*(*parts, 1)[:3])
    except (ValueError, TypeError):
        return said, None
    if len(parts) == 3:
        return str(day), None
    # a spreadsheet writes the number 2017.10 as 2017.1
    doubt = "month_ambiguous" if numeric and parts[1] == 1 else "day_assumed"
    return str(day), (doubt, {"value": said, "taken": str(day)})


_BY_KIND: Mapping[str, Reader] = {
    "count": _number,
    "quantity": _number,
    "boolean": _boolean,
    "tags": _tags,
    "provider_code": _plain,
    "email": _plain,
    "digits": _plain,
}
_BY_READING: Mapping[str, Reader] = {"text": _text, "part": _part, "secrecy": _text}


def reader_of(column: Column, from_1904: bool) -> Reader:
    """How the cells of a column are read."""
    if column.reading in _BY_READING:
        return _BY_READING[column.reading]
    if column.name == "resource_code":
        return _resource_code
    return _of_element(column.standard_element(), from_1904)


def _of_element(element: Element | None, from_1904: bool) -> Reader:
    if element is None:
        return _text
    if element.kind == "code":
        return code_reader(element.codes)
    if element.kind in ("codes", "words"):
        return _codes_reader(element.codes, element.kind == "words")
    if element.kind == "date":
        return _days(from_1904)
    return _BY_KIND.get(element.kind, _text)
