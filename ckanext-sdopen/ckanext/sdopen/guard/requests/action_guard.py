"""The guard before every action: odd input is a ValidationError that names the parameter.

It looks at types before the action does, and once, where a call comes from outside, at what can
be stored and at how much there is; actions that an action calls are not measured again.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import wraps
from typing import Any

import ckan.plugins.toolkit as tk
from sqlalchemy import Row

from ckanext.sdopen import parameters
from ckanext.sdopen.breaker import database
from ckanext.sdopen.guard.requests import action_types, shape
from ckanext.sdopen.guard.requests.action_types import FITS, RELATIONS, Kind
from ckanext.sdopen.guard.requests.shape import Flaw, Most

_inside: ContextVar[bool] = ContextVar("sdopen_inside_an_action", default=False)


class OddInput(tk.ValidationError):
    """What an action was given is of a wrong kind, too much, or cannot be stored."""

    def __init__(self, wrong: dict[str, list[str]]) -> None:
        # CKAN looks for errors of rows in those of tags and extras
        summary = {name: "; ".join(told) for name, told in wrong.items()}
        super().__init__({}, error_summary=summary)
        self.error_dict = dict(wrong)


_WANTED: Mapping[Kind, Callable[[], str]] = {
    Kind.TEXT: lambda: tk._("Give one text"),
    Kind.TEXTS: lambda: tk._("Give a text or a list of texts"),
    Kind.LISTED: lambda: tk._("Give a list of texts"),
    Kind.WHOLE: lambda: parameters.wanted(0, action_types.MOST_WHOLE),
    Kind.NUMBER: lambda: parameters.wanted(-action_types.MOST_WHOLE, action_types.MOST_WHOLE),
    Kind.MOMENT: lambda: tk._("Give a moment: seconds since 1970, or a date as 2026-01-31"),
    Kind.FLAG: lambda: tk._("Give true or false"),
    Kind.WORDS: lambda: tk._("Give one text"),
    Kind.OBJECT: lambda: tk._("Give an object (names with values)"),
    Kind.JSON: lambda: tk._("Give an object (names with values)"),
    Kind.FILTERS: lambda: tk._("Give an object (names with values) or a list of them"),
    Kind.OBJECTS: lambda: tk._("Give a list of objects"),
    Kind.RESOURCE: lambda: tk._("Give a file as resource_show does, with package_id"),
    Kind.RESOURCES: lambda: tk._(
        "Names, formats and addresses of files are texts, dates as 2026-01-31"
    ),
    Kind.RELATION: lambda: tk._("Give one of {names}").format(names=", ".join(RELATIONS)),
    Kind.JOB: lambda: tk._("Give letters, digits, - and _ only"),
}
_FLAWED: Mapping[Flaw, Callable[[Most], str]] = {
    Flaw.ZERO: lambda most: tk._("It holds the control character U+0000; leave it out"),
    Flaw.SURROGATE: lambda most: tk._(
        "It holds half of a sign (a lone surrogate); send the text as UTF-8"
    ),
    Flaw.NUMBER: lambda most: tk._("It holds a number that is none (NaN or Infinity)"),
    Flaw.DEEP: lambda most: tk._(
        "Lists and objects stand more than {most} deep in each other; send it flatter"
    ).format(most=most.nesting),
    Flaw.LONG: lambda most: tk._(
        "A list or object has more than {most} elements; send it in parts"
    ).format(most=most.elements),
}


def most() -> Most:
    """The settings `ckanext.sdopen.guard.nesting` and `.elements`."""
    return Most(
        int(tk.config["ckanext.sdopen.guard.nesting"]),
        int(tk.config["ckanext.sdopen.guard.elements"]),
    )


def _is_unsaid(value: Any) -> bool:
    """Whether nothing is said, or CKAN itself says it: bulk_update_* hand over a row as id."""
    return value is None or isinstance(value, Row)


def refuse_wrong_kinds(action: str, given: Mapping[Any, Any]) -> None:
    """Refuse values of another kind than the action's parameters are of.

    Raises:
        OddInput: {parameter: what is wanted}.
    """
    kinds = action_types.kinds(action)
    wrong = {
        name: [_WANTED[kinds[name]]()]
        for name, value in given.items()
        if name in kinds and not _is_unsaid(value) and not FITS[kinds[name]](value)
    }
    for name in action_types.needed(action):
        if given.get(name) in (None, ""):
            wrong[name] = [tk._("Missing value")]
    for name in action_types.filled(action):
        if given.get(name, "") is None:
            wrong[name] = [tk._("Missing value")]
    if wrong:
        raise OddInput(wrong)


def refuse_flawed(action: str, given: dict[Any, Any]) -> None:
    """Refuse what nothing can store, and what is too much; not in records examined one by one.

    Raises:
        OddInput: {parameter: what is wrong}.
    """
    bounds = most()
    examined = action_types.EXAMINED.get(action)
    if examined:
        given = {name: value for name, value in given.items() if name != examined}
    wrong = {name: [_FLAWED[flaw](bounds)] for name, flaw in shape.flaws(given, bounds)}
    if wrong:
        raise OddInput(wrong)


def around(name: str, action: Any) -> Any:
    """The action with the guard before it."""

    @wraps(action)
    def guarded(context: Any = None, data_dict: Any = None, **more: Any) -> Any:
        is_object = isinstance(data_dict, dict)
        if not _inside.get():
            if is_object:
                refuse_flawed(name, data_dict)
                refuse_wrong_kinds(name, data_dict)
            token = _inside.set(True)
            try:
                with database.noting():
                    return action(context, data_dict, **more)
            finally:
                _inside.reset(token)
        if is_object:
            refuse_wrong_kinds(name, data_dict)
        return action(context, data_dict, **more)

    return guarded
