"""The step by sound: pinyin typed in letters, or Chinese with a wrong character."""

from collections.abc import Iterable, Sequence

from ckanext.sdopen.chinese import pinyin
from ckanext.sdopen.chinese.synonyms import MOST, Synonyms
from ckanext.sdopen.chinese.text import is_chinese, normal
from ckanext.sdopen.search.clauses import all_of, any_of, contains, phrase, said


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
        return self._by_initials.get(letters, [])[:MOST]


def _by_sound(syllables: Sequence[str], synonyms: Synonyms, sounds: "Sounds") -> str:
    """Words of the table that sound so, and titles that sound like the rest, in order."""
    clauses: list[str] = []
    rest: list[str] = []
    position = 0
    while position < len(syllables):
        length, words = sounds.longest(syllables, position)
        if length:
            if rest:
                clauses.append(phrase("title_py", rest))
                rest = []
            clauses.append(any_of(said(word, synonyms) for word in words))
            position += length
        else:
            rest.append(syllables[position])
            position += 1
    if rest:
        clauses.append(phrase("title_py", rest))
    whole = phrase("title_py", syllables)
    return any_of([f"{whole}^4", all_of(clauses)])


def _typed_pinyin(letters: str, synonyms: Synonyms, sounds: Sounds) -> list[str]:
    """What letters may mean as pinyin: exact first, then initials, then with one letter wrong."""
    exact = pinyin.cut(letters)
    clauses = []
    if exact and len(exact) > 1:
        clauses.append(f"{_by_sound(exact, synonyms, sounds)}^8")
    if len(letters) > 1:
        clauses += [contains(word) for word in sounds.initials(letters)]
    if len(letters) > 2:
        clauses.append(f"{phrase('title_in', list(letters))}^2")
    for near in pinyin.mended(letters):
        clauses.append(phrase("title_py", near))
        length, words = sounds.longest(near, 0)
        if length == len(near):
            clauses += [f"({contains(word)})^0.3" for word in words]
    return clauses


def sounding(query: str, words: Sequence[str], synonyms: Synonyms, sounds: Sounds) -> str:
    """The step by sound: letters typed as pinyin, or Chinese with a wrong character."""
    letters = "".join(normal(query).split())
    if letters.isascii() and letters.isalpha():
        clauses = _typed_pinyin(letters, synonyms, sounds)
        return any_of(clauses) if clauses else ""
    if not any(is_chinese(word[0]) for word in words):
        return ""
    read = pinyin.syllables("".join(words))
    return _by_sound(read, synonyms, sounds) if len(read) > 1 else ""
