"""Pinyin of titles and queries, without tones; place names that dictionaries get wrong."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pypinyin import lazy_pinyin, load_phrases_dict
from pypinyin.constants import PHRASES_DICT, RE_HANS
from pypinyin.seg import mmseg

from ckanext.sdopen.chinese.text import is_chinese, runs

# places whose reading differs from the commonest one; checked by a test over every region
_PLACES = {
    "单县": "shàn xiàn",
    "乐陵": "lào líng",
    "长清": "cháng qīng",
    "长岛": "cháng dǎo",
    "长山": "cháng shān",
    "朝阳": "cháo yáng",
    "东阿": "dōng ē",
    "莘县": "shēn xiàn",
    "郯城": "tán chéng",
    "莒县": "jǔ xiàn",
    "莒南": "jǔ nán",
    "无棣": "wú dì",
    "兖州": "yǎn zhōu",
    "曲阜": "qū fù",
    "芝罘": "zhī fú",
    "罗庄": "luó zhuāng",
    "牟平": "mù píng",
    "番禺": "pān yú",
    "六安": "lù ān",
    "蚌埠": "bèng bù",
    "重庆": "chóng qìng",
    "厦门": "xià mén",
    "长春": "cháng chūn",
    "长沙": "cháng shā",
    "长治": "cháng zhì",
    "都匀": "dū yún",
    "台州": "tāi zhōu",
    "丽水": "lí shuǐ",
}
load_phrases_dict(
    {word: [[syllable] for syllable in reading.split()] for word, reading in _PLACES.items()}
)

_LONGEST_SYLLABLE = 6
_SYLLABLE = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ueng|ang|eng|ing|ong|ian|iao|uai|uan|"
    r"ai|ei|ui|ao|ou|iu|ie|ue|ve|er|an|en|in|un|vn|ia|ua|uo|a|o|e|i|u|v)"
)


@lru_cache(maxsize=100_000)
def _read_word(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word, errors="default"))


def _words(run: str) -> Iterator[str]:
    """The words by which pypinyin reads a run: the longest phrases of its dictionary, in order.

    As `pypinyin.seg.mmseg` cuts them, without a call for each character.
    """
    prefixes, start, length = mmseg.p_set._set, 0, len(run)
    while start < length:
        end, last = start, 0
        while end < length and (piece := run[start : end + 1]) in prefixes:
            end += 1
            if piece in PHRASES_DICT:
                last = end
        if last:
            yield run[start:last]
            start = last
        elif end == length:
            # the rest is the beginning of a phrase and none itself
            yield from run[start:]
            return
        else:
            yield run[start]
            start += 1


@lru_cache(maxsize=20_000)
def _read(run: str) -> tuple[str, ...]:
    if not RE_HANS.match(run):
        # a rare character without a reading parts the run
        return tuple(lazy_pinyin(run, errors="default"))
    return tuple(syllable for word in _words(run) for syllable in _read_word(word))


def syllables(text: str) -> list[str]:
    """The syllables of a text, word by word; what is not Chinese stays as it is.

    >>> syllables("婚姻登记")
    ['hun', 'yin', 'deng', 'ji']
    """
    return of_runs(runs(text))


def of_runs(found: Iterable[str]) -> list[str]:
    """The syllables of the runs of a text."""
    read: list[str] = []
    for run in found:
        read += _read(run) if is_chinese(run[0]) else (run,)
    return read


def sort_key_of(read: Iterable[str], text: str) -> str:
    """A key that sorts texts by the syllables read, equal readings by the characters."""
    return " ".join(read) + "\u0000" + text


def cut(letters: str) -> list[str] | None:
    """Letters typed without spaces as the fewest pinyin syllables; None where they are none.

    >>> cut("hunyindengji")
    ['hun', 'yin', 'deng', 'ji']
    """
    whole = len(letters)
    # {end: (how many syllables lead there, where the last one begins)}
    fewest: dict[int, tuple[int, int]] = {0: (0, 0)}
    for start in range(whole):
        if start not in fewest:
            continue
        count = fewest[start][0] + 1
        for end in range(start + 1, min(start + _LONGEST_SYLLABLE, whole) + 1):
            is_better = end not in fewest or fewest[end][0] > count
            if is_better and _SYLLABLE.fullmatch(letters, start, end):
                fewest[end] = count, start
    if whole not in fewest:
        return None
    found: list[str] = []
    end = whole
    while end:
        begin = fewest[end][1]
        found.append(letters[begin:end])
        end = begin
    return found[::-1]


# finals and initials that many people mix up, and slips of one key
_CONFUSED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
_SWAPPED = (("l", "n"), ("f", "h"), ("r", "l"))
_MOST_MENDED = 150
_LETTERS = "aoeiunghzcsbpmfdtlkjqxrywv"


def _variants(letters: str) -> list[str]:
    found = []
    for long, short in _CONFUSED:
        for a, b in ((long, short), (short, long)):
            found += [letters[:i] + b + letters[i + len(a) :] for i in _places(letters, a)]
    for a, b in _SWAPPED:
        for x, y in ((a, b), (b, a)):
            found += [letters[:i] + y + letters[i + 1 :] for i in _places(letters, x)]
    for i in range(len(letters)):
        found.append(letters[:i] + letters[i + 1 :])
        if i + 1 < len(letters):
            found.append(letters[:i] + letters[i + 1] + letters[i] + letters[i + 2 :])
    for i in range(len(letters) + 1):
        found += [letters[:i] + letter + letters[i:] for letter in "aeiounghjiz"]
    for i in range(len(letters)):
        found += [letters[:i] + letter + letters[i + 1 :] for letter in _LETTERS]
    return found


def _places(letters: str, part: str) -> list[int]:
    return [i for i in range(len(letters)) if letters.startswith(part, i)]


@lru_cache(maxsize=1_000)
def mended(letters: str) -> tuple[tuple[str, ...], ...]:
    """What the letters may have been meant to be: one slip mended, cut into syllables."""
    if not 5 <= len(letters) <= 40:
        return ()
    found: dict[tuple[str, ...], None] = {}
    for variant in _variants(letters):
        syllable = cut(variant)
        # single vowels are what a wrong cut leaves over
        if syllable and len(syllable) > 1 and sum(len(s) == 1 for s in syllable) == 0:
            found[tuple(syllable)] = None
        if len(found) >= _MOST_MENDED:
            break
    return tuple(found)
