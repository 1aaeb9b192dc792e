"""The ladder: a query as a series of Lucene queries, from the exact to the wide.

The first step that finds enough answers. It also brings what the steps above it found, ranked above
its own, and below its own what is near of what the steps below it find (`tiers/admission`).
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ckanext.sdopen.chinese import analysis, english
from ckanext.sdopen.chinese.synonyms import MOST, Synonyms
from ckanext.sdopen.chinese.text import runs
from ckanext.sdopen.search.clauses import NAMING, all_of, begins, contains, kept_once, said
from ckanext.sdopen.search.sounds import Sounds
from ckanext.sdopen.search.tiers import steps
from ckanext.sdopen.search.tiers.nearness import Meaning, meaning
from ckanext.sdopen.search.tiers.steps import ENTRY, NAMED, WORDS, Step
from ckanext.sdopen.search.typed import codes
from ckanext.sdopen.search.typed.question import Alternative

# no sum of worths reaches it: an entry of a step never ranks above one of the steps before
TIER = 10_000
# Lucene refuses a query of more than 4,096 clauses (config/solr/home/solr.xml)
_MOST_CLAUSES = 3_000
# (words, synonyms of each): what of a long question is asked, the widest first that fits
_BREADTHS = ((10, MOST), (10, 6), (10, 3), (10, 1), (7, 1), (5, 0))


@dataclass(frozen=True)
class Ladder:
    """All steps of a query, and what lifts an entry among those found."""

    steps: tuple[Step, ...]
    lift: tuple[str, ...]
    # the words that an entry is about, as nearness is measured
    question: tuple[Meaning, ...] = ()
    # entries of the places asked for
    here: tuple[str, ...] = ()
    # of how many alternatives of one question it is one
    share: int = 1

    @property
    def meant(self) -> str:
        """The question without its places, in words."""
        return "".join(word.word for word in self.question)

    @property
    def clauses(self) -> int:
        """How many clauses the longest query of a step has; each is a phrase in a field."""
        sizes = [step.query.count(':"') for step in self.steps]
        sums = itertools.accumulate(sizes)
        lift = sum(clause.count(':"') for clause in self.lift)
        longest = (before + sizes[0] + size for before, size in zip(sums, sizes, strict=True))
        return lift + max(longest, default=0)

    def index(self, name: str) -> int:
        """The place of a step."""
        return next(i for i, step in enumerate(self.steps) if step.name == name)

    def query(self, name: str, kept: str = "", near: str = "") -> str:
        """The Lucene query that a step answers with: the steps above it first, in their order.

        Args:
            name: the step that answers.
            kept: the query of what alone the step gives of what it finds; empty for all.
            near: the query of what is added below it.
        """
        last = self.index(name)
        found = self.steps[: last + 1]
        worths = range(TIER * (last + 2), 0, -TIER)
        tiers = [f"{kept_once(s.query)}^={worth}" for s, worth in zip(found, worths, strict=False)]
        if kept:
            tiers[-1] = f"({tiers[-1]} AND {kept})"
        tiers += [near] if near else []
        # what follows orders the entries of a tier; it finds none
        weighed = dict.fromkeys(f"({step.query})" for step in (found[0], found[-1]))
        return f"({' OR '.join(tiers)}) AND ({' OR '.join(['*:*^=0', *weighed, *self.lift])})"


def build(asked: Alternative | str, synonyms: Synonyms, sounds: Sounds, share: int = 1) -> Ladder:
    """The ladder of a question, of a long one with fewer synonyms of each word.

    Args:
        asked: plain words, or an alternative of a question with its exact phrases.
        synonyms: the table in use.
        sounds: its words by their pinyin.
        share: of how many alternatives it is one; together they must fit into what Lucene takes.
    """
    said_so = Alternative(asked) if isinstance(asked, str) else asked
    held = (*map(contains, said_so.phrases), *map(begins, said_so.beginnings))
    if not any(map(runs, (said_so.words, *said_so.phrases, *said_so.beginnings))):
        return Ladder((), ())
    if not runs(said_so.words):
        return _letter_by_letter(said_so, held)
    words = english.translated(said_so.words) or said_so.words
    cut = analysis.query_words(words, synonyms.words | frozenset(analysis.places()))
    for most_words, most in _BREADTHS:
        few = replace(synonyms, most=most)
        ladder = _built(words, cut[:most_words], few, sounds)
        if ladder.clauses <= _MOST_CLAUSES // share:
            break
    ladder = replace(ladder, share=share)
    if not held:
        return ladder
    within = tuple(replace(step, query=all_of([*held, step.query])) for step in ladder.steps)
    return replace(ladder, steps=within)


def _letter_by_letter(asked: Alternative, held: Sequence[str]) -> Ladder:
    """The ladder of exact phrases and beginnings: in names first, then anywhere."""
    named = [
        *(contains(said_so, fields=NAMING) for said_so in asked.phrases),
        *(begins(said_so, NAMING) for said_so in asked.beginnings),
    ]
    return Ladder((Step(NAMED, all_of(named)), Step(WORDS, all_of(held))), ())


def of_code(code: str) -> Ladder:
    """The ladder of a code: the entry that bears it alone, else where it stands in entries."""
    said_so = _letter_by_letter(Alternative("", (code,)), [contains(code)])
    entry = Step(ENTRY, codes.named_by(code))
    return replace(said_so, steps=(entry, *said_so.steps))


def _built(query: str, cut: Sequence[str], synonyms: Synonyms, sounds: Sounds) -> Ladder:
    words = [word for word in cut if word not in analysis.GENERIC] or cut
    if not words:
        return Ladder((), ())
    generic = [word for word in cut if word not in words]
    places = [word for word in words if word in analysis.places()]
    topical = [word for word in words if word not in places]
    lift = (*steps.lift(analysis.without_question(query), words, generic), *steps.placed(places))
    found = tuple(steps.steps(query, words, topical, places, synonyms, sounds))
    question = tuple(meaning(word, synonyms) for word in topical if len(word) > 1)
    here = tuple(said(place, synonyms, NAMING) for place in places)
    return Ladder(found, lift, question, here)
