"""Of which rows and columns a question is asked: what is hidden is not there for it."""

from dataclasses import dataclass
from typing import Any

from ckanext.sdopen.tables.query import filters
from ckanext.sdopen.tables.query.known import ID, Known, Piece, joined, quoted


@dataclass(frozen=True)
class Source:
    """The visible columns of a version, and the filter of its rows that comes before all else."""

    columns: Known
    row_filter: tuple[Piece, ...] = ()

    @classmethod
    def of(cls, columns: Any, hidden: Any, row_filter: Any) -> "Source":
        """From JSON; the row filter may name hidden columns, a question may not.

        Raises:
            QueryError: one of them has another form.
        """
        visible, others = Known.of(columns), Known.of(hidden, "hidden")
        every = Known(visible.columns + others.columns)
        return cls(visible, filters.conditions(row_filter, every, "row_filter"))

    def innermost(self, path: str) -> Piece:
        """The subquery of a file in which only what is visible can be named.

        Gaps in `_id` would tell of rows that are hidden, so the others are numbered anew; a file
        is read in its order, of which the numbers are a running count.
        """
        shown = ", ".join(quoted(column.name) for column in self.columns.columns)
        number = f"row_number() OVER () AS {quoted(ID)}" if self.row_filter else quoted(ID)
        names = ", ".join(filter(None, [number, shown]))
        select = f"SELECT {names} FROM read_parquet(?)"  # noqa: S608  declared names
        whole = joined(self.row_filter, " AND ")
        where = f" WHERE {whole.sql}" if self.row_filter else ""
        return Piece(f"({select}{where}) AS t", (path, *whole.values))
