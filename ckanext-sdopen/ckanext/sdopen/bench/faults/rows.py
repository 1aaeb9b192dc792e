"""What an outage came to, and the table of all."""

from collections.abc import Sequence
from dataclasses import dataclass

from ckanext.sdopen.bench.faults.cases import Case
from ckanext.sdopen.bench.faults.load import HEALTH, REFUSED, SAVED, STATIC, Answer, Load, p95

_HEADS = ("part and fault", "answered", "notice", "503", "5xx", "none", "p95 s", "longest")
_MORE = ("health", "static", "healed s", "saved", "refused", "other", "lost", "untrue")
_WIDTHS = (20, 10, 7, 5, 5, 5, 6, 8, 7, 7, 9, 6, 8, 6, 5, 7)


@dataclass(frozen=True)
class Row:
    """What a fault came to; waits are in seconds.

    Of the pages that were `asked` or waited for, `answered` came, `noticed` of those with a
    notice; `unavailable` were 503, `failed` another status, `silent` are those without an answer
    within ten seconds. `health` and `static` are 95th percentiles as `p95` is; `broken` counts
    static files that did not come. `healed` is None where the portal has not healed.

    Of the saves from the beginning of the fault until the portal was well, `saved` were
    acknowledged, `refused` by 503, `other` neither; `lost` counts entries that stand there without
    the last one acknowledged, `untrue` saves that were refused and yet written.
    """

    case: Case
    asked: int
    answered: int
    noticed: int
    unavailable: int
    failed: int
    silent: int
    p95: float
    longest: float
    health: float
    static: float
    broken: int
    healed: float | None
    saved: int
    refused: int
    other: int
    lost: int
    untrue: int

    def figures(self) -> dict[str, object]:
        """The row for a report."""
        kept = {name: value for name, value in vars(self).items() if name != "case"}
        return {"part": self.case.part, "what": self.case.what, **kept}

    def cells(self) -> list[str]:
        """The row for the table."""
        waits = f"{self.p95:.2f}", f"{self.longest:.1f}", f"{self.health:.2f}"
        static = f"{self.static:.2f}" if not self.broken else f"{self.broken} not"
        healed = "not" if self.healed is None else f"{self.healed:.1f}"
        statuses = self.noticed, self.unavailable, self.failed, self.silent
        saves = self.saved, self.refused, self.other, self.lost, self.untrue
        pages = f"{self.answered}/{self.asked}", *map(str, statuses)
        return [str(self.case), *pages, *waits, static, healed, *map(str, saves)]


def _waits(answers: Sequence[Answer], page: str) -> float:
    return round(p95([one.seconds for one in answers if one.page == page]), 3)


def row(case: Case, load: Load, during: Sequence[Answer], healed: float | None) -> Row:
    """The row of a load that has ended.

    Args:
        case: what happened.
        load: what was asked and saved.
        during: the answers to what was asked during the fault.
        healed: seconds.
    """
    pages = [one for one in during if one.page not in (HEALTH, STATIC)]
    waits = [one.seconds for one in pages]
    statuses = [one.status for one in pages]
    counts = {status: len(saves) for status, saves in load.saves.items()}
    return Row(
        case=case,
        asked=len(pages),
        answered=statuses.count(200),
        noticed=sum(one.good and one.noticed for one in pages),
        unavailable=statuses.count(503),
        failed=sum(status not in (0, 200, 503) for status in statuses),
        silent=statuses.count(0),
        p95=round(p95(waits), 2),
        longest=round(max(waits, default=0.0), 1),
        health=_waits(during, HEALTH),
        static=_waits(during, STATIC),
        broken=sum(one.page == STATIC and not one.good for one in during),
        healed=healed,
        saved=counts.get(SAVED, 0),
        refused=counts.get(REFUSED, 0),
        other=sum(counts.values()) - counts.get(SAVED, 0) - counts.get(REFUSED, 0),
        lost=load.lost(),
        untrue=load.untrue(),
    )


def table(rows: Sequence[Row]) -> str:
    """The rows as lines of a table."""
    lines = [(*_HEADS, *_MORE), *(one.cells() for one in rows)]
    return "\n".join(
        "".join(
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, _WIDTHS, strict=True))
        )
        for line in lines
    )
