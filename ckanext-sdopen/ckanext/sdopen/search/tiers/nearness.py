"""How near a subject comes to a question: what share of the question it says, and what else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from ckanext.sdopen.chinese import analysis
from ckanext.sdopen.chinese.synonyms import Synonyms
from ckanext.sdopen.chinese.text import is_chinese, pairs

# what it is worth when a subject says a word in another way
_SAME, _PIECES, _SHORT, _WIDER = 0.95, 0.9, 0.8, 0.7
# of a word that a subject says in part
_PARTLY = 0.7
# what a subject says beside the question takes so much of its nearness at most
_BESIDE = 0.3
_MOST_LETTERS = 4
# characters of a short form may stand so far apart
_SHORT_FORM_SPAN = 8
# so many times at most a word is sought in a subject for one question
COMPARED = 20_000


@dataclass(frozen=True)
class Meaning:
    """A word of a question, and the words that may stand for it with their worth."""

    word: str
    others: Mapping[str, float]


def meaning(word: str, synonyms: Synonyms) -> Meaning:
    """What may stand for a word: what the table says is the same, and what it is a case of."""
    others = dict.fromkeys(synonyms.wider.get(word, ())[: synonyms.most], _WIDER)
    others |= dict.fromkeys(synonyms.same.get(word, ())[: synonyms.most], _SAME)
    return Meaning(word, others)


def _is_short_form(word: str, subject: str) -> bool:
    """Whether the characters of the word stand in the subject in order, not far apart."""
    first = subject.find(word[0])
    position = first
    for char in word[1:]:
        position = subject.find(char, position + 1)
        if position < 0:
            return False
    return first >= 0 and position - first < _SHORT_FORM_SPAN


@lru_cache(maxsize=20_000)
def _pairs(word: str) -> tuple[str, ...]:
    return tuple(pairs(word))


def _says(word: str, subject: str) -> tuple[float, set[int]]:
    """(how much of a word a subject says, from 0 to 1; at which places)."""
    start = subject.find(word)
    if start >= 0:
        return 1.0, set(range(start, start + len(word)))
    if len(word) < 2 or not is_chinese(word[0]):
        return 0.0, set()
    held = [pair for pair in _pairs(word) if pair in subject]
    at = {subject.find(pair) + offset for pair in held for offset in (0, 1)}
    pieces = analysis.pieces(word)
    if pieces and all(piece in subject for piece in pieces):
        return _PIECES, at
    if not held and len(word) <= 3 and _is_short_form(word, subject):
        return _SHORT, {subject.find(char) for char in word}
    letters = {char for pair in held for char in pair}
    return _PARTLY * len(letters) / len(set(word)), at


def _best(meant: Meaning, subject: str) -> tuple[float, set[int]]:
    best = _says(meant.word, subject)
    for other, worth in meant.others.items():
        said, at = _says(other, subject)
        # a synonym stands for a word as a whole
        if said >= _PIECES and said * worth > best[0]:
            best = said * worth, at
    return best


def nearness(question: Sequence[Meaning], subject: str) -> float:
    """How near a subject is, from 0 to 1: 1 says all words of the question and nothing else."""
    if not question or not subject:
        return 0.0
    weights = [min(len(meant.word), _MOST_LETTERS) for meant in question]
    found = [_best(meant, subject) for meant in question]
    said = sum(weight * worth for weight, (worth, _) in zip(weights, found, strict=True))
    covered = set[int]().union(*(at for _, at in found))
    beside = 1 - len(covered) / len(subject)
    return said / sum(weights) * (1 - _BESIDE * beside)


def nearest(
    question: Sequence[Meaning],
    subjects: Iterable[str],
    least: float,
    most: int,
    compared: int = COMPARED,
) -> dict[str, float]:
    """The subjects that are near enough, the nearest first, with their nearness.

    Args:
        question: its words.
        subjects: what is measured, the most important first.
        least: how near is near enough.
        most: how many are given at most.
        compared: how often a word is sought in a subject at most; subjects beyond it are left out.
    """
    words = [word for meant in question for word in (meant.word, *meant.others)]
    letters = set().union(*words)
    # a subject without a letter of the question says nothing of it
    sharing = (subject for subject in subjects if not letters.isdisjoint(subject))
    measured = islice(sharing, compared // len(words) if words else 0)
    near = {subject: nearness(question, subject) for subject in measured}
    listed = sorted(near.items(), key=lambda pair: (-pair[1], pair[0]))
    return {subject: worth for subject, worth in listed[:most] if worth >= least}
