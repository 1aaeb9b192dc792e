"""Text as the index and the query see it: one form, cut into runs of Chinese and of other words."""

import re
import unicodedata

_COMMON = r"\u3400-\u9fff\uf900-\ufaff"
_OF_CHINESE = rf"{_COMMON}\U00020000-\U0003134f"
_CHINESE = re.compile(f"[{_OF_CHINESE}]")
# a letter or digit run may touch Chinese: 5g基站, 4s店
_RUN = re.compile(rf"[{_OF_CHINESE}]+|[^\W_{_COMMON}]+(?:\.\d+)?")
# of what follows a Chinese character, the digits after a point stand alone
_POINTED = re.compile(rf"(?<=[{_OF_CHINESE}])\.\d+")
_MIXED = re.compile(rf"[{_OF_CHINESE}]+|[^\W_]+(?:\.\d+)?")


def normal(text: str) -> str:
    """NFKC, lower case: full-width letters and digits become half-width."""
    return unicodedata.normalize("NFKC", text).lower()


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


def pairs(run: str) -> list[str]:
    """The overlapping pairs of a Chinese run (one character alone stays one); other words whole."""
    if not is_chinese(run[0]) or len(run) == 1:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]


def characters(run: str) -> list[str]:
    """The characters of a Chinese run; other words whole."""
    return list(run) if is_chinese(run[0]) else [run]
