"""The child that reads one book: `python -m ckanext.sdopen.catalog.workbook` < request."""

import gc
import json
import os
import resource
import sys
import traceback
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from ckanext.sdopen.catalog import profiles
from ckanext.sdopen.catalog.limits import Limits
from ckanext.sdopen.catalog.workbook import confined, report
from ckanext.sdopen.catalog.workbook.annotate import annotate
from ckanext.sdopen.catalog.workbook.examine import examine
from ckanext.sdopen.catalog.workbook.examined import Examined
from ckanext.sdopen.catalog.workbook.intake import Book, open_book
from ckanext.sdopen.catalog.workbook.messages import BookError

_MIB = 1 << 20
# more than any annotated copy of a book within the limits
_LARGEST_FILE = 2 << 30


def _confine(bounds: Mapping[str, int]) -> None:
    memory, seconds = bounds["memory_mb"] * _MIB, bounds["seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)


def _hook(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    """Where it failed, without the message: it may quote the book."""
    frames = traceback.extract_tb(trace)
    sys.stderr.write(f"{kind.__name__}\n" + "".join(f"{f.filename}:{f.lineno}\n" for f in frames))
    if issubclass(kind, MemoryError):
        sys.stderr.flush()
        os._exit(confined.OUT_OF_MEMORY)


def _write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")


def _examined(request: Mapping[str, Any], book: Book, entries: IO[str] | None) -> Examined:
    asked = request["profile"]
    profile = profiles.profile(asked["name"]).with_overrides(
        asked["severities"], Limits(**asked["limits"]), asked["code_pattern"]
    )

    def keep(number: int, entry: dict[str, Any]) -> None:
        if entries:
            line = {"block": number, "entry": entry}
            entries.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")

    return examine(book, profile, date.fromisoformat(request["day"]), keep)


def _finish_entries(folder: Path, result: Examined) -> None:
    """Add to each entry where it stands and whether it is sound, which only the end tells."""
    raw, path = folder / "read.jsonl", folder / confined.ENTRIES

    def finished() -> Iterable[Mapping[str, Any]]:
        with raw.open(encoding="utf-8") as file:
            for line in file:
                read = json.loads(line)
                known = result.blocks[read["block"]]
                place = {"sheet": result.sheets[known.sheet], "row": known.first + 1}
                yield {"entry": read["entry"], **place, "errors": known.errors}

    _write_lines(path, finished())
    raw.unlink()


def _done(request: Mapping[str, Any], folder: Path) -> None:
    lang = request["lang"]
    book = open_book(Path(request["book"]))
    with (folder / "read.jsonl").open("w", encoding="utf-8") as file:
        result = _examined(request, book, file if request["entries"] else None)
    _finish_entries(folder, result)
    # of a book with a mark of secrecy no copy is made
    if request["annotate"] and not result.confidential:
        annotate(book, result, folder / confined.ANNOTATED, lang)
    summary = report.summary(result, lang)
    _write_lines(folder / confined.FINDINGS, report.lines(result, lang))
    (folder / confined.SUMMARY).write_text(json.dumps(summary, ensure_ascii=False), "utf-8")


def main() -> int:
    """Read the request from standard input, check the book, leave the result in its folder."""
    sys.excepthook = _hook
    # a short life with few cycles: looking for them costs a fifth of the time
    gc.disable()
    request = json.loads(sys.stdin.read())
    folder = Path(request["folder"])
    _confine(request["bounds"])
    try:
        _done(request, folder)
    except BookError as error:
        told = {"error": error.code, "params": {k: str(v) for k, v in error.params.items()}}
        (folder / confined.SUMMARY).write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        return confined.UNREADABLE
    return confined.DONE


if __name__ == "__main__":
    sys.exit(main())
