"""The columns that an asker may know of, and the one way in which a name gets into SQL."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ckanext.sdopen.tables.query import shapes
from ckanext.sdopen.tables.query.refusals import BadQuery, UnknownColumn

ID = "_id"
TEXT, INTEGER, NUMBER, DATE, MOMENT, TRUTH = KINDS = (
    "text",
    "integer",
    "number",
    "date",
    "datetime",
    "boolean",
)
NUMBERS = (INTEGER, NUMBER)
DATES = (DATE, MOMENT)
# more columns are no table
MOST = 4000


class Column(NamedTuple):
    """A column by its name in the file, its kind, and its English name where it has one."""

    name: str
    kind: str
    also: str = ""


def quoted(name: str) -> str:
    """A declared name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


class Piece(NamedTuple):
    """A piece of SQL and the values bound in it, in their order."""

    sql: str
    values: tuple[Any, ...] = ()


def joined(pieces: Iterable[Piece], between: str) -> Piece:
    """Pieces side by side."""
    found = list(pieces)
    values = tuple(value for piece in found for value in piece.values)
    return Piece(between.join(piece.sql for piece in found), values)


@dataclass(frozen=True)
class Known:
    """The columns of a table; hidden ones are not among them."""

    columns: tuple[Column, ...]

    @classmethod
    def of(cls, given: Any, where: str = "columns") -> "Known":
        """From `[{"name", "kind", "also"?}, …]`.

        Raises:
            BadQuery: it has another form.
        """
        columns = []
        for place, one in enumerate(shapes.listed(given, where, MOST)):
            here = f"{where}[{place}]"
            found = shapes.with_keys(one, here, ("name", "kind", "also"))
            kind = shapes.word(found.get("kind"), f"{here}.kind", KINDS)
            name = shapes.text(found.get("name"), f"{here}.name")
            if not name or "\0" in name or name.casefold() == ID:
                raise BadQuery("unknown_word", f"{here}.name", given=name, known="…")
            columns.append(Column(name, kind, shapes.text(found.get("also", ""), f"{here}.also")))
        return cls(tuple(columns))

    def column(self, given: Any, where: str) -> Column:
        """The column of a Chinese or English name; `_id` is one of whole numbers.

        Raises:
            UnknownColumn: there is none.
        """
        if given == ID:
            return Column(ID, INTEGER)
        found = self._by_name().get(given) if isinstance(given, str) else None
        if found is None:
            raise UnknownColumn("unknown_column", where, given=given)
        return found

    def _by_name(self) -> Mapping[str, Column]:
        english = {column.also: column for column in self.columns if column.also}
        return english | {column.name: column for column in self.columns}

    def texts(self) -> tuple[Column, ...]:
        """The columns of text."""
        return tuple(column for column in self.columns if column.kind == TEXT)
