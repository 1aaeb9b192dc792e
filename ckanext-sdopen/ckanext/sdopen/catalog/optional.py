"""Functions chained to those of another plugin, which count only where that plugin is loaded."""

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, TypeVar

from ckan.plugins import plugin_loaded

F = TypeVar("F", bound=Callable[..., Any])


def of_plugin(name: str) -> Callable[[F], F]:
    """Mark a function as chained to one of a plugin."""

    def mark(function: F) -> F:
        function.sdopen_needs = name  # type: ignore[attr-defined]
        return function

    return mark


def _needed(function: Any) -> str:
    return str(getattr(function, "sdopen_needs", ""))


def present(contents: ModuleType) -> dict[str, Any]:
    """{name: function} of a contents page, without those whose plugin is not loaded."""
    names: Iterable[str] = contents.__all__
    functions = {name: getattr(contents, name) for name in names}
    return {
        name: function
        for name, function in functions.items()
        if not _needed(function) or plugin_loaded(_needed(function))
    }
