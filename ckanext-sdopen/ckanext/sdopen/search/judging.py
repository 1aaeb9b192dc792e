"""Judged queries: what people ask and which entries answer; the figures of a search over them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

HEADER = ("query", "kind", "relevant", "note")
_TOP, _RETURNED = 10, 50


@dataclass(frozen=True)
class Judged:
    """A query, how it is put (short, partial, place, question, pinyin, typo, topical), its answers.

    `answers` are the tokens of the set's file: `subject:…`, `foshan:id`, `guizhou:row`.
    """

    query: str
    kind: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class SearchAnswer:
    """What a search returned: ids of the first entries, and how many it found in all."""

    ids: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Outcome:
    """One query with its first answer's place (0 for none among ten), and its precision."""

    judged: Judged
    place: int
    count: int
    precision: float | None


def load(path: Path) -> list[Judged]:
    """Read a judged set; ValueError names a line that is wrong."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if tuple(lines[0].split("\t")) != HEADER:
        raise ValueError(f"{path.name}: the header must be {' '.join(HEADER)}")
    judged = []
    for number, line in enumerate(lines[1:], start=2):
        cells = [*line.split("\t"), ""][: len(HEADER)]
        if len(cells) < 3 or not cells[0] or not cells[2].split():
            raise ValueError(f"{path.name}: line {number} lacks its query or its answers")
        judged.append(Judged(cells[0], cells[1], tuple(cells[2].split())))
    return judged


def judge(
    queries: Iterable[Judged],
    resolve: Callable[[str], Iterable[str]],
    search: Callable[[str], SearchAnswer],
) -> list[Outcome]:
    """Ask every query; `resolve` leads from a token of the set to the ids of its entries."""
    outcomes = []
    for judged in queries:
        relevant = {entry for token in judged.answers for entry in resolve(token)}
        if not relevant:
            raise ValueError(f"no entry answers {judged.query!r}: {' '.join(judged.answers)}")
        found = search(judged.query)
        hits = [entry in relevant for entry in found.ids[:_RETURNED]]
        place = hits[:_TOP].index(True) + 1 if any(hits[:_TOP]) else 0
        precision = sum(hits) / len(hits) if hits else None
        outcomes.append(Outcome(judged, place, found.count, precision))
    return outcomes


def figures(outcomes: Iterable[Outcome]) -> Mapping[str, float]:
    """success@10, share of queries without any hit, and mean precision of those with hits."""
    listed = list(outcomes)
    precise = [outcome.precision for outcome in listed if outcome.precision is not None]
    return {
        "queries": len(listed),
        "success_at_10": round(sum(o.place > 0 for o in listed) / len(listed), 3),
        "zero_hit": round(sum(o.count == 0 for o in listed) / len(listed), 3),
        "precision": round(sum(precise) / len(precise), 3) if precise else 0.0,
    }
