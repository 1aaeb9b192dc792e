"""A question as a person types it: words, exact phrases, what to leave out, and alternatives.

Signs are no syntax here, but for four habits of librarians: "…" or “…” is an exact phrase, a minus
before a word leaves entries with it out, OR stands between alternatives, and a star ends the
beginning of a word in letters. All other signs only part words.
"""

import re
from dataclasses import dataclass

# markup, and parameters that Solr's parsers take, pasted along
_SCRIPT = re.compile(r"<(script|style)\b.{0,1000}?</\1\s{0,9}>", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"</?[a-zA-Z!][^<>]*>|&(?:[a-zA-Z]{2,8}|#\d{1,6});|\{![^{}]*\}")
_SCHEME = re.compile(r"\b(?:https?|ftp)://", re.IGNORECASE)
_OPENING, _CLOSING = '"“”„＂「『«', '"”“＂」』»'
_MINUS = "-－−–"
_QUOTED = re.compile(
    rf"(?P<minus>(?<!\S)[{_MINUS}])?[{_OPENING}](?P<said>[^{_OPENING}{_CLOSING}]*)[{_CLOSING}]"
)
_LEFT_OUT = re.compile(rf"(?<!\S)(?:[{_MINUS}]|NOT\s+)(?=[^\W_])(?P<said>\S+)")
_BEGINNING = re.compile(r"(?<![^\W_])(?P<said>[A-Za-z0-9]{2,})[*＊]")
# numbers that Lucene takes for a weight or a distance: 会计^2, 会计~0.8
_WEIGHT = re.compile(r"[\^~＾～]\d*(?:\.\d+)?")
_OR = re.compile(r"(?:(?<!\S)OR(?!\S)|[|｜]{1,2})")
_JOINED = re.compile(r"(?<!\S)(?:AND|OR|NOT|&&|＆＆)(?!\S)")

# alternatives cost a request each; what is beyond is not looked at
MOST, _MOST_LEFT_OUT = 4, 8


@dataclass(frozen=True)
class Alternative:
    """One way to answer a question: words, and what must stand in the entry letter by letter."""

    words: str = ""
    phrases: tuple[str, ...] = ()
    # of words in letters
    beginnings: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases or self.beginnings)


@dataclass(frozen=True)
class Question:
    """A question: an entry answers that answers one alternative and holds nothing left out."""

    alternatives: tuple[Alternative, ...] = ()
    left_out: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.alternatives or self.left_out)


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _alternative(text: str) -> Alternative:
    """What of a question stands between two ORs."""
    phrases = [found["said"] for found in _QUOTED.finditer(text) if _has_words(found["said"])]
    rest = _QUOTED.sub(" ", text)
    beginnings = [found["said"] for found in _BEGINNING.finditer(rest)]
    rest = _JOINED.sub(" ", _BEGINNING.sub(" ", rest))
    words = " ".join(part for part in rest.split() if _has_words(part))
    return Alternative(words, tuple(phrases), tuple(beginnings))


def _outside_quotes(pattern: re.Pattern[str], text: str) -> list[str]:
    """The text parted by a pattern that no quotation mark encloses."""
    masked = _QUOTED.sub(lambda found: "\0" * len(found[0]), text)
    parts, end = [], 0
    for found in pattern.finditer(masked):
        parts.append(text[end : found.start()])
        end = found.end()
    return [*parts, text[end:]]


def read(typed: str) -> Question:
    """What a person asks; nothing that was typed is an error.

    >>> read('行政处罚 -地税 "水利工程"').alternatives
    (Alternative(words='行政处罚', phrases=('水利工程',), beginnings=()),)
    """
    text = _MARKUP.sub(" ", _SCRIPT.sub(" ", typed))
    text = _WEIGHT.sub(" ", _SCHEME.sub(" ", text))
    left_out: list[str] = []

    def leave_out(found: re.Match[str]) -> str:
        if not _has_words(found["said"]):
            return " "
        left_out.append(found["said"])
        return " "

    def quoted(found: re.Match[str]) -> str:
        return leave_out(found) if found["minus"] else found[0]

    text = _QUOTED.sub(quoted, text)
    parts = _outside_quotes(_LEFT_OUT, text)
    if len(parts) > 1:
        masked = _QUOTED.sub(lambda found: "\0" * len(found[0]), text)
        left_out += [found["said"] for found in _LEFT_OUT.finditer(masked)]
        text = " ".join(parts)
    found = dict.fromkeys(filter(None, map(_alternative, _outside_quotes(_OR, text))))
    return Question(tuple(found)[:MOST], tuple(dict.fromkeys(left_out))[:_MOST_LEFT_OUT])
