"""Chinese analysis: one dictionary, used for the index and for the query."""

import itertools
import re
from collections.abc import Iterable
from functools import lru_cache

import rjieba
import yaml

from ckanext.sdopen import codes, paths
from ckanext.sdopen.chinese.text import is_chinese, normal, runs

_WORDS = yaml.safe_load((paths.CONFIG / "search" / "words.yaml").read_text(encoding="utf-8"))


def listed(name: str) -> list[str]:
    """The words of a list of config/search/words.yaml."""
    return list(_WORDS[name].split())


def alternatives(name: str) -> str:
    """The words of a list as a pattern, the longest first."""
    return "|".join(sorted(map(re.escape, listed(name)), key=len, reverse=True))


# words that say that somebody asks, not what for
_ASKED = re.compile(alternatives("asking"))
# particles that end a question; elsewhere they are parts of words (网吧)
_PARTICLES = re.compile(r"(?<![吗呢啊呀么嘛?!。，\s])[吗呢啊呀么嘛?!。，\s]+$")
# single characters that carry no topic of their own
_EMPTY = frozenset(_WORDS["empty"])
# words of titles everywhere: they may be missing from an entry that answers
GENERIC = frozenset(_WORDS["generic"].split())
# short names of provinces of one character, as they stand before a word: 鲁 海洋牧场
_PROVINCES = dict(pair.split("=") for pair in _WORDS["provinces"].split())
# letters and digits joined by signs are one word: gb/t-4754, covid-19
_COMPOUND = re.compile(r"(?<![a-z0-9])([a-z0-9]+(?:[/_.-][a-z0-9]+)+)")
# short names of places that mean something else too: only the full name is a place
_COMMON = frozenset(_WORDS["not_places"].split())
_SUFFIXES = "省市区县州盟旗"


@lru_cache(maxsize=1)
def places() -> dict[str, str]:
    """{name of a region, full and short: its code}; a short name needs two characters."""
    names: dict[str, str] = {}
    for region in codes.regions().values():
        for name in (region.name, re.sub(f"[{_SUFFIXES}]$", "", region.name)):
            if len(name) > 1 and name not in _COMMON:
                names.setdefault(normal(name), region.code)
    return names


@lru_cache(maxsize=1)
def _segmenter() -> rjieba.Jieba:
    segmenter = rjieba.Jieba()
    for name in places():
        segmenter.add_word(name, 20_000, "ns")
    return segmenter


def words(text: str) -> list[str]:
    """The words of a text as it is indexed: long words and the words inside them."""
    found: list[str] = []
    for run in runs(text):
        found += _segmenter().cut_for_search(run) if is_chinese(run[0]) else [run]
    return found


def cut(text: str) -> list[str]:
    """The words of a text, none inside another."""
    found: list[str] = []
    for run in runs(text):
        found += _segmenter().cut(run) if is_chinese(run[0]) else [run]
    return found


def without_question(query: str) -> str:
    """A query without the words that only ask; the query itself where nothing else is left."""
    text = _PARTICLES.sub("", normal(query))
    asked = _ASKED.sub(" ", text)
    return asked if any(run for run in runs(asked)) else text


def _longest_known(run: str, start: int, known: Iterable[int], vocabulary: frozenset[str]) -> int:
    for length in known:
        if start + length <= len(run) and run[start : start + length] in vocabulary:
            return length
    return 0


def query_words(query: str, vocabulary: frozenset[str]) -> list[str]:
    """The words of a query: those of the synonym table and the regions first, then the segmenter's.

    Words that only ask are left out, single characters that mean nothing alone too.
    """
    lengths = sorted({len(word) for word in vocabulary}, reverse=True)
    found: list[str] = []
    for number, part in enumerate(_COMPOUND.split(without_question(query))):
        if number % 2:
            found.append(part)
            continue
        for run in runs(part):
            found += _placed(_cut(run, lengths, vocabulary)) if is_chinese(run[0]) else [run]
    meaningful = [word for word in found if word not in _EMPTY]
    return list(dict.fromkeys(meaningful or found))


def _placed(cut_run: list[str]) -> list[str]:
    """The words of a run whose first one may be a province's short name of one character."""
    if not cut_run:
        return []
    return [_PROVINCES.get(cut_run[0], cut_run[0]), *cut_run[1:]]


@lru_cache(maxsize=20_000)
def pieces(word: str) -> tuple[str, ...]:
    """The words inside a word that make it up together; none where it has none.

    >>> pieces("公共厕所")
    ('公共', '厕所')
    """
    inner = {piece for piece in _segmenter().cut_for_search(word) if 1 < len(piece) < len(word)}
    # {end: the fewest pieces that lead there}
    ways: dict[int, list[str]] = {0: []}
    for end in range(2, len(word) + 1):
        for piece in inner:
            before = ways.get(end - len(piece))
            fits = before is not None and word[end - len(piece) : end] == piece
            if before is not None and fits and len(before) < len(ways.get(end, word)):
                ways[end] = [*before, piece]
    return tuple(ways.get(len(word), ()))


def _cut(run: str, lengths: list[int], vocabulary: frozenset[str]) -> list[str]:
    found: list[str] = []
    boundaries: frozenset[int] | None = None
    done = position = 0
    while position < len(run):
        length = _longest_known(run, position, lengths, vocabulary)
        if length == 2:
            # a word of two characters must not tear a longer word of the language apart
            boundaries = boundaries or _boundaries(run)
            if not boundaries & {position, position + 2}:
                length = 0
        if length:
            found += _segmenter().cut(run[done:position]) if done < position else []
            found.append(run[position : position + length])
            done = position + length
        position += length or 1
    return found + (_segmenter().cut(run[done:]) if done < len(run) else [])


def _boundaries(run: str) -> frozenset[int]:
    """Where the words of a run that the segmenter sees begin and end."""
    return frozenset(itertools.accumulate(map(len, _segmenter().cut(run)), initial=0))
