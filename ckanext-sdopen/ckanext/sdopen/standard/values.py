"""Checks of single values by their kind; a check answers with a problem or nothing.

A value may come as the action API sends it (JSON) or as a form and a workbook do (text). Each
kind has one check, compiled once for an element, and used for every entry.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ckanext.sdopen import codes
from ckanext.sdopen.identifiers import provider_code
from ckanext.sdopen.standard import confidential
from ckanext.sdopen.standard.elements import Element
from ckanext.sdopen.standard.limits import Limits

# (code of findings.yaml, the parameters of its sentence)
Problem = tuple[str, Mapping[str, Any]]
Check = Callable[[Any], Problem | None]

# NUL, halves of surrogate pairs and noncharacters: PostgreSQL, XML or UTF-8 refuse them
FORBIDDEN = re.compile("[\x00\ufffe\uffff\ud800-\udfff]")
SEPARATORS = re.compile(r"[,，、;；\n]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER_WITH_UNIT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z%万亿千百条个项件兆]+)\s*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_NO_TEXT: Problem = ("text_expected", {})


def text_problem(value: str, longest: int) -> Problem | None:
    """What is wrong with a text of at most `longest` characters."""
    if len(value) > longest:
        return "text_too_long", {"length": len(value), "limit": longest}
    if mark := confidential.mark(value):
        return mark, {}
    if not value.isprintable() and FORBIDDEN.search(value):
        return "text_unprintable", {}
    return None


def _text(longest: int) -> Check:
    def check(value: Any) -> Problem | None:
        if type(value) is str:
            return text_problem(value, longest)
        # a number is taken as its text; a list or a table is not
        return None if isinstance(value, int | float) else _NO_TEXT

    return check


def _code(element: Element, limits: Limits) -> Check:
    known = codes.load(element.codes)
    values = frozenset(code.value for code in known)

    def check(value: Any) -> Problem | None:
        if type(value) is str and value in values:
            return None
        if isinstance(value, list | dict):
            return _NO_TEXT
        problem = text_problem(str(value), limits.text)
        return problem or ("code_unknown", {"value": value, "list": element.codes})

    return check


def listed(value: Any) -> list[str] | None:
    """A list as the API sends it, as a form does (one value, or words in a line), or as stored.

    None where it is no list of texts.
    """
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if isinstance(value, str):
        value = SEPARATORS.split(value)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return None
    return list(dict.fromkeys(one.strip() for one in value if one.strip()))


def _list(one: Check, limits: Limits) -> Check:
    def check(value: Any) -> Problem | None:
        values = listed(value)
        if values is None:
            return "list_expected", {}
        if len(values) > limits.words:
            return "list_too_long", {"count": len(values), "limit": limits.words}
        return next((problem for v in values if (problem := one(v))), None)

    return check


def _count(value: Any) -> Problem | None:
    if type(value) is int:
        return None if 0 <= value < 10**18 else ("count_invalid", {"value": str(value)[:20]})
    text = str(value).strip()
    if isinstance(value, str) and text.isascii() and text.isdigit() and len(text) <= 18:
        return None
    return _no_number(text, "count_invalid")


def _no_number(text: str, code: str) -> Problem:
    found = _NUMBER_WITH_UNIT.fullmatch(text[:40])
    if found:
        return "number_with_unit", {"value": text, "number": found[1], "unit": found[2]}
    return code, {"value": text}


def _quantity(value: Any) -> Problem | None:
    if type(value) is float and 0 <= value < 1e15:
        return None
    text = str(value).strip()
    if isinstance(value, bool) or len(text) > 40:
        return "quantity_invalid", {"value": text}
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _no_number(text, "quantity_invalid")
    fits = number.is_finite() and 0 <= number < 10**15
    return None if fits else ("quantity_invalid", {"value": text})


def _date(value: Any) -> Problem | None:
    text = value.isoformat()[:10] if isinstance(value, date) else str(value).strip()
    try:
        if _DAY.fullmatch(text):
            date.fromisoformat(text)
            return None
    except ValueError:
        pass
    return "date_invalid", {"value": text}


def _boolean(value: Any) -> Problem | None:
    if value is True or value is False or str(value).lower() in ("true", "false"):
        return None
    return "boolean_invalid", {"value": value}


def _digits(length: int) -> Check:
    def check(value: Any) -> Problem | None:
        text = str(value)
        if text.isascii() and text.isdigit() and len(text) <= 30:
            if not length or len(text) == length:
                return None
            return "digits_length", {"value": text, "length": length}
        return "digits_expected", {"value": text}

    return check


def _uscc(value: Any) -> Problem | None:
    code = str(value).strip().upper()
    return None if provider_code.is_valid(code) else ("provider_code_invalid", {"value": value})


def _email(value: Any) -> Problem | None:
    text = str(value).strip()
    if len(text) <= 254 and _EMAIL.fullmatch(text):
        return None
    return "email_invalid", {"value": text}


def _tags(value: Any) -> Problem | None:
    """Marks of secrecy only: CKAN itself checks what a tag may be."""
    code = confidential.mark(value) if isinstance(value, str) else ""
    return (code, {}) if code else None


Factory = Callable[[Element, Limits], Check]
CHECKS: Mapping[str, Factory] = {
    "title": lambda element, limits: _text(limits.title),
    "text": lambda element, limits: _text(limits.text),
    "paragraph": lambda element, limits: _text(limits.paragraph),
    "code": _code,
    "codes": lambda element, limits: _list(_code(element, limits), limits),
    "words": lambda element, limits: _list(_text(limits.text), limits),
    "count": lambda element, limits: _count,
    "quantity": lambda element, limits: _quantity,
    "date": lambda element, limits: _date,
    "boolean": lambda element, limits: _boolean,
    "digits": lambda element, limits: _digits(element.digits),
    "provider_code": lambda element, limits: _uscc,
    "email": lambda element, limits: _email,
    "tags": lambda element, limits: _tags,
}


def compiled(element: Element, limits: Limits) -> Check:
    """The check of an element's values."""
    return CHECKS[element.kind](element, limits)
