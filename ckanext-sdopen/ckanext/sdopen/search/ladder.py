"""The ladder: a query as a series of Lucene queries, from the exact to the wide.

One step answers a query: the first that finds enough. A step also brings what the steps above it
found, ranked above its own.
"""

import itertools
import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ckanext.sdopen import codes
from ckanext.sdopen.search import analysis, pinyin
from ckanext.sdopen.search.synonyms import Synonyms
from ckanext.sdopen.search.text import characters, is_chinese, normal, pairs, runs

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
# what a find in a field is worth
FIELDS = {
    "title_bi": 8.0,
    "tags_bi": 3.0,
    "items_bi": 3.0,
    "org_bi": 3.0,
    "region_bi": 2.0,
    "text_bi": 1.0,
}
# where a find says that the entry is about the word, not only that it mentions it
_NAMING = {name: FIELDS[name] for name in ("title_bi", "org_bi", "region_bi")}
# no sum of worths reaches it: an entry of a step never ranks above one of the steps before
_TIER = 10_000
# words that an entry mentions by the way answer less surely than words of its title
_ENOUGH = {WORDS: 3, PARTS: 3, SHORT: 3, RELATED: 3, FEWER: 3, AROUND: 3}
_MOST_WORDS, _MOST_SYNONYMS = 10, 14
_SHORT_FORM_SLOP = 4


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


def _phrase(field: str, tokens: Sequence[str], slop: int = 0) -> str:
    # tokens are letters, digits and Chinese characters only (text.runs): nothing to escape
    near = f"~{slop}" if slop else ""
    return f'{field}:"{" ".join(tokens)}"{near}'


def _any(clauses: Iterable[str]) -> str:
    unique = list(dict.fromkeys(clauses))
    return unique[0] if len(unique) == 1 else f"({' OR '.join(unique)})"


def _all(clauses: Iterable[str]) -> str:
    unique = list(dict.fromkeys(clauses))
    return unique[0] if len(unique) == 1 else f"({' AND '.join(unique)})"


def _tokens(word: str) -> list[str]:
    return [token for run in runs(word) for token in pairs(run)]


def contains(word: str, worth: float = 1.0, fields: Mapping[str, float] = FIELDS) -> str:
    """Entries that hold the word, letter by letter, in one of the fields."""
    tokens = _tokens(word)
    if len(word) == 1 and is_chinese(word):
        return f"{_phrase('title_uni', [word])}^{8 * worth:g}"
    return _any(f"{_phrase(field, tokens)}^{value * worth:g}" for field, value in fields.items())


def _said(word: str, synonyms: Synonyms, fields: Mapping[str, float] = FIELDS) -> str:
    """The word or one of its exact synonyms; the word itself is worth more."""
    others = synonyms.same.get(word, ())[:_MOST_SYNONYMS]
    return _any([contains(word, 1.0, fields), *(contains(o, 0.4, fields) for o in others)])


def _inner(word: str, known: Container[str]) -> list[list[str]]:
    """Ways to say a long word by its parts: all of its words, its longest one, a known one."""
    if len(word) < 3 or not is_chinese(word[0]):
        return []
    pieces = [piece for piece in analysis.cut(word) if piece not in analysis.GENERIC]
    long = [piece for piece in pieces if len(piece) > 1]
    ways = [long] if long and long != [word] else []
    ways += [[part] for part in (word[:-1], word[1:], word[:-2], word[2:]) if part in known]
    longest = max((p for p in analysis.words(word) if p != word), key=len, default="")
    if len(longest) * 2 > len(word):
        ways.append([longest])
    return [way for way in ways if way]


def _in_parts(word: str, synonyms: Synonyms) -> str:
    ways = [_all(_said(piece, synonyms) for piece in way) for way in _inner(word, synonyms.words)]
    return _any([_said(word, synonyms), *ways])


def _short_form(word: str, synonyms: Synonyms) -> str:
    """Also the characters of a short form in order: 残联 finds 残疾人联合会."""
    clauses = [_in_parts(word, synonyms)]
    if 2 <= len(word) <= 5 and all(is_chinese(char) for char in word):
        slop = _SHORT_FORM_SLOP + len(word) - 2
        clauses += [
            f"{_phrase(field, characters(word), slop)}^{worth:g}"
            for field, worth in (("title_uni", 4.0), ("org_uni", 2.0))
        ]
    return _any(clauses)


def _widened(word: str, synonyms: Synonyms) -> str:
    others = synonyms.wider.get(word, ())[:_MOST_SYNONYMS]
    inner = [o for piece in analysis.words(word) for o in synonyms.wider.get(piece, ())]
    names = list(dict.fromkeys([*others, *inner]))[:_MOST_SYNONYMS]
    return _any([_short_form(word, synonyms), *(contains(name, 0.5) for name in names)])


def _at_least(clauses: Sequence[str], count: int) -> str:
    return _any(_all(chosen) for chosen in itertools.combinations(clauses, count))


def _fewer(words: Sequence[str], synonyms: Synonyms) -> str:
    """Most of the words."""
    clauses = [_widened(word, synonyms) for word in words]
    return _at_least(clauses, math.ceil(len(clauses) / 2))


def _by_sound(syllables: Sequence[str], synonyms: Synonyms, sounds: "Sounds") -> str:
    """Words of the table that sound so, and titles that sound like the rest, in order."""
    clauses: list[str] = []
    rest: list[str] = []
    position = 0
    while position < len(syllables):
        length, words = sounds.longest(syllables, position)
        if length:
            if rest:
                clauses.append(_phrase("title_py", rest))
                rest = []
            clauses.append(_any(_said(word, synonyms) for word in words))
            position += length
        else:
            rest.append(syllables[position])
            position += 1
    if rest:
        clauses.append(_phrase("title_py", rest))
    whole = _phrase("title_py", syllables)
    return _any([f"{whole}^4", _all(clauses)])


class Sounds:
    """The words of the synonym table by their pinyin: syllables, and initials."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_syllables: dict[tuple[str, ...], list[str]] = {}
        self._by_initials: dict[str, list[str]] = {}
        for word in sorted(words):
            if not all(is_chinese(char) for char in word):
                continue
            read = tuple(pinyin.syllables(word))
            self._by_syllables.setdefault(read, []).append(word)
            if len(word) > 2:
                self._by_initials.setdefault("".join(s[0] for s in read), []).append(word)
        self._longest = max((len(read) for read in self._by_syllables), default=0)

    def longest(self, syllables: Sequence[str], start: int) -> tuple[int, list[str]]:
        """The longest words that sound like the syllables from `start`: how many, and which."""
        for length in range(min(self._longest, len(syllables) - start), 1, -1):
            words = self._by_syllables.get(tuple(syllables[start : start + length]))
            if words:
                return length, words
        return 0, []

    def initials(self, letters: str) -> list[str]:
        """Words whose syllables begin with these letters."""
        return self._by_initials.get(letters, [])[:_MOST_SYNONYMS]


def _typed_pinyin(letters: str, synonyms: Synonyms, sounds: Sounds) -> list[str]:
    """What letters may mean as pinyin: exact first, then initials, then with one letter wrong."""
    exact = pinyin.cut(letters)
    clauses = []
    if exact and len(exact) > 1:
        clauses.append(f"{_by_sound(exact, synonyms, sounds)}^8")
    if len(letters) > 1:
        clauses += [contains(word) for word in sounds.initials(letters)]
    if len(letters) > 2:
        clauses.append(f"{_phrase('title_in', list(letters))}^2")
    for near in pinyin.mended(letters):
        clauses.append(_phrase("title_py", near))
        length, words = sounds.longest(near, 0)
        if length == len(near):
            clauses += [f"({contains(word)})^0.3" for word in words]
    return clauses


def _lift(query: str, words: Sequence[str], generic: Sequence[str]) -> tuple[str, ...]:
    """The whole query, neighbouring words, and general words, where they stand in the title."""
    whole = [token for run in runs(query) for token in pairs(run)]
    lift = [f"{_phrase('title_bi', whole)}^20"] if len(whole) > 1 else []
    lift += [
        f"{_phrase('title_uni', characters(first + second), 3)}^4"
        for first, second in itertools.pairwise(words)
        if is_chinese(first[0]) and is_chinese(second[0])
    ]
    return (
        *lift,
        *(f"{_phrase('title_bi', _tokens(word))}^1" for word in generic if len(word) > 1),
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
    yield Step(NAMED, _all(_said(word, synonyms, _NAMING) for word in words))
    yield Step(WORDS, _all(_said(word, synonyms) for word in words))
    if not topical:
        yield Step(ELSEWHERE, _any(_here_or_above(place, synonyms) for place in places))
        yield Step(ANY, _any(_loose(word, synonyms) for word in words))
        return
    here = [_said(place, synonyms, _NAMING) for place in places]
    yield Step(PARTS, _all([*here, *(_in_parts(word, synonyms) for word in topical)]))
    yield Step(SHORT, _all([*here, *(_short_form(word, synonyms) for word in topical)]))
    sound = _sounding(query, topical, synonyms, sounds)
    if sound:
        yield Step(SOUND, _all([*here, sound]))
    yield Step(RELATED, _all([*here, *(_widened(word, synonyms) for word in topical)]))
    if len(topical) > 2 or (places and len(topical) > 1):
        yield Step(FEWER, _all([*here, _fewer(topical, synonyms)]))
    if places:
        around = [_here_or_above(place, synonyms) for place in places]
        yield Step(AROUND, _all([*around, *(_widened(word, synonyms) for word in topical)]))
        yield Step(ELSEWHERE, _all(_in_parts(word, synonyms) for word in topical))
    yield Step(ANY, _any(_loose(word, synonyms) for word in topical))


def _above(place: str) -> list[str]:
    """The names of the regions that hold a place."""
    return [codes.region(code).name for code in codes.path(analysis.places()[place])[1:]]


def _here_or_above(place: str, synonyms: Synonyms) -> str:
    """Entries of a place, or of a region that holds it, whose entries may cover it."""
    return _any([_said(place, synonyms), *(contains(name, 0.3) for name in _above(place))])


def _loose(word: str, synonyms: Synonyms) -> str:
    """The word in any way at all: its inner words, and of one word alone its pairs."""
    inner = [part for part in analysis.words(word) if len(part) > 1]
    parts = inner if len(inner) > 1 else pairs(word)
    useful = [part for part in parts if part != word and part not in analysis.GENERIC]
    return _any([_widened(word, synonyms), *(_said(part, synonyms) for part in useful)])


def _sounding(query: str, words: Sequence[str], synonyms: Synonyms, sounds: Sounds) -> str:
    """The step by sound: letters typed as pinyin, or Chinese with a wrong character."""
    letters = "".join(normal(query).split())
    if letters.isascii() and letters.isalpha():
        clauses = _typed_pinyin(letters, synonyms, sounds)
        return _any(clauses) if clauses else ""
    if not any(is_chinese(word[0]) for word in words):
        return ""
    read = pinyin.syllables("".join(words))
    return _by_sound(read, synonyms, sounds) if len(read) > 1 else ""
