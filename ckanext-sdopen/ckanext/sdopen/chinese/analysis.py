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
# words that say that somebody asks, not what for
_ASKED = re.compile(
    "|".join(sorted(map(re.escape, _WORDS["asking"].split()), key=len, reverse=True))
)
# particles that end a question; elsewhere they are parts of words (网吧)
_PARTICLES = re.compile(r"[吗呢啊呀么嘛?!。，\s]+$")
# single characters that carry no topic of their own
_EMPTY = frozenset(_WORDS["empty"])
# words of titles everywhere: they may be missing from an entry that answers
GENERIC = frozenset(_WORDS["generic"].split())
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


def is_plain(query: str) -> bool:
    """Whether a query is plain words, to be analysed; decided on what was typed, before NFKC.

    Fielded, quoted and boolean queries, wild cards and local parameters are left alone.
    """
    if not query.strip() or re.search(r'[:"*?{}\[\]^~\\]|&&|\|\|', query):
        return False
    return not re.search(r"(?:^|\s)(?:AND|OR|NOT)(?:\s|$)", query)


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
    for run in runs(without_question(query)):
        if not is_chinese(run[0]):
            found.append(run)
            continue
        found += _cut(run, lengths, vocabulary)
    meaningful = [word for word in found if word not in _EMPTY]
    return list(dict.fromkeys(meaningful or found))


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
