"""Everyday English words, and the Chinese ones that stand in the directory for them."""

import re
from collections.abc import Mapping
from functools import cache

from ckanext.sdopen import codes, paths
from ckanext.sdopen.chinese import analysis, pinyin

_FILE = paths.CONFIG / "search" / "english.tsv"
# words that join others and mean nothing to the directory
_JOINING = frozenset(analysis.listed("joining"))
_LONGEST = 5


@cache
def words() -> Mapping[str, str]:
    """{English words: Chinese words} of config/search/english.tsv."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line.strip() and not line.startswith("#"))
    return {english.strip(): chinese.strip() for english, chinese in rows}


@cache
def _places() -> Mapping[str, str]:
    """{pinyin of a province or city, in one word: its name}."""
    named: dict[str, str] = {}
    for region in codes.regions().values():
        name = re.sub("[省市]$", "", region.name)
        if region.code.endswith("00") and len(name) > 1:
            named.setdefault("".join(pinyin.syllables(name)), name)
    return named


def _known(tokens: list[str]) -> str:
    """The Chinese of some words, however many of them there are; empty for unknown ones."""
    said = " ".join(tokens)
    table = words()
    forms = [said, re.sub(r"ies$", "y", said), re.sub(r"(?<=[sxh])es$", "", said)]
    forms.append(re.sub(r"(?<=\w\w)s$", "", said))
    return next((table[form] for form in forms if form in table), _places().get(said, ""))


def translated(text: str) -> str:
    """English words as Chinese ones; empty where one of them is unknown.

    >>> translated("Parking lots in the city")
    ''
    >>> translated("public libraries")
    '图书馆'
    """
    tokens = re.findall(r"[a-z0-9.]+", text.lower()) if text.isascii() else []
    found: list[str] = []
    position = 0
    while position < len(tokens):
        for length in range(min(_LONGEST, len(tokens) - position), 0, -1):
            chinese = _known(tokens[position : position + length])
            if chinese:
                found.append(chinese)
                position += length
                break
        else:
            if tokens[position] not in _JOINING:
                return ""
            position += 1
    return " ".join(dict.fromkeys(found))
