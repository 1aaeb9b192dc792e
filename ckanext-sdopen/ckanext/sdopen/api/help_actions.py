"""CKAN's help of actions, of those too that plugins have changed."""

from collections.abc import Iterator
from functools import partial
from inspect import cleandoc, unwrap
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

__all__ = ["help_show"]


@tk.chained_action
@tk.side_effect_free
def help_show(next_action: Any, context: Context, data_dict: dict[str, Any]) -> str | None:
    """Tell what an action does, what it takes and what it gives.

    In CKAN 2.12 an action that a plugin changed tells of `functools.partial` only
    (logic.action.get). It tells what each of the changes says of itself, then what CKAN says.
    """
    told = next_action(context, data_dict)
    try:
        action = tk.get_action(str(data_dict["name"]))
    except KeyError:
        return told if told is None else str(told)
    said = list(dict.fromkeys(_said(action)))
    return "\n\n".join(said) or None


def _said(action: Any) -> Iterator[str]:
    """The docstrings of an action and of those around which it stands, outermost first."""
    while action is not None:
        # what CKAN and the guard put around every action is no part of it
        action = unwrap(action)
        if not isinstance(action, partial):
            if action.__doc__:
                yield cleandoc(action.__doc__)
            return
        if action.func.__doc__:
            yield cleandoc(action.func.__doc__)
        action = action.args[0] if action.args else None
