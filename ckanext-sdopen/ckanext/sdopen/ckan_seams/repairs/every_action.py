"""A wrapper around every action, of whichever plugin.

CKAN 2.12 tells plugins when an action has ended (`action_succeeded`), not before it begins. It
keeps the actions that `get_action` gives out in one table; this is a table that gives each out
with the wrapper around it. A release with a signal or an interface before actions ends this
module; where CKAN keeps its actions elsewhere, it steps aside and says so in the log.
"""

import logging
from collections.abc import Callable
from typing import Any

from ckan import logic

_log = logging.getLogger(__name__)
# (name of an action, the action) → what is given out in its place
Around = Callable[[str, Any], Any]


class _Table(dict[str, Any]):
    """CKAN's table of actions by name; who asks for one gets it with the wrapper around it."""

    def __init__(self, known: dict[str, Any], around: Around) -> None:
        super().__init__(known)
        self._around = around
        self._given: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        given = self._given.get(name)
        if given is None:
            given = self._given[name] = self._around(name, super().__getitem__(name))
        return given

    def __setitem__(self, name: str, action: Any) -> None:
        # CKAN sets each once more when all plugins have had their say
        super().__setitem__(name, action)
        self._given.pop(name, None)

    def clear(self) -> None:
        super().clear()
        self._given.clear()


def install(around: Around) -> None:
    """Give out every action as `around(name, action)` makes it, at the first use of each.

    A second call takes the place of the first one.
    """
    known = getattr(logic, "_actions", None)
    if isinstance(known, dict):
        logic._actions = _Table(dict(known), around)
    else:
        _log.error("This CKAN keeps its actions elsewhere: nothing looks at their input first")
