"""What a load saw: its figures, and which promise they break."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckanext.sdopen.bench.load.asking import NO_ANSWER, SHARES, Seen

BUSY = 503
# seconds between two looks at the memory
LOOKS_EVERY = 2.0
# a static file and the health page wait for nobody's work, though for the processor
_AT_ONCE, _AT_ONCE_WITHIN = ("static", "health"), 1.0
_HOME_WITHIN = 1.0
_MEMORY_GROWS = 0.15


@dataclass
class Load:
    """What a run saw: the answers, the memory of the web processes in MB, home after it."""

    answers: list[Seen] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    home_after: float = 0.0

    def figures(self) -> dict[str, Any]:
        """The figures of a run."""
        by_kind: dict[str, list[Seen]] = defaultdict(list)
        for seen in self.answers:
            by_kind[seen.kind].append(seen)
        return {
            "requests": len(self.answers),
            "kinds": {kind: _of(by_kind[kind]) for kind in SHARES if by_kind[kind]},
            "statuses": dict(sorted(Counter(seen.status for seen in self.answers).items())),
            "home_after_ms": round(self.home_after * 1000),
            "memory_mb": [round(held) for held in _ends(self.memory)],
            "memory_mb_per_minute": round(self.slope(), 1),
            "wrong": self.wrong(),
        }

    def slope(self) -> float:
        """MB that the memory grew in a minute, by the line that fits best, after the warm-up."""
        held = self.memory[len(self.memory) // 4 :]
        if len(held) < 2:
            return 0.0
        seconds = [number * LOOKS_EVERY for number in range(len(held))]
        return statistics.linear_regression(seconds, held).slope * 60

    def wrong(self) -> list[str]:
        """What breaks a promise, in words; nothing where all are kept."""
        found = []
        failed = [s for s in self.answers if s.status == NO_ANSWER or s.status >= 500]
        failed = [s for s in failed if s.status != BUSY or not s.says_when]
        if failed:
            kinds = Counter(f"{seen.kind} {seen.status}" for seen in failed)
            found.append(f"{len(failed)} failed: {dict(kinds)}")
        if self.home_after > _HOME_WITHIN:
            found.append(f"home after the load takes {self.home_after:.1f} s")
        for kind in _AT_ONCE:
            waited = _of([seen for seen in self.answers if seen.kind == kind]).get("p95_ms", 0)
            if waited > _AT_ONCE_WITHIN * 1000:
                found.append(f"{kind} took {waited} ms (p95)")
        first, last = _ends(self.memory) or (0.0, 0.0)
        if last > first * (1 + _MEMORY_GROWS):
            found.append(f"memory grew from {first:.0f} to {last:.0f} MB")
        return found


def _of(seen: Sequence[Seen]) -> dict[str, Any]:
    """Counts and milliseconds of the answers of a kind; the times are of those that were served."""
    served = sorted(one.seconds for one in seen if one.status not in (NO_ANSWER, BUSY))
    statuses = dict(sorted(Counter(one.status for one in seen).items()))
    counts: dict[str, Any] = {"asked": len(seen), "sent_away": statuses.get(BUSY, 0)}
    counts["statuses"] = statuses
    if len(served) < 2:
        return counts
    cuts = statistics.quantiles(served, n=20)
    times = {"median_ms": cuts[9], "p95_ms": cuts[18], "max_ms": served[-1]}
    return counts | {name: round(seconds * 1000) for name, seconds in times.items()}


def _ends(memory: Sequence[float]) -> tuple[float, float] | tuple[()]:
    """The medians of the second quarter, when all is warm, and of the last one."""
    if len(memory) < 8:
        return ()
    quarter = len(memory) // 4
    warm, last = memory[quarter : 2 * quarter], memory[-quarter:]
    return statistics.median(warm), statistics.median(last)


def table(figures: Mapping[str, Any]) -> list[str]:
    """The figures as lines."""
    columns = ("asked", "sent_away", "median_ms", "p95_ms", "max_ms")
    lines = [f"{'':10}" + "".join(f"{name:>11}" for name in columns) + "  statuses"]
    for kind, row in figures["kinds"].items():
        cells = "".join(f"{row.get(name, ''):>11}" for name in columns)
        lines.append(f"{kind:10}{cells}  {row['statuses']}")
    for name in ("statuses", "home_after_ms", "memory_mb", "memory_mb_per_minute"):
        lines.append(f"{name}: {figures[name]}")
    return lines + [f"WRONG: {what}" for what in figures["wrong"]]
