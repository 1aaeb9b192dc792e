"""A column of a published table, as an item of the catalog declares it or as it was guessed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

PURE = True

# digits that DECIMAL holds
_MOST_DIGITS = 38


class Kind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"


_SQL_TYPES: Mapping[Kind, str] = {
    Kind.TEXT: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.DATE: "DATE",
    Kind.DATETIME: "TIMESTAMP",
    Kind.BOOLEAN: "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column under the name that the DataStore's field bears.

    `length` counts characters of a text, digits of a number; `scale` the digits after its point;
    `codes` are the values that are allowed, all where there are none; `declared` says that an item
    of the catalog stands behind it.
    """

    name: str
    kind: Kind = Kind.TEXT
    length: int | None = None
    scale: int | None = None
    nullable: bool = True
    key: bool = False
    codes: tuple[str, ...] = ()
    title_en: str = ""
    description: str = ""
    unit: str = ""
    declared: bool = False

    @property
    def is_decimal(self) -> bool:
        """Whether its numbers are kept digit by digit."""
        if self.kind != Kind.NUMBER or self.scale is None or self.length is None:
            return False
        return self.scale <= self.length <= _MOST_DIGITS

    @property
    def sql_type(self) -> str:
        """The type of DuckDB that holds its values."""
        return f"DECIMAL({self.length},{self.scale})" if self.is_decimal else _SQL_TYPES[self.kind]

    def as_dict(self) -> dict[str, Any]:
        """The column as JSON holds it."""
        return {**asdict(self), "kind": str(self.kind), "codes": list(self.codes)}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Column":
        """The column of what `as_dict` gave, by this or an earlier release."""
        known = {field.name for field in fields(cls)}
        given = {name: value for name, value in kept.items() if name in known}
        given |= {"kind": Kind(kept["kind"]), "codes": tuple(kept.get("codes") or ())}
        return cls(**given)
