"""The result of checking a book: what was read, and every finding at its cell."""

from dataclasses import dataclass, field
from datetime import date

from ckanext.sdopen.catalog import confidential
from ckanext.sdopen.catalog.findings import ERROR, Finding
from ckanext.sdopen.catalog.profiles import Profile
from ckanext.sdopen.catalog.workbook.addresses import address
from ckanext.sdopen.catalog.workbook.layout import Layout
from ckanext.sdopen.catalog.workbook.messages import Note


@dataclass(slots=True)
class Told:
    """One finding at its cell: sheet by position, row and column from 0; block -1 for none."""

    finding: Finding
    sheet: int
    row: int
    column: int
    block: int


@dataclass(slots=True)
class Known:
    """What is kept of a block: where it stands, what names it, how it fared."""

    sheet: int
    first: int
    last: int
    code: str
    title: str
    item_rows: tuple[int, ...]
    errors: int = 0
    warnings: int = 0
    secret: bool = False


@dataclass
class Examined:
    """The result: sheets by position, layouts of those that were read, blocks, findings, notes.

    `earlier` names the sheets that an earlier check left: {sheet_summary or sheet_findings: name}.
    """

    profile: Profile
    day: date
    sheets: list[str] = field(default_factory=list)
    layouts: dict[int, Layout] = field(default_factory=dict)
    blocks: list[Known] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    earlier: dict[str, str] = field(default_factory=dict)

    @property
    def confidential(self) -> list[Told]:
        """The findings of marks of secrecy."""
        return [told for told in self.told if told.finding.code in confidential.CODES]

    @property
    def items(self) -> int:
        """How many items were read."""
        return sum(len(block.item_rows) for block in self.blocks)

    @property
    def faulty(self) -> int:
        """How many catalogs have errors."""
        return sum(block.errors > 0 for block in self.blocks)

    @property
    def warned(self) -> int:
        """How many catalogs have warnings only."""
        return sum(block.warnings > 0 and not block.errors for block in self.blocks)

    def place(self, told: Told) -> str:
        """Where a finding stands: 目录!B5."""
        return f"{self.sheets[told.sheet]}!{address(told.row, told.column)}"

    def tell(self, told: Told) -> None:
        """Keep a finding and count it for its block."""
        self.told.append(told)
        if told.block < 0:
            return
        if told.finding.severity == ERROR:
            self.blocks[told.block].errors += 1
        else:
            self.blocks[told.block].warnings += 1
