"""What a function or a file of another package is made of, as a hash.

Of a function its source without comments, docstring and blank lines, of a file its lines.
"""

import ast
import hashlib
import inspect
import io
import pkgutil
import tokenize
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

MISSING = "missing"
# nothing under the name, no source of it, or another one than was loaded: an upgrade is under way
_TROUBLE = (ImportError, AttributeError, OSError, TypeError, SyntaxError, ValueError)


def _bare(source: str) -> str:
    """A source without what changes nothing of what it does; the same in every Python."""
    # a method stands indented, its texts perhaps less
    source = f"if 1:\n{source}" if source[:1].isspace() else source
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    found = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef))
    function = next(found, None)
    if function is not None and ast.get_docstring(function, clean=False) is not None:
        docstring = function.body[0]
        lines[docstring.lineno - 1 : docstring.end_lineno] = []
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _layers(function: Callable[..., Any]) -> Iterator[Any]:
    """The code of a function, and of those that it wraps: a patch wraps, too."""
    layer: Any = function
    while layer is not None:
        yield layer.__code__
        layer = getattr(layer, "__wrapped__", None)


def _parts(name: str) -> list[str]:
    package, _, path = name.partition(":/")
    if path:
        return files(package).joinpath(path).read_text(encoding="utf-8").splitlines()
    found = pkgutil.resolve_name(name)
    return [_bare(inspect.getsource(code)) for code in _layers(found)]


def source_hash(name: str) -> str:
    """The hash of what stands under a name: `package.module:Class.method` or `package:/file`.

    MISSING where there is nothing, or where its source is not installed or cannot be read.
    """
    try:
        parts = _parts(name)
    except (*_TROUBLE, tokenize.TokenError):
        return MISSING
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def exists(name: str) -> bool:
    """Whether something stands under a name, `package.module:object.attribute`."""
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True
