"""A file as it is ordered: which version and columns, which form, which question."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ckan import model

from ckanext.sdopen.language import language
from ckanext.sdopen.table_publishing import totals
from ckanext.sdopen.table_publishing.giving import asked, found, kept
from ckanext.sdopen.table_publishing.giving.asked import Asked
from ckanext.sdopen.table_publishing.giving.found import Found

CSV, XLSX, XML, GEOJSON = "csv", "xlsx", "xml", "geojson"
# tells of its entry and has headings in a language
_SPOKEN = (XLSX,)


@dataclass(frozen=True)
class Order:
    """A file of a table; `given` are the parameters that it was asked with."""

    found: Found
    form: str
    given: tuple[tuple[str, str], ...]
    question: Asked

    @property
    def tag(self) -> str:
        """What tells its content from all others."""
        version = self.found.version
        columns = json.dumps([column.name for column in version.columns])
        others = [pair for pair in self.given if not asked.is_ours(pair[0])]
        said = json.dumps([self.question.normalised, sorted(others)], sort_keys=True)
        told = json.dumps(self._told) if self.form in _SPOKEN else ""
        return kept.etag(version.hash, self.form, columns, said, told)

    @property
    def _told(self) -> list[str]:
        """What of its entry a workbook tells, and in which language."""
        found, entry = self.found, self.found.entry
        provider = model.Group.get(entry.owner_org) if entry.owner_org else None
        named = (found.name, found.title, entry.id, entry.name, entry.title)
        by = (provider.name, provider.title) if provider else ()
        return [str(part) for part in (language(), entry.metadata_modified, *named, *by)]

    @property
    def is_whole(self) -> bool:
        """Whether all rows and columns are asked for, in the table's own order."""
        question = self.question
        is_narrowed = any(question.narrowing.values()) or question.sort
        return not is_narrowed and len(question.columns) == len(self.found.version.columns)

    @property
    def name(self) -> str:
        """The name under which the made file is kept."""
        return f"{self.found.version.hash}-{self.tag}.{self.form}"

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return totals.total(self.found.version, self.question.narrowing)

    @property
    def payload(self) -> dict[str, Any]:
        """What a job needs to know to make it."""
        version = self.found.version
        pairs = [list(pair) for pair in self.given]
        return {"table": version.table, "hash": version.hash, "form": self.form, "given": pairs}


def of(table: Found, form: str, given: Sequence[tuple[str, str]] = ()) -> Order:
    """The order of a file.

    Raises:
        ValidationError: a parameter is wrong.
    """
    return Order(table, form, tuple(given), asked.of(given, table.version.columns))


def of_payload(payload: dict[str, Any]) -> Order:
    """The order of a job, as its table is now.

    Raises:
        ObjectNotFound: there is no such version any more.
        ValidationError: its table has not the columns any more.
    """
    table = found.held(payload["table"], payload["hash"])
    return of(table, payload["form"], [(name, value) for name, value in payload["given"]])
