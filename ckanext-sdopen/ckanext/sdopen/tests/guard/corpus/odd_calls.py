"""Odd values for the parameters of every live action, and a small world to call them in.

Actions and their parameters are read from the running portal, so a new one is called without a
word here.
"""

import copy
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any
from zlib import crc32

import ckan.logic
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.navl.dictization_functions import DataError
from ckan.lib.search import SearchError, SearchQueryError
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.guard.requests.action_types import FITS, kinds
from ckanext.sdopen.tests.corpus.examples import as_site, catalog, created, department

VALUES: dict[str, Any] = {
    "NUL": "a\x00b",
    "half a sign": "a\ud800",
    "NUL in a list": ["a\x00"],
    "a list": ["a", ["b"]],
    "a list of objects": [{"a": 1}],
    "an object": {"a": {"b": None}},
    "a number": 7,
    "a negative number": -1,
    "a huge number": 10**30,
    "a huge number in a text": str(10**30),
    "no number": float("inf"),
    "a switch": True,
    "nothing in a text": "",
    "null": None,
    "words": "odd words",
}
# what the action API answers by a status below 500 (ckan.views.api)
REFUSALS = (
    *(tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound),
    *(SearchQueryError, SearchError, DataError),
)
# an empty table would change what other tests of this run search by
_LEFT_ALONE = {("sdopen_synonyms_update", "table", label) for label in ("nothing in a text",)}
# how actions ask their input for a parameter, and how docstrings explain one
_NAMED = re.compile(
    r"""(?:data_dict|data|given|params)(?:\.get|\.pop|\.setdefault)?[\(\[]\s*u?['"]([\w.]+)['"]"""
    r"""|get_or_bust\(\s*\w+,\s*\[?u?['"](\w+)['"]|:param\s+(?:\w+\s+)?([\w.]+):"""
    r"""|whole_number\(\s*\w+,\s*['"](\w+)['"]|`([a-z_]+)`"""
)
_LAST = ("purge", "delete", "remove", "revoke", "withdraw", "clear", "unfollow", "cancel")


def _functions(action: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """An action and those that it wraps or is chained to."""
    waiting: list[Any] = [action]
    while waiting:
        one = waiting.pop()
        if isinstance(one, partial):
            waiting += [one.func, *one.args]
        elif hasattr(one, "__wrapped__"):
            waiting.append(one.__wrapped__)
        elif inspect.isfunction(one):
            yield one


def actions() -> dict[str, bool]:
    """{name: whether GET calls it} of all live actions, those that take something away last."""
    tk.get_action("status_show")
    found = {n: getattr(a, "side_effect_free", False) for n, a in ckan.logic._actions.items()}
    return {n: found[n] for n in sorted(found, key=lambda n: (any(w in n for w in _LAST), n))}


@cache
def parameters(name: str) -> tuple[str, ...]:
    """The names that an action's source asks its input for, or its docstring explains."""
    found: set[str] = set()
    for one in _functions(ckan.logic._actions[name]):
        found |= {word for match in _NAMED.findall(inspect.getsource(one)) for word in match}
    return tuple(sorted(found - {""}))


class World:
    """An entry with a file and a table, its department, a topic and an account."""

    def __init__(self) -> None:
        self.bureau = department("省医疗保障局")
        self.entry = created(catalog(self.bureau["id"]))
        file = {"url": "https://data.example.org/a.csv", "format": "CSV", "name": "甲"}
        self.file = call_action("resource_create", as_site(), package_id=self.entry["id"], **file)
        call_action(
            "datastore_create",
            as_site(),
            resource_id=self.file["id"],
            force=True,
            fields=[{"id": "n", "type": "text"}],
            records=[{"n": "x"}],
        )
        self.user = factories.User()
        topic = {"name": "medical", "title": "医疗", "type": "topic"}
        self.topic = call_action("group_create", as_site(), **topic)

    def right(self, name: str) -> dict[str, Any]:
        """What an action takes beside the odd parameter, so that it comes as far as that."""
        found = {"resource_id": self.file["id"], "package_id": self.entry["id"]}
        words = {
            "organization": self.bureau,
            "member": self.bureau,
            "group": self.topic,
            "user": self.user,
            "resource_view": self.file,
            "resource": self.file,
        }
        fitting = (one for word, one in words.items() if word in name)
        found["id"] = next(fitting, self.entry)["id"]
        asked = parameters(name)
        return {key: value for key, value in found.items() if key in asked}


def cases(share: int) -> Iterator[tuple[str, str, str]]:
    """(action, parameter, label of an odd value): each that is of no fitting kind, of others some.

    Args:
        share: every how many-th of those that the guard lets through to the action; chosen by
            their names, so that every run asks the same.
    """
    for name in actions():
        for parameter in parameters(name):
            kind = kinds(name).get(parameter)
            for label, value in VALUES.items():
                refused = kind is not None and value is not None and not FITS[kind](value)
                chosen = crc32(f"{name} {parameter} {label}".encode()) % share == 0
                if (refused or chosen) and (name, parameter, label) not in _LEFT_ALONE:
                    yield name, parameter, label


def odd(world: World, case: tuple[str, str, str]) -> tuple[str, dict[str, Any]]:
    """(action, its input) of a case."""
    name, parameter, label = case
    return name, copy.deepcopy({**world.right(name), parameter: VALUES[label]})


def broken(user: str, name: str, asked: dict[str, Any]) -> str:
    """What a call ends in that is no refusal; empty where it is one, or an answer."""
    try:
        tk.get_action(name)({"user": user}, asked)
    except REFUSALS:
        model.Session.rollback()
    except Exception as error:  # noqa: BLE001 whatever it is, a caller saw an error page
        model.Session.rollback()
        return f"{type(error).__name__}: {str(error)[:200]}"
    return ""
