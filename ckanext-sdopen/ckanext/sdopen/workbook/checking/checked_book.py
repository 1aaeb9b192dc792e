"""The result of checking a book: what was read, and every finding at its cell."""

from dataclasses import dataclass, field
from datetime import date

from ckanext.sdopen.sheets.addresses import address
from ckanext.sdopen.standard import confidential
from ckanext.sdopen.standard.findings import ERROR, Finding
from ckanext.sdopen.standard.profiles import Profile
from ckanext.sdopen.workbook.messages import Note
from ckanext.sdopen.workbook.reading.layout import Layout


@dataclass(slots=True)
class PlacedFinding:
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
    findings: list[PlacedFinding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    earlier: dict[str, str] = field(default_factory=dict)

    @property
    def confidential(self) -> list[PlacedFinding]:
        """The findings of marks of secrecy."""
        return [placed for placed in self.findings if placed.finding.code in confidential.CODES]

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

    def place(self, placed: PlacedFinding) -> str:
        """Where a finding stands: 目录!B5."""
        return f"{self.sheets[placed.sheet]}!{address(placed.row, placed.column)}"

    def add(self, placed: PlacedFinding) -> None:
        """Keep a finding and count it for its block."""
        self.findings.append(placed)
        if placed.block < 0:
            return
        if placed.finding.severity == ERROR:
            self.blocks[placed.block].errors += 1
        else:
            self.blocks[placed.block].warnings += 1
