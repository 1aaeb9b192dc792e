"""The ladder: a query as a series of Lucene queries, from the exact to the wide.

One step answers a query: the first that finds enough. A step also brings what the steps above it
found, ranked above its own.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ckanext.sdopen import codes
from ckanext.sdopen.search import analysis
from ckanext.sdopen.search.clauses import (
    NAMING,
    all_of,
    any_of,
    contains,
    in_parts,
    loose,
    phrase,
    said,
    short_form,
    tokens_of,
    widened,
)
from ckanext.sdopen.search.sounds import Sounds, sounding
from ckanext.sdopen.search.synonyms import Synonyms
from ckanext.sdopen.search.text import characters, is_chinese, pairs, runs

NAMED, WORDS, PARTS, SHORT, SOUND, RELATED, FEWER, AROUND, ELSEWHERE, ANY = STEPS = (
    "named",
    "words",
    "parts",
    "short_forms",
    "sound",
    "related",
    "fewer",
    "around",
    "elsewhere",
    "any",
)
# no sum of worths reaches it: an entry of a step never ranks above one of the steps before
_TIER = 10_000
# words that an entry mentions by the way answer less surely than words of its title
_ENOUGH = {WORDS: 3, PARTS: 3, SHORT: 3, RELATED: 3, FEWER: 3, AROUND: 3}
_MOST_WORDS = 10


@dataclass(frozen=True)
class Step:
    """One step: its name, and the Lucene query of what it finds."""

    name: str
    query: str

    def answers(self, count: int, before: int) -> bool:
        """Whether it answers, having found `count` entries, `before` of them by steps above it.

        A step must add something; one by sound is for words that nothing else finds.
        """
        if self.name == SOUND:
            return count > before == 0
        return count > before and count >= _ENOUGH.get(self.name, 1)


@dataclass(frozen=True)
class Ladder:
    """All steps of a query, and what lifts an entry among those found."""

    steps: tuple[Step, ...]
    lift: tuple[str, ...]

    def query(self, name: str) -> str:
        """The Lucene query that a step answers with: the steps above it first, in their order."""
        last = next(i for i, step in enumerate(self.steps) if step.name == name)
        found = self.steps[: last + 1]
        tiers = (f"({s.query})^={_TIER * (len(found) - i)}" for i, s in enumerate(found))
        # what follows orders the entries of a tier; it finds none
        weighed = dict.fromkeys(f"({step.query})" for step in (found[0], found[-1]))
        return f"({' OR '.join(tiers)}) AND ({' OR '.join(['*:*^=0', *weighed, *self.lift])})"


def _at_least(clauses: Sequence[str], count: int) -> str:
    return any_of(all_of(chosen) for chosen in itertools.combinations(clauses, count))


def _fewer(words: Sequence[str], synonyms: Synonyms) -> str:
    """Most of the words."""
    clauses = [widened(word, synonyms) for word in words]
    return _at_least(clauses, math.ceil(len(clauses) / 2))


def _lift(query: str, words: Sequence[str], generic: Sequence[str]) -> tuple[str, ...]:
    """The whole query, neighbouring words, and general words, where they stand in the title."""
    whole = [token for run in runs(query) for token in pairs(run)]
    lift = [f"{phrase('title_bi', whole)}^20"] if len(whole) > 1 else []
    lift += [
        f"{phrase('title_uni', characters(first + second), 3)}^4"
        for first, second in itertools.pairwise(words)
        if is_chinese(first[0]) and is_chinese(second[0])
    ]
    return (
        *lift,
        *(f"{phrase('title_bi', tokens_of(word))}^1" for word in generic if len(word) > 1),
    )


def _placed(places: Sequence[str]) -> list[str]:
    """The places asked for, or the regions that hold them, lift an entry; none is required."""
    lift = []
    for place in places:
        lift.append(f"({contains(place)})^6")
        lift += [f"({contains(name)})^2" for name in _above(place)]
    return lift


def build(query: str, synonyms: Synonyms, sounds: Sounds) -> Ladder:
    """The ladder of a plain query."""
    cut = analysis.query_words(query, frozenset(synonyms.words) | frozenset(analysis.places()))
    cut = cut[:_MOST_WORDS]
    words = [word for word in cut if word not in analysis.GENERIC] or cut
    if not words:
        return Ladder((), ())
    generic = [word for word in cut if word not in words]
    places = [word for word in words if word in analysis.places()]
    topical = [word for word in words if word not in places]
    lift = (*_lift(analysis.without_question(query), words, generic), *_placed(places))
    return Ladder(tuple(_steps(query, words, topical, places, synonyms, sounds)), lift)


def _steps(
    query: str,
    words: Sequence[str],
    topical: Sequence[str],
    places: Sequence[str],
    synonyms: Synonyms,
    sounds: Sounds,
) -> Iterator[Step]:
    """The steps; what is asked of a place is sought there first, then elsewhere."""
    yield Step(NAMED, all_of(said(word, synonyms, NAMING) for word in words))
    yield Step(WORDS, all_of(said(word, synonyms) for word in words))
    if not topical:
        yield Step(ELSEWHERE, any_of(_here_or_above(place, synonyms) for place in places))
        yield Step(ANY, any_of(loose(word, synonyms) for word in words))
        return
    here = [said(place, synonyms, NAMING) for place in places]
    yield Step(PARTS, all_of([*here, *(in_parts(word, synonyms) for word in topical)]))
    yield Step(SHORT, all_of([*here, *(short_form(word, synonyms) for word in topical)]))
    sound = sounding(query, topical, synonyms, sounds)
    if sound:
        yield Step(SOUND, all_of([*here, sound]))
    yield Step(RELATED, all_of([*here, *(widened(word, synonyms) for word in topical)]))
    if len(topical) > 2 or (places and len(topical) > 1):
        yield Step(FEWER, all_of([*here, _fewer(topical, synonyms)]))
    if places:
        around = [_here_or_above(place, synonyms) for place in places]
        yield Step(AROUND, all_of([*around, *(widened(word, synonyms) for word in topical)]))
        yield Step(ELSEWHERE, all_of(in_parts(word, synonyms) for word in topical))
    yield Step(ANY, any_of(loose(word, synonyms) for word in topical))


def _above(place: str) -> list[str]:
    """The names of the regions that hold a place."""
    return [codes.region(code).name for code in codes.path(analysis.places()[place])[1:]]


def _here_or_above(place: str, synonyms: Synonyms) -> str:
    """Entries of a place, or of a region that holds it, whose entries may cover it."""
    return any_of([said(place, synonyms), *(contains(name, 0.3) for name in _above(place))])
