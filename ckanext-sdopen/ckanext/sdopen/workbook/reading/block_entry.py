"""What becomes of a block: the entry, and what only its cells tell."""

from dataclasses import dataclass, field
from typing import Any

from ckanext.sdopen.standard.findings import Finding

# a finding, its row and its column, from 0
Located = tuple[Finding, int, int]


@dataclass
class Built:
    """An entry, the rows of its items, and findings that only the cells tell.

    `dropped` are positions whose values the resource code makes needless.
    """

    entry: dict[str, Any]
    item_rows: list[int]
    findings: list[Located] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
