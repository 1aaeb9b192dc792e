"""The account of a table that was read: what was found, left out, changed, and what is doubtful."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ckanext.sdopen.sheets.messages import say

# numbers of rows that are kept of those that were left out for one reason
KEPT_NUMBERS = 100


@dataclass(frozen=True)
class Remark:
    """A sentence about a table or its file: its code, without `note_`, and its parameters."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self, lang: str) -> str:
        """The remark in a language."""
        return say(f"note_{self.code}", lang, **self.params)


@dataclass
class RowNumbers:
    """How many rows, and the numbers of the first of them."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, number: int) -> None:
        """Count one more row."""
        self.count += 1
        if len(self.first) < KEPT_NUMBERS:
            self.first.append(number)

    def __str__(self) -> str:
        shown = "、".join(str(number) for number in self.first[:10])
        return shown + "…" * (self.count > len(self.first[:10]))


@dataclass(frozen=True)
class Account:
    """How a table was read. Rows count from 1 as in the source.

    `header_row` is 0 where there is none; `places` are those of the columns in a row of the source,
    from 0; `skipped` names rows by reason: blank, header, total,
    remark, long; `renamed` is {name: heading} of headings that stood there twice or not at all.
    """

    format: str
    encoding: str = ""
    delimiter: str = ""
    member: str = ""
    sheet: str = ""
    rows: int = 0
    columns: tuple[str, ...] = ()
    header_row: int = 0
    header_rows: int = 0
    title_rows: tuple[str, ...] = ()
    skipped: Mapping[str, RowNumbers] = field(default_factory=dict)
    empty_columns: tuple[str, ...] = ()
    merged_cells: int = 0
    renamed: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    places: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The account as plain JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "Account":
        """The account of plain JSON."""
        tuples = ("columns", "title_rows", "empty_columns", "places")
        return cls(
            **{
                **plain,
                **{name: tuple(plain.get(name, ())) for name in tuples},
                "skipped": {name: RowNumbers(**one) for name, one in plain["skipped"].items()},
                "remarks": tuple(Remark(**one) for one in plain["remarks"]),
            }
        )
