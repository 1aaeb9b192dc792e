"""What the guard costs a request: processor time with its layers around the portal and without.

The application is called in this process, so the front door and the parts behind take no part.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ckan.cli import load_config
from ckan.config.middleware import make_app
from werkzeug.test import Client

from ckanext.sdopen.guard.headers import Headers
from ckanext.sdopen.guard.requests import action_guard, bounds
from ckanext.sdopen.guard.serving.permits import Permitted

_EACH = 5
_WARM = 5


def _straight(layer: Any, environ: Any, start_response: Any) -> Any:
    return layer._app(environ, start_response)


def _nothing(*given: Any) -> None:
    """Look at nothing."""


_LAYERS: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
    (Permitted, "__call__", _straight),
    (Headers, "__call__", _straight),
    (bounds, "refuse_long_head", _nothing),
    (bounds, "bound_body", _nothing),
    (action_guard, "refuse_flawed", _nothing),
    (action_guard, "refuse_wrong_kinds", _nothing),
)


@contextmanager
def _without() -> Iterator[None]:
    """The same application without the layers."""
    own = [(owner, name, getattr(owner, name)) for owner, name, _ in _LAYERS]
    for owner, name, instead in _LAYERS:
        setattr(owner, name, instead)
    try:
        yield
    finally:
        for owner, name, function in own:
            setattr(owner, name, function)


def _spent(client: Client, path: str, times: int = _EACH) -> float:
    """Milliseconds of the processor a request."""
    began = time.thread_time()
    for _ in range(times):
        answer = client.get(path)
        if answer.status_code != 200:
            raise ValueError(f"{path}: {answer.status}")
        answer.get_data()
    return (time.thread_time() - began) * 1000 / times


def _paths(client: Client) -> dict[str, str]:
    search = "/api/3/action/package_search?rows=20"
    name = client.get(search).get_json()["result"]["results"][0]["name"]
    show = f"/api/3/action/package_show?id={name}"
    return {"home": "/", "list": "/dataset/", "package_search": search, "package_show": show}


def measure(ini: str, rounds: int) -> dict[str, dict[str, float]]:
    """{page: CPU-ms a request with the guard and without, and the difference}: medians.

    Args:
        ini: the settings of a portal whose parts run.
        rounds: how often both are taken, by turns.
    """
    client, figures = Client(make_app(load_config(ini))), {}
    for page, path in _paths(client).items():
        _spent(client, path, _WARM)
        pairs = []
        for _ in range(rounds):
            with _without():
                without = _spent(client, path)
            pairs.append((_spent(client, path), without))
        with_ms, without_ms = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
        figures[page] = {
            "with_ms": round(with_ms, 2),
            "without_ms": round(without_ms, 2),
            "guard_ms": round(statistics.median(a - b for a, b in pairs), 2),
        }
    return figures
