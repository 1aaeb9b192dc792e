"""Queries by fields, as programs write them: which they are, and what Chinese values mean in them.

CKAN's text fields hold a Chinese text as one token. In a query by fields a value of one of them
that holds Chinese is therefore asked of our fields of pairs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ckanext.sdopen.chinese.text import is_chinese, pairs, whole_runs

# what a field of CKAN's is asked as
PAIRS = {
    "title": ("title_bi",),
    "notes": ("notes_bi",),
    "text": ("title_bi", "tags_bi", "items_bi", "org_bi", "region_bi", "text_bi"),
}
# the field of words without one
_DEFAULT = "text"
# stored in lower case, whatever a program writes
_LOWER = "res_format"
# each kind is read in steps that grow with its length: no part of it may be read in two ways
_BOUND = r'(?:"(?:[^"\\]|\\.)*"|[^\[\]{}\s"]+)'
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<field>[+-]?[A-Za-z_*][\w.*-]*:)(?!/)
    |(?P<quoted>"(?:[^"\\]|\\.)*"(?:~\d+)?)
    |(?P<range>[\[{{]\s*{_BOUND}\s+TO\s+{_BOUND}\s*[\]}}])
    |(?P<open>[+-]?\()
    |(?P<close>\))
    |(?P<weight>\^=?\d+(?:\.\d+)?|~\d*(?:\.\d+)?)
    |(?P<joint>(?:AND|OR|NOT|&&|\|\|)(?=[\s()]|$)|!)
    |(?P<term>(?:[^\s()"\[\]{{}}:^~\\]|\\.)+)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """A part of a query, and which kind of part it is."""

    kind: str
    text: str


def _read(query: str) -> tuple[list[Token], str]:
    """(the parts of a query, what is left from where a sign stands where Lucene takes none)."""
    found, position = [], 0
    while position < len(query):
        match = _TOKEN.match(query, position)
        if match is None or not match[0]:
            break
        found.append(Token(str(match.lastgroup), match[0]))
        position = match.end()
    return found, query[position:]


def tokens(query: str) -> list[Token]:
    """The parts of a query; none where a sign stands where Lucene takes none."""
    parts, rest = _read(query)
    return [] if rest else parts


def is_whole(parts: list[Token]) -> bool:
    """Whether the parts make a query: brackets closed, a value after each field and joint."""
    depth, needs_value = 0, True
    for part in parts:
        if part.kind == "space":
            continue
        if part.kind in ("close", "weight"):
            if needs_value:
                return False
            depth -= part.kind == "close"
        elif part.kind == "joint":
            if needs_value and part.text not in ("NOT", "!"):
                return False
            needs_value = True
        else:
            depth += part.kind == "open"
            needs_value = part.kind in ("open", "field")
        if depth < 0:
            return False
    return depth == 0 and not needs_value


def _is_known(name: str, known: frozenset[str]) -> bool:
    return name in known or name.startswith(("extras_", "res_extras_", "vocab_"))


def _names(parts: list[Token]) -> list[str]:
    return [part.text.lstrip("+-")[:-1] for part in parts if part.kind == "field"]


def begins_by_fields(head: str, known: frozenset[str]) -> bool:
    """Whether the beginning of what is too long to be read reads like a query by fields.

    It may end within a phrase or a range.
    """
    parts, rest = _read(head)
    names = _names(parts)
    return rest[:1] in ("", *'"[{\\') and bool(names) and all(_is_known(n, known) for n in names)


def is_by_fields(query: str, known: frozenset[str]) -> bool:
    """Whether a query names fields of the index in the language of Lucene, and is whole.

    Everything else is what a person typed, whatever signs are in it.
    """
    parts = tokens(query.strip())
    names = _names(parts)
    if names == ["*"]:
        return query.strip() == "*:*"
    return bool(names) and all(_is_known(n, known) for n in names) and is_whole(parts)


def _value(field: str, text: str) -> str:
    """A value as it is asked: of the fields of pairs where it holds Chinese."""
    if field == _LOWER:
        return text.lower()
    bare = text.strip('"*?')
    if field not in PAIRS or not any(map(is_chinese, bare)):
        return text
    said = " ".join(token for run in whole_runs(bare) for token in pairs(run))
    clauses = [f'{name}:"{said}"' for name in PAIRS[field]]
    return clauses[0] if len(clauses) == 1 else f"({' OR '.join(clauses)})"


def _asked(named: str, group: str, text: str) -> str:
    """A value under the field that it is asked of.

    Args:
        named: the field before the value, with its sign and colon; empty where there is none.
        group: the field before the bracket around it, if the bracket stands without it now.
        text: the value.
    """
    field = named.lstrip("+-")[:-1] or group or _DEFAULT
    asked = _value(field, text)
    if asked != text and field in PAIRS:
        return _signed(named, asked)
    return (named or (f"{group}:" if group in PAIRS else "")) + asked


def _signed(named: str, text: str) -> str:
    """The text with the sign that stood before its field."""
    return named[0] + text if named[:1] in ("+", "-") else text


def _rewritten(parts: list[Token]) -> Iterator[str]:
    groups, named = [""], ""
    for part in parts:
        if part.kind == "field":
            named = part.text
        elif part.kind == "open":
            groups.append(named.lstrip("+-")[:-1] or groups[-1])
            yield _signed(named, part.text) if groups[-1] in PAIRS else named + part.text
            named = ""
        elif part.kind in ("term", "quoted"):
            yield _asked(named, groups[-1], part.text)
            named = ""
        elif part.kind != "space" or not named:
            groups = groups[: max(1, len(groups) - (part.kind == "close"))]
            yield named + part.text
            named = ""


def rewritten(query: str) -> str:
    """A query by fields with its Chinese values asked of the fields of pairs.

    >>> rewritten('title:水利 AND res_format:CSV')
    'title_bi:"水利" AND res_format:csv'
    """
    parts = tokens(query)
    return "".join(_rewritten(parts)) if is_whole(parts) else query
