"""Contents: what the capabilities offer, read from their files of each kind.

A kind is a file's whole name or its ending: `actions`, `code_actions`, or the files of a folder
`actions`. What such a file offers stands in its `__all__`; pages offer a `blueprint`.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import flask

from ckanext.sdopen.commands import sdopen
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.optional_plugins import present
from ckanext.sdopen.paths import PACKAGE

ACTIONS, AUTH, VALIDATORS, HELPERS = "actions", "auth", "validators", "helpers"
PAGES, COMMANDS = "pages", "cli"
# kinds of background jobs and periodic tasks
JOBS = "job"

CAPABILITIES = (
    "audit",
    "jobs",
    "breaker",
    "counting",
    "access",
    "numbering",
    "tables",
    "workbook",
    "directory",
    "linked_data",
    "index",
    "changes",
    "entries",
    "search",
    "bulk",
    "table_publishing",
    "interfaces",
    "guard",
    "departments",
    "api",
    "portal",
    "sample",
)
# what of a capability belongs to a plugin of its own
_APART = {("linked_data", ACTIONS), ("linked_data", PAGES)}


class DoubleName(SdopenError):
    """Two files offer the same name."""


def modules(kind: str) -> Iterator[ModuleType]:
    """The capabilities' modules of a kind, in the order of the capabilities."""
    for capability in CAPABILITIES:
        if (capability, kind) in _APART:
            continue
        for path in sorted((PACKAGE / capability).rglob("*.py")):
            relative = path.relative_to(PACKAGE).with_suffix("")
            if is_of(kind, relative):
                yield import_module(".".join(("ckanext.sdopen", *relative.parts)))


def is_of(kind: str, path: Path) -> bool:
    """Whether the file of a path is of a kind."""
    if path.name == "__init__":
        return False
    return path.name == kind or path.name.endswith(f"_{kind}") or kind in path.parts[:-1]


def offered(kind: str) -> dict[str, Any]:
    """{name: function} of all that the capabilities offer of a kind.

    Functions that are chained to those of a plugin which is not loaded are left out.

    Raises:
        DoubleName: two files offer the same name.
    """
    return present(collected(modules(kind)))


def collected(sources: Iterable[ModuleType]) -> dict[str, Any]:
    """{name: what bears it} of the names in `__all__` of modules.

    Raises:
        DoubleName: two of them offer the same name.
    """
    found: dict[str, Any] = {}
    owners: dict[str, str] = {}
    for module in sources:
        for name in module.__all__:
            if name in owners:
                raise DoubleName(f"{name}: offered by {owners[name]} and by {module.__name__}")
            owners[name] = module.__name__
            found[name] = getattr(module, name)
    return found


def blueprints() -> list[flask.Blueprint]:
    """The routes of all capabilities."""
    return [module.blueprint for module in modules(PAGES)]


def background() -> list[Any]:
    """The kinds of background jobs and the periodic tasks of all capabilities."""
    return list(collected(modules(JOBS)).values())


def commands() -> list[click.Group]:
    """The group `ckan sdopen`, with the commands that the capabilities add to it."""
    list(modules(COMMANDS))
    return [sdopen]


def together(*sources: Any) -> dict[Any, list[Any]]:
    """{signal: receivers} of several modules' `subscriptions`, as CKAN's ISignal wants it."""
    found: dict[Any, list[Any]] = {}
    for source in sources:
        for signal, receivers in source.subscriptions().items():
            found.setdefault(signal, []).extend(receivers)
    return found
