"""What of the lower steps is shown: subjects that are near the question, fixed for a query.

The set depends on the question and on what the caller may read, not on a page, its order or chosen
facets; so pages, counts and facets agree.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice

from ckanext.sdopen.search.clauses import kept_once
from ckanext.sdopen.search.ladder import TIER, Ladder
from ckanext.sdopen.search.meaning.neighbours import Neighbours
from ckanext.sdopen.search.tiers import nearness, steps

# a step whose entries may be about anything gives only what is near
_WIDE = frozenset({steps.RELATED, steps.FEWER, steps.AROUND, steps.ELSEWHERE, steps.ANY})
# steps that add nothing to others: entries without the place asked for, or by sound alone
_NEVER_BELOW = frozenset({steps.SOUND, steps.AROUND, steps.ELSEWHERE})
# what entries of near subjects are worth at most; by meaning less than by words
_BY_WORDS, _BY_MEANING = TIER * 0.9, TIER * 0.4
_EXACT = frozenset({steps.ENTRY, steps.NAMED, steps.WORDS})
# steps whose entries say the words of the question in some form
_SURE = _EXACT | {steps.PARTS, steps.SHORT}
# chosen on the judged queries: nearness by words of steps below, and of what a wide step keeps
_LEAST, _LEAST_KEPT = 0.7, 0.8
_MOST = 20
# of a wide step that has nothing near, what is nearest
_NEXT_BEST, _NEXT_MOST = 0.8, 5
# by meaning: (how many, how far behind the nearest, how far that stands out)
_BESIDE_SURE, _BESIDE_OTHERS = (3, 0.25, 5.5), (2, 0.1, 4.0)
_NONE = Neighbours()


@dataclass(frozen=True)
class Counted:
    """What a step finds: how many entries with those above it, and subjects of its own."""

    count: int
    subjects: Mapping[str, int]


@dataclass(frozen=True)
class Admitted:
    """The step that answers, how many entries it finds, the Lucene query, and near subjects."""

    step: str
    count: int
    query: str
    near: int = 0

    @property
    def exact(self) -> int:
        """How many entries hold the words, or bear the code."""
        return self.count if self.step in _EXACT else 0


def _any_subject(subjects: Mapping[str, float], most: float) -> str:
    """Entries of the subjects, worth their nearness."""
    worth = (f'title_subject:"{name}"^={near * most:.0f}' for name, near in subjects.items())
    return f"({' OR '.join(worth)})"


def _answering(ladder: Ladder, counted: Sequence[Counted], least: int) -> int:
    """The first step that finds enough, else the first that finds most."""
    before = 0
    for place, (step, found) in enumerate(zip(ladder.steps, counted, strict=True)):
        enough = found.count if step.name == steps.ENTRY else least
        if found.count >= enough and step.answers(found.count, before):
            return place
        before = found.count
    counts = [found.count for found in counted]
    return counts.index(max(counts))


def admitted(
    ladder: Ladder,
    counted: Sequence[Counted],
    least: int,
    neighbours: Neighbours = _NONE,
) -> Admitted:
    """What answers a question, and what is near it.

    Args:
        ladder: its steps.
        counted: what each step finds under the caller's labels.
        least: the setting `ckanext.sdopen.search.enough`.
        neighbours: the subjects nearest in meaning.
    """
    place = _answering(ladder, counted, least)
    name, count = ladder.steps[place].name, counted[place].count
    if name == steps.ENTRY or not ladder.question:
        return Admitted(name, count, ladder.query(name))
    own = set[str]().union(*(found.subjects for found in counted[: place + 1]))
    is_sure = bool(count) and name in _SURE
    meant = neighbours.near(*(_BESIDE_SURE if is_sure else _BESIDE_OTHERS))
    near, alike = _below(ladder, counted, place, own), _unlike(meant, own)
    clauses = [*near[1], *([_meant(ladder, alike)] if alike else [])]
    found = len(near[0]) + len(alike)
    if not count and clauses:
        name = steps.MEANING
    query = ladder.query(
        ladder.steps[place].name, _kept(ladder, counted, place, meant), " OR ".join(clauses)
    )
    return Admitted(name, count, query, found)


def _unlike(meant: Mapping[str, float], own: Set[str]) -> dict[str, float]:
    return {subject: worth for subject, worth in meant.items() if subject not in own}


def _meant(ladder: Ladder, alike: Mapping[str, float]) -> str:
    """Entries of subjects that mean the same, of the places asked for."""
    subjects = _any_subject(alike, _BY_MEANING)
    return f"({' AND '.join([*ladder.here, subjects])})" if ladder.here else subjects


def _compared(ladder: Ladder) -> int:
    """How often a word of the ladder may be sought: alternatives share what a question may cost."""
    return nearness.COMPARED // ladder.share


def _by_weight(counted: Sequence[Counted], but: Set[str]) -> list[str]:
    """The subjects that some steps find, those of most entries first."""
    weights: dict[str, int] = {}
    for found in counted:
        for name, count in found.subjects.items():
            if name not in but:
                weights[name] = max(count, weights.get(name, 0))
    return sorted(weights, key=lambda name: (-weights[name], name))


def _below(
    ladder: Ladder, counted: Sequence[Counted], place: int, own: Set[str]
) -> tuple[dict[str, float], list[str]]:
    """(near subjects of the steps below, the clause of their entries)."""
    below = [
        (step, found)
        for step, found in zip(ladder.steps[place + 1 :], counted[place + 1 :], strict=True)
        if step.name not in _NEVER_BELOW
    ]
    others = _by_weight([found for _, found in below], own)
    near = nearness.nearest(ladder.question, others, _LEAST, _MOST, _compared(ladder))
    if not near:
        return {}, []
    found = " OR ".join(kept_once(step.query) for step, _ in below)
    return near, [f"(({found})^=0 AND {_any_subject(near, _BY_WORDS)})"]


def _kept(
    ladder: Ladder, counted: Sequence[Counted], place: int, meant: Mapping[str, float]
) -> str:
    """What alone of its subjects a wide step gives; empty where it gives all."""
    if ladder.steps[place].name not in _WIDE or not counted[place].count:
        return ""
    above = set[str]().union(*(found.subjects for found in counted[:place]))
    own = _by_weight([counted[place]], above)
    nearest = nearness.nearest(ladder.question, own, 0.0, _MOST, _compared(ladder))
    near = {name: worth for name, worth in meant.items() if name in own}
    near |= {name: worth for name, worth in nearest.items() if worth >= _LEAST_KEPT}
    if not near:
        best = max(nearest.values(), default=0.0)
        few = islice(nearest.items(), _NEXT_MOST)
        near = {name: worth for name, worth in few if worth >= best * _NEXT_BEST}
    return _any_subject(near, _BY_WORDS) if near else ""
