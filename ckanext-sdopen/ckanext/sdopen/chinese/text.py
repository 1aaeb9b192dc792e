"""Text as the index and the query see it: one form, cut into runs of Chinese and of other words."""

import re
import unicodedata
from functools import cache

import opencc

_COMMON = r"\u3400-\u9fff\uf900-\ufaff"
_OF_CHINESE = rf"{_COMMON}\U00020000-\U0003134f"
_CHINESE = re.compile(f"[{_OF_CHINESE}]")
# a letter or digit run may touch Chinese: 5g基站, 4s店
_RUN = re.compile(rf"[{_OF_CHINESE}]+|[^\W_{_COMMON}]+(?:\.\d+)?")
# of what follows a Chinese character, the digits after a point stand alone
_POINTED = re.compile(rf"(?<=[{_OF_CHINESE}])\.\d+")
# signs and blanks between two Chinese characters
_BETWEEN = re.compile(rf"(?<=[{_OF_CHINESE}])[\W_]+(?=[{_OF_CHINESE}])")
_MIXED = re.compile(rf"[{_OF_CHINESE}]+|[^\W_]+(?:\.\d+)?")


# characters without width, and marks of the direction of writing
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\ufeff"))


@cache
def _simplified() -> dict[int, str | None]:
    """{traditional character: its simplified one}, and the unseen ones, as translate takes them.

    Character by character, so that a word is folded alike wherever it stands; OpenCC's phrases
    would make it depend on its neighbours.
    """
    listed = [chr(code) for code in (*range(0x3400, 0x9FFF), *range(0xF900, 0xFAFF))]
    simple = opencc.OpenCC("t2s").convert("\n".join(listed)).split("\n")
    pairs_of = zip(listed, simple, strict=True)
    return _UNSEEN | {ord(a): b for a, b in pairs_of if a != b and len(b) == 1}


def normal(text: str) -> str:
    """The one form of a text: whatever was typed, scanned or copied, what reads alike is alike.

    NFKC, so full-width letters and digits become half-width; lower case; simplified characters; no
    characters without width; one kind of line end.

    >>> normal("ＫＴＶ與圖書館")
    'ktv与图书馆'
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    if folded.isascii():
        return folded.replace("\r\n", "\n")
    return folded.translate(_simplified()).replace("\r\n", "\n")


def is_chinese(char: str) -> bool:
    """Whether a character is a Chinese one."""
    return not char.isascii() and bool(_CHINESE.match(char))


def runs(text: str) -> list[str]:
    """The runs of Chinese characters and the other words of a text, in order, normalised.

    >>> runs("PM2.5 监测（日报）")
    ['pm2.5', '监测', '日报']
    """
    whole = normal(text)
    if "." in whole and _POINTED.search(whole):
        return [run for mixed in _MIXED.findall(whole) for run in _RUN.findall(mixed)]
    return _RUN.findall(whole)


def whole_runs(text: str) -> list[str]:
    """The runs of a text as it is indexed: no quote, bracket or blank parts Chinese characters.

    >>> whole_runs("部门预算及“三公”经费 预算（2017）")
    ['部门预算及三公经费预算', '2017']
    """
    return runs(_BETWEEN.sub("", normal(text)))


def pairs(run: str) -> list[str]:
    """The overlapping pairs of a Chinese run (one character alone stays one); other words whole."""
    if not is_chinese(run[0]) or len(run) == 1:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]


def characters(run: str) -> list[str]:
    """The characters of a Chinese run; other words whole."""
    return list(run) if is_chinese(run[0]) else [run]
