"""Plugins: which are ours, and functions that count only where another plugin is loaded."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ckan.plugins import get_plugin, plugin_loaded

_OWN = ("sdopen", "sdopen_rdf")
F = TypeVar("F", bound=Callable[..., Any])


def is_ours(plugin: Any) -> bool:
    """Whether a plugin's object is one of this package's own, whatever others are called."""
    return any(plugin_loaded(name) and get_plugin(name) is plugin for name in _OWN)


def of_plugin(name: str) -> Callable[[F], F]:
    """Mark a function as chained to one of a plugin."""

    def mark(function: F) -> F:
        function.sdopen_needs = name  # type: ignore[attr-defined]
        return function

    return mark


def _needed(function: Any) -> str:
    return str(getattr(function, "sdopen_needs", ""))


def present(functions: Mapping[str, Any]) -> dict[str, Any]:
    """{name: function} without those whose plugin is not loaded."""
    return {
        name: function
        for name, function in functions.items()
        if not _needed(function) or plugin_loaded(_needed(function))
    }
