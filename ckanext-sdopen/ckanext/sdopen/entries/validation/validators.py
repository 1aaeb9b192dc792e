"""Validators of single fields: the checks of `standard.values`, and how a value is kept."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

import ckan.plugins.toolkit as tk
import orjson
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from ckanext.scheming.validation import scheming_validator

from ckanext.sdopen import config
from ckanext.sdopen.language import SchemaField, label, language
from ckanext.sdopen.standard import values
from ckanext.sdopen.standard.elements import Element
from ckanext.sdopen.standard.findings import Finding, sentence
from ckanext.sdopen.standard.stored_values import to_stored

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

Validator = Callable[[FlattenKey, FlattenDataDict, FlattenErrorDict, Context], None]
_EMPTY = (None, "", tk.missing)
_BOOLEANS = {"true": True, "false": False}


def _validator(field: SchemaField, kind: str, digits: int = 0) -> Validator:
    """Check a value by its kind and keep it; a problem that the whole entry's check told stays."""
    name = str(field["field_name"])
    kept = to_stored(kind, str(field.get("codes") or ""))
    element = Element(name, kind, {}, codes=str(field.get("codes") or ""), digits=digits)

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        value = data.get(key)
        if errors.get(key) or context.get("sdopen_confidential"):
            raise tk.StopOnError
        if value in _EMPTY:
            return
        problem = values.compiled(element, config.limits())(value)
        if problem:
            finding = Finding(problem[0], name, {**problem[1], "label": label(field)})
            errors[key].append(sentence(finding, language()))
            raise tk.StopOnError
        stored = kept(value)
        if stored is None:
            data.pop(key, None)
            raise tk.StopOnError
        data[key] = stored

    return validator


@scheming_validator
def sdopen_code(field: SchemaField, schema: SchemaField) -> Validator:
    """One value of the code list that the field names."""
    return _validator(field, "code")


@scheming_validator
def sdopen_codes(field: SchemaField, schema: SchemaField) -> Validator:
    """Any values of the code list that the field names, kept in the list's order."""
    return _validator(field, "codes")


@scheming_validator
def sdopen_words(field: SchemaField, schema: SchemaField) -> Validator:
    """Words of the user's own, in lower case, each once."""
    return _validator(field, "words")


@scheming_validator
def sdopen_count(field: SchemaField, schema: SchemaField) -> Validator:
    """A whole number, 0 or more; kept as text, shown as a number."""
    return _validator(field, "count")


@scheming_validator
def sdopen_quantity(field: SchemaField, schema: SchemaField) -> Validator:
    """A number, 0 or more; kept as text, shown as a number."""
    return _validator(field, "quantity")


@scheming_validator
def sdopen_date(field: SchemaField, schema: SchemaField) -> Validator:
    """A day of the calendar, CCYY-MM-DD."""
    return _validator(field, "date")


@scheming_validator
def sdopen_boolean(field: SchemaField, schema: SchemaField) -> Validator:
    """Yes or no: true or false, as a JSON value or in letters."""
    return _validator(field, "boolean")


@scheming_validator
def sdopen_digits(field: SchemaField, schema: SchemaField) -> Validator:
    """Digits, exactly so many as the field says; any number of them for 0."""
    return _validator(field, "digits", int(field.get("digits", 0)))


@scheming_validator
def sdopen_provider_code(field: SchemaField, schema: SchemaField) -> Validator:
    """A 统一社会信用代码, in capitals, with the right check digit."""
    return _validator(field, "provider_code")


@scheming_validator
def sdopen_row_needs(field: SchemaField, schema: SchemaField) -> Validator:
    """A cell that every row of its table needs; the whole entry's check says so where it is not."""

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        if data.get(key) in _EMPTY:
            data.pop(key, None)
            raise tk.StopOnError

    return validator


def sdopen_list_shown(value: Any) -> Any:
    """A stored list as a list."""
    return orjson.loads(value) if isinstance(value, str) and value.startswith("[") else value


def sdopen_number_shown(value: Any) -> Any:
    """A stored number as a number: whole where it is whole."""
    # a count, as nearly all are; Python refuses to read thousands of digits as one
    if isinstance(value, str) and len(value) <= 18 and value.isascii() and value.isdigit():
        return int(value)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return value
    return int(number) if number == number.to_integral_value() else float(number)


def sdopen_boolean_shown(value: Any) -> Any:
    """A stored yes or no as true or false."""
    return _BOOLEANS.get(str(value).lower(), value)
