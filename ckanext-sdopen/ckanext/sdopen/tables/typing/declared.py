"""The column that an item of a catalog declares."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from ckanext.sdopen import codes
from ckanext.sdopen.tables.columns import Column, Kind

# by schemas/codes/data_type.yaml; memos and general ones are texts of any length
_KINDS: Mapping[str, Kind] = {
    "C": Kind.TEXT,
    "M": Kind.TEXT,
    "G": Kind.TEXT,
    "N": Kind.NUMBER,
    "Y": Kind.NUMBER,
    "B": Kind.NUMBER,
    "F": Kind.NUMBER,
    "I": Kind.INTEGER,
    "D": Kind.DATE,
    "T": Kind.DATETIME,
    "L": Kind.BOOLEAN,
}
_COUNTED = frozenset("CNYI")
# 18 | 16,2 | (10, 6)
_LENGTH = re.compile(r"\(?(\d{1,6})(?:[,.、](\d{1,2}))?\)?")
_UNIT = re.compile(r"单位[:为是]\s*([^,;。、()\s]{1,20})")
_ALLOWED = re.compile(r"(?:取值|可选值|值域)(?:范围)?[:为是]\s*([^;。]+)")
_BETWEEN = re.compile(r"[、,/|]")


def _plain(value: Any) -> str:
    return unicodedata.normalize("NFKC", str(value or "")).strip()


def _data_type(item: Mapping[str, Any]) -> str:
    return codes.load("data_type").find(_plain(item.get("data_type"))) or ""


def _digits(item: Mapping[str, Any], data_type: str) -> tuple[int | None, int | None]:
    """(length, scale) that are stated; what has no length of its own has none."""
    stated = _LENGTH.fullmatch("".join(_plain(item.get("data_length")).split()))
    if not stated or _KINDS.get(data_type) not in (Kind.TEXT, Kind.NUMBER, Kind.INTEGER):
        return None, None
    length, scale = int(stated[1]), int(stated[2]) if stated[2] else None
    if _KINDS[data_type] == Kind.NUMBER and scale is not None:
        return length, scale
    return (length or None, None) if data_type in _COUNTED else (None, None)


def _is(item: Mapping[str, Any], name: str) -> bool:
    return _plain(item.get(name)).casefold() in ("true", "1", "是")


def _allowed(description: str) -> tuple[str, ...]:
    """The values that a description lists, as 取值：男、女; none where it lists none."""
    found = _ALLOWED.search(description)
    values = [value.strip() for value in _BETWEEN.split(found[1])] if found else []
    return tuple(values) if len(values) > 1 and all(0 < len(v) <= 30 for v in values) else ()


def column(item: Mapping[str, Any], name: str) -> Column:
    """The column of an item under a name.

    An item without a type is a text of any length; without a word on it a key may not be empty,
    all others may.
    """
    data_type = _data_type(item)
    length, scale = _digits(item, data_type)
    description = str(item.get("description") or "").strip()
    unit = _UNIT.search(_plain(description))
    key = _is(item, "primary_key")
    return Column(
        name=name,
        kind=_KINDS.get(data_type, Kind.TEXT),
        length=length,
        scale=scale,
        nullable=not key and _plain(item.get("nullable")).casefold() not in ("false", "0", "否"),
        key=key,
        codes=_allowed(_plain(description)),
        title_en=str(item.get("english_name") or "").strip(),
        description=description,
        unit=unit[1] if unit else "",
        declared=True,
    )
