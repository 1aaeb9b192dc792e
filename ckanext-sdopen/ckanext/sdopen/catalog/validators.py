"""Validators of single fields; each says what is wrong and what to write instead."""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from ckanext.scheming.validation import scheming_validator

from ckanext.sdopen import codes
from ckanext.sdopen.catalog import provider_code
from ckanext.sdopen.catalog.fields import Field, label, language

__all__ = [
    "sdopen_boolean",
    "sdopen_boolean_shown",
    "sdopen_code",
    "sdopen_codes",
    "sdopen_count",
    "sdopen_date",
    "sdopen_digits",
    "sdopen_list_shown",
    "sdopen_number_shown",
    "sdopen_provider_code",
    "sdopen_quantity",
    "sdopen_row_needs",
    "sdopen_words",
]

_LISTED_AT_MOST = 12  # longer lists are named, not enumerated, in an error
_SEPARATORS = re.compile(r"[,，、;；\n]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _refusal(value: Any, field: Field) -> tk.Invalid:
    code_list = codes.load(field["codes"])
    if len(code_list) > _LISTED_AT_MOST:
        return tk.Invalid(
            tk._('"{value}" is not in the code list {list}').format(
                value=value, list=code_list.name
            )
        )
    choices = ", ".join(f"{code.value} ({code.label(language())})" for code in code_list)
    return tk.Invalid(
        tk._('"{value}" is not allowed here; choose one of: {choices}').format(
            value=value, choices=choices
        )
    )


@scheming_validator
def sdopen_code(field: Field, schema: Field) -> Callable[[Any], Any]:
    """One value of the code list that the field names."""

    def validator(value: Any) -> Any:
        if value and value not in codes.load(field["codes"]):
            raise _refusal(value, field)
        return value

    return validator


def _as_list(value: Any) -> list[str]:
    """A list as the API sends it, as a form does (one value, or words in a line), or as stored."""
    if value is tk.missing or value is None or value == "":
        return []
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            raise tk.Invalid(tk._("Write a list of texts")) from None
    if isinstance(value, str):
        value = _SEPARATORS.split(value)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise tk.Invalid(tk._("Write a list of texts"))
    return list(dict.fromkeys(one.strip() for one in value if one.strip()))


def _store(key: FlattenKey, data: FlattenDataDict, values: list[str]) -> None:
    if not values:
        data.pop(key, None)
        raise tk.StopOnError
    data[key] = json.dumps(values, ensure_ascii=False)


@scheming_validator
def sdopen_codes(field: Field, schema: Field) -> Callable[..., None]:
    """Any values of the code list that the field names, kept in the list's order."""

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        code_list = codes.load(field["codes"])
        values = _as_list(data[key])
        for value in values:
            if value not in code_list:
                raise _refusal(value, field)
        _store(key, data, [code.value for code in code_list if code.value in values])

    return validator


def sdopen_words(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Words of the user's own, in lower case, each once."""
    values = [value.lower() if value.isascii() else value for value in _as_list(data[key])]
    _store(key, data, list(dict.fromkeys(values)))


def sdopen_count(value: Any) -> Any:
    """A whole number, 0 or more; kept as text, shown as a number."""
    if value == "":
        return value
    text = str(value).strip()
    if isinstance(value, bool) or not text.isascii() or not text.isdigit():
        raise tk.Invalid(tk._('"{value}" is not a whole number, 0 or more').format(value=value))
    return str(int(text))


def sdopen_quantity(value: Any) -> Any:
    """A number, 0 or more; kept as text, shown as a number."""
    if value == "":
        return value
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal(-1)
    if isinstance(value, bool) or not number.is_finite() or number < 0:
        raise tk.Invalid(tk._('"{value}" is not a number, 0 or more').format(value=value))
    return format(number, "f")


def sdopen_date(value: Any) -> Any:
    """A day of the calendar, CCYY-MM-DD."""
    if value == "":
        return value
    text = value.isoformat()[:10] if isinstance(value, date) else str(value).strip()
    try:
        if not _DAY.fullmatch(text):
            raise ValueError(text)
        date.fromisoformat(text)
    except ValueError:
        raise tk.Invalid(
            tk._('"{value}" is not a day; write it like 2024-01-05').format(value=value)
        ) from None
    return text


def sdopen_boolean(value: Any) -> Any:
    """Yes or no: true or false, as a JSON value or in letters."""
    if value in ("", True, False):
        return value
    if str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    raise tk.Invalid(tk._('"{value}" is neither true nor false').format(value=value))


def sdopen_digits(length: int) -> Callable[[Any], Any]:
    """Digits, exactly so many; any number of them for 0."""
    pattern = re.compile(rf"\d{{{length}}}" if length else r"\d+", re.ASCII)

    def validator(value: Any) -> Any:
        if value == "" or pattern.fullmatch(str(value)):
            return value
        if not length:
            raise tk.Invalid(tk._('"{value}" must consist of digits').format(value=value))
        raise tk.Invalid(
            tk._('"{value}" must be {length} digits').format(value=value, length=length)
        )

    return validator


def sdopen_provider_code(value: Any) -> Any:
    """A 统一社会信用代码, in capitals, with the right check digit."""
    if value == "":
        return value
    code = str(value).strip().upper()
    if not provider_code.is_valid(code):
        raise tk.Invalid(
            tk._(
                '"{value}" is not a unified social credit code: 18 characters without I, O, S, V, '
                "Z, the last one a check digit; compare it with the certificate"
            ).format(value=value)
        )
    return code


@scheming_validator
def sdopen_row_needs(field: Field, schema: Field) -> Callable[..., None]:
    """A cell that every row of its table needs, unless the row is blank."""

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        if data.get(key) not in (None, "", tk.missing):
            return
        row = (v for k, v in data.items() if k[:-1] == key[:-1] and k != key)
        if any(value not in (None, "", tk.missing) for value in row):
            message = tk._("Row {number}: {label} is missing; fill it in or remove the row")
            errors[key].append(message.format(number=key[1] + 1, label=label(field)))
        data.pop(key, None)
        raise tk.StopOnError

    return validator


def sdopen_list_shown(value: Any) -> Any:
    """A stored list as a list."""
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else value


def sdopen_number_shown(value: Any) -> Any:
    """A stored number as a number: whole where it is whole."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return value
    return int(number) if number == number.to_integral_value() else float(number)


def sdopen_boolean_shown(value: Any) -> Any:
    """A stored yes or no as true or false."""
    return {"true": True, "false": False}.get(str(value).lower(), value)
