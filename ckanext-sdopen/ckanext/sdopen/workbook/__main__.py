"""The child that reads one book: `python -m ckanext.sdopen.workbook` < request."""

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import IO, Any

from ckanext.sdopen.sheets import confinement
from ckanext.sdopen.standard import profiles
from ckanext.sdopen.standard.limits import Limits
from ckanext.sdopen.workbook import child_process
from ckanext.sdopen.workbook.checking import report
from ckanext.sdopen.workbook.checking.check_book import examine
from ckanext.sdopen.workbook.checking.checked_book import Examined
from ckanext.sdopen.workbook.marking.annotate import annotate
from ckanext.sdopen.workbook.messages import as_book_errors
from ckanext.sdopen.workbook.reading.book_file import Book, open_book


def _write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")


def _examined(request: Mapping[str, Any], book: Book, entries: IO[str] | None) -> Examined:
    asked = request["profile"]
    profile = profiles.profile(asked["name"]).with_overrides(
        asked["severities"], Limits(**asked["limits"]), asked["code_pattern"]
    )

    def write_entry(number: int, entry: dict[str, Any]) -> None:
        if entries:
            line = {"block": number, "entry": entry}
            entries.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")

    return examine(book, profile, date.fromisoformat(request["day"]), write_entry)


def _finish_entries(folder: Path, result: Examined) -> None:
    """Add to each entry where it stands and whether it is sound, which only the end tells."""
    raw, path = folder / "read.jsonl", folder / child_process.ENTRIES

    def finished() -> Iterable[Mapping[str, Any]]:
        with raw.open(encoding="utf-8") as file:
            for line in file:
                read = json.loads(line)
                known = result.blocks[read["block"]]
                place = {"sheet": result.sheets[known.sheet], "row": known.first + 1}
                yield {"entry": read["entry"], **place, "errors": known.errors}

    _write_lines(path, finished())
    raw.unlink()


@as_book_errors()
def _done(request: Mapping[str, Any]) -> None:
    folder, lang = Path(request["folder"]), request["lang"]
    book = open_book(Path(request["book"]))
    with (folder / "read.jsonl").open("w", encoding="utf-8") as file:
        result = _examined(request, book, file if request["entries"] else None)
    _finish_entries(folder, result)
    # of a book with a mark of secrecy no copy is made
    if request["annotate"] and not result.confidential:
        annotate(book, result, folder / child_process.ANNOTATED, lang)
    summary = report.summary(result, lang)
    _write_lines(folder / child_process.FINDINGS, report.lines(result, lang))
    (folder / child_process.SUMMARY).write_text(json.dumps(summary, ensure_ascii=False), "utf-8")


def main() -> int:
    """Read the request from standard input, check the book, leave the result in its folder."""
    return confinement.serve(_done)


if __name__ == "__main__":
    sys.exit(main())
