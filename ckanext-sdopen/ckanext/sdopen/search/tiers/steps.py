"""The steps of a search: queries from the strict to the wide, and what lifts an entry."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ckanext.sdopen import codes
from ckanext.sdopen.chinese import analysis
from ckanext.sdopen.chinese.synonyms import Synonyms
from ckanext.sdopen.chinese.text import characters, is_chinese, pairs, runs
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
# nothing holds the words; subjects mean much the same
MEANING = "meaning"
# a code that is typed whole: the entry that bears it
ENTRY = "entry"
# words that an entry mentions by the way answer less surely than words of its title
_ENOUGH = {WORDS: 3, PARTS: 3, SHORT: 3, RELATED: 3, FEWER: 3, AROUND: 3}
# of so many words the combinations are asked whole, of more by halves
_FEW = 4


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


def at_least(clauses: Sequence[str], count: int) -> str:
    """Entries that so many of the clauses find."""
    if len(clauses) <= _FEW or count in (1, len(clauses)):
        return any_of(all_of(chosen) for chosen in itertools.combinations(clauses, count))
    half = len(clauses) // 2
    left, right = clauses[:half], clauses[half:]
    ways = []
    for here in range(max(0, count - len(right)), min(count, half) + 1):
        parts = ((left, here), (right, count - here))
        ways.append(all_of(at_least(part, some) for part, some in parts if some))
    return any_of(ways)


def _fewer(words: Sequence[str], synonyms: Synonyms) -> str:
    """Most of the words."""
    say = widened if len(words) <= _FEW else said
    return at_least([say(word, synonyms) for word in words], math.ceil(len(words) / 2))


def lift(query: str, words: Sequence[str], generic: Sequence[str]) -> tuple[str, ...]:
    """The whole query, neighbouring words, and general words, where they stand in the title."""
    whole = [token for run in runs(query) for token in pairs(run)]
    lifting = [f"{phrase('title_bi', whole)}^20"] if len(whole) > 1 else []
    lifting += [
        f"{phrase('title_uni', characters(first + second), 3)}^4"
        for first, second in itertools.pairwise(words)
        if is_chinese(first[0]) and is_chinese(second[0])
    ]
    return (
        *lifting,
        *(f"{phrase('title_bi', tokens_of(word))}^1" for word in generic if len(word) > 1),
    )


def placed(places: Sequence[str]) -> list[str]:
    """The places asked for, or the regions that hold them, lift an entry; none is required."""
    lift = []
    for place in places:
        lift.append(f"({contains(place)})^6")
        lift += [_of_region(code, 2) for code in _above(place)]
    return lift


def steps(
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
    around = [_here_or_above(place, synonyms) for place in places]
    if places:
        # the subject itself, elsewhere, is nearer than a part of it at the place
        yield Step(AROUND, all_of([*around, *(said(word, synonyms) for word in topical)]))
        yield Step(ELSEWHERE, all_of(said(word, synonyms, NAMING) for word in topical))
    yield Step(PARTS, all_of([*here, *(in_parts(word, synonyms) for word in topical)]))
    yield Step(SHORT, all_of([*here, *(short_form(word, synonyms) for word in topical)]))
    sound = sounding(query, topical, synonyms, sounds)
    if sound:
        yield Step(SOUND, all_of([*here, sound]))
    yield Step(RELATED, all_of([*around, *(widened(word, synonyms) for word in topical)]))
    if len(topical) > 2 or (places and len(topical) > 1):
        yield Step(FEWER, all_of([*here, _fewer(topical, synonyms)]))
    yield Step(ANY, any_of(loose(word, synonyms) for word in topical))


def _above(place: str) -> Sequence[str]:
    """The codes of the regions that hold a place."""
    return codes.path(analysis.places()[place])[1:]


def _of_region(code: str, worth: float) -> str:
    """Entries of the region itself; `region_bi` would find those of all regions in it too."""
    return f"{phrase('extras_region', [code])}^{worth:g}"


def _here_or_above(place: str, synonyms: Synonyms) -> str:
    """Entries of a place, or of a region that holds it, whose entries may cover it."""
    return any_of([said(place, synonyms), *(_of_region(code, 0.3) for code in _above(place))])
