"""How a checked value is kept: what the column or the stored JSON of an entry holds of it."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from ckanext.sdopen import codes
from ckanext.sdopen.standard import values

ToStored = Callable[[Any], Any]


def _as_stored(items: list[str]) -> str | None:
    return json.dumps(items, ensure_ascii=False) if items else None


def _codes(name: str, value: Any) -> str | None:
    """The chosen values in the list's order."""
    known, chosen = codes.load(name), values.listed(value) or []
    found = [one for one in chosen if one in known]
    if len(found) > 1:
        found = [code.value for code in known if code.value in found]
    return _as_stored(found)


def _words(value: Any) -> str | None:
    """Words of the user's own, in lower case, each once."""
    words = (w.lower() if w.isascii() else w for w in values.listed(value) or [])
    return _as_stored(list(dict.fromkeys(words)))


def _day(value: Any) -> str:
    return value.isoformat()[:10] if isinstance(value, date) else str(value).strip()


def _same(value: Any) -> Any:
    return value


_BY_KIND: Mapping[str, ToStored] = {
    "code": _same,
    "words": _words,
    "count": lambda value: str(int(str(value).strip())),
    "quantity": lambda value: format(Decimal(str(value).strip()), "f"),
    "date": _day,
    "boolean": lambda value: str(value).lower() == "true",
    "digits": _same,
    "provider_code": lambda value: str(value).strip().upper(),
}


def to_stored(kind: str, code_list: str = "") -> ToStored:
    """The function that gives the stored form of a value of a kind; None stands for nothing."""
    return partial(_codes, code_list) if kind == "codes" else _BY_KIND[kind]
