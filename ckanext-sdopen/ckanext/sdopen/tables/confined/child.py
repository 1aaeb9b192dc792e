"""What the child does: it makes a version, or compares two."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ckanext.sdopen.sheets.confinement import Refusal, say
from ckanext.sdopen.tables.comparing.compare import compare
from ckanext.sdopen.tables.confined import told
from ckanext.sdopen.tables.findings.sentences import TableError
from ckanext.sdopen.tables.making.make import make

# what Python says where there is no room for the stack of a thread
_NO_THREAD = "can't start new thread"


class _Refused(Refusal):
    """An error of tables, which the parent raises again."""

    def __init__(self, error: TableError) -> None:
        super().__init__(error.code)
        self.code, self.params = error.code, error.params


def work(request: dict[str, Any]) -> Any:
    """Do what is asked; a TableError ends it as a refusal."""
    try:
        return _WORK[request["what"]](request)
    except TableError as error:
        raise _Refused(error) from None
    except RuntimeError as error:
        if str(error) == _NO_THREAD:
            raise MemoryError from None
        raise


def _watch(share: float) -> None:
    say(share)


def _make(request: Mapping[str, Any]) -> Any:
    made = make(
        Path(request["path"]),
        told.asked(request["asked"]),
        Path(request["part"]),
        Path(request["found"]),
        told.limits(request["limits"]),
        _watch,
    )
    return told.made_told(made)


def _compare(request: Mapping[str, Any]) -> Any:
    old, new = (told.side(request[name]) for name in ("old", "new"))
    target, limits = Path(request["target"]), told.limits(request["limits"])
    return compare(old, new, target, request["most"], limits, _watch)


_WORK: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {"make": _make, "compare": _compare}
