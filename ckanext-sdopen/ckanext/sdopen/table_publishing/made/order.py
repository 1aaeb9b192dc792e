"""A file as it is ordered: which version and columns, which form, which question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
        columns = "\n".join(column.name for column in version.columns)
        said = "\n".join("=".join(pair) for pair in self.given)
        told = ""
        if self.form in _SPOKEN:
            told = f"{self.found.entry.metadata_modified} {language()}"
        return kept.etag(version.hash, self.form, columns, said, told)

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
