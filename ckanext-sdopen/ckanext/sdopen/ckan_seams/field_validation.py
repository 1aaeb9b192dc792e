"""What validation does to one shown field, without navl.

Validation of what is shown changes values and reports nothing; so validators that only complain
are left out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import unified_resource_format

Change = Callable[[Any], Any]
DROPPED: Any = object()


class Unknown(Exception):
    """A validator, or a stored value, whose effect only CKAN itself knows."""


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(tk.get_validator("unicode_safe")(value))


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


_STOPS = ("ignore_missing",)
_DROPS = ("ignore",)
# they complain, in a list that nobody reads
_SILENT = ("not_empty", "name_validator", "package_name_validator", "package_version_validator")
_CHANGES: Mapping[str, Change] = {
    "unicode_safe": _text,
    "clean_format": unified_resource_format,
    "remove_whitespace": _stripped,
}
_SHOWN = ("sdopen_list_shown", "sdopen_number_shown", "sdopen_boolean_shown")


def name_of(validator: Any) -> str:
    """The name under which CKAN knows a validator; empty for another of the same name."""
    name = str(getattr(validator, "__name__", ""))
    try:
        return name if tk.get_validator(name) is validator else ""
    except tk.UnknownValidator:
        return ""


def _same_as(validator: Any) -> str:
    """The other field of an `if_empty_same_as`."""
    made = getattr(validator, "__qualname__", "") == "if_empty_same_as.<locals>.callable"
    return str(validator.__closure__[0].cell_contents) if made else ""


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """What happens to one field: `stops` where None ends it, `same_as` fills what is empty."""

    name: str
    drops: bool = False
    stops: bool = False
    same_as: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the value stays as it is."""
        return not (self.drops or self.stops or self.same_as or self.changes)

    def of(self, value: Any) -> Any:
        """The value as it is shown, or DROPPED."""
        if self.drops or (value is None and self.stops):
            return DROPPED
        for change in self.changes:
            value = change(value)
        return value


def field_of(name: str, validators: Iterable[Any]) -> FieldPlan:
    """What validators do to a field.

    Raises:
        Unknown: one of them is not known here.
    """
    stops, same_as = False, ""
    changes: list[Change] = []
    for place, validator in enumerate(validators):
        known = name_of(validator)
        if known in _DROPS and place == 0:
            return FieldPlan(name, drops=True)
        if known in _STOPS and not changes:
            stops = True
        elif _same_as(validator) and place == 0:
            same_as = _same_as(validator)
        elif known in _SILENT:
            # the first of them ends the field where it is empty, before anything changes it
            if known == "not_empty" and place > 0:
                raise Unknown(known)
        elif known in _CHANGES:
            changes.append(_CHANGES[known])
        elif known in _SHOWN:
            changes.append(validator)
        else:
            raise Unknown(f"{name}: {validator!r}")
    return FieldPlan(name, False, stops, same_as, tuple(changes))
