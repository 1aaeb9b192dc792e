"""Entries from a department's workbook of the official form: `input.format: workbook`.

The book is checked as `scripts/harvest check` does; catalogs with errors are rejected, each with
its cells. The identity of an entry is its 信息资源代码.
"""

import datetime
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.harvest.messages import HarvestError, UsageError, language
from ckanext.sdopen.harvest.reading.mapping import Entry
from ckanext.sdopen.harvest.reading.row_findings import Finding
from ckanext.sdopen.harvest.reading.source import Source
from ckanext.sdopen.standard import profiles
from ckanext.sdopen.workbook.child_process import Checked, Request, check_book
from ckanext.sdopen.workbook.messages import BookError

# (sheet, row) of a catalog
_Place = tuple[str, int]


def gather(source: Source) -> tuple[list[Entry], int, list[Finding]]:
    """(entries, how many catalogs the book holds, remarks on the book).

    Raises:
        HarvestError: the book cannot be read, or bears a mark of secrecy.
        UsageError: the source names a legal profile that is not there.
    """
    try:
        profile = profiles.profile(source.input.profile)
    except SdopenError as error:
        raise UsageError("book_profile", detail=error) from None
    today = datetime.datetime.now().astimezone().date()
    request = Request(source.path, profile, today, language(), entries=True)
    with tempfile.TemporaryDirectory(prefix="sdopen-book-") as folder:
        try:
            checked = check_book(request, Path(folder))
        except BookError as error:
            raise HarvestError("book_unread", detail=error.sentence(language())) from None
        secret = checked.confidential()
        if secret:
            raise HarvestError("book_unread", detail=secret.sentence(language()))
        found = _findings(checked)
        entries = [_entry(read, found, source) for read in checked.entries()]
        notes = [
            Finding("book_note", params={"message": note["message"]})
            for note in checked.summary["notes"]
        ]
    return entries, checked.summary["catalogs"], notes


def _findings(checked: Checked) -> dict[_Place, list[dict[str, Any]]]:
    found: dict[_Place, list[dict[str, Any]]] = defaultdict(list)
    for line in checked.findings():
        found[(line["sheet"], line["row"])].append(line)
    return found


def _entry(
    read: dict[str, Any], found: dict[_Place, list[dict[str, Any]]], source: Source
) -> Entry:
    row, payload = read["row"], dict(read["entry"])
    provider = str(payload.pop("owner_org", ""))
    for name in ("type", "source_id", "source_key"):
        payload.pop(name, None)
    for name, value in source.constants.items():
        payload.setdefault(name, list(value) if isinstance(value, tuple) else value)
    key, title = str(payload.get("resource_code", "")), str(payload.get("title", ""))
    findings = tuple(
        Finding(
            f"book_{line['severity']}",
            row,
            key,
            {"cell": f"{line['sheet']}!{line['cell']}", "message": line["message"]},
        )
        for line in found.get((read["sheet"], row), ())
    )
    rejected = bool(read["errors"]) or not key or not provider
    return Entry(row, key, title or key, provider, payload, findings, rejected)
