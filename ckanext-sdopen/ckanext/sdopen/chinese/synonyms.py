"""The synonym table: what people say, and the official words that stand in the directory.

One group a row: topic, relation, official words, said words, the words separated by `、`.
相同 (same) words may stand for one another; 下位 (narrow) and 相关 (related) lead from what is
said to the official word only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ckanext.sdopen.chinese.text import normal
from ckanext.sdopen.errors import SdopenError

HEADER = ("主题", "关系", "官方词", "说法")
SAME, NARROW, RELATED = "相同", "下位", "相关"
RELATIONS = (SAME, NARROW, RELATED)
SEPARATOR = "、"
_LONGEST, _MOST = 30, 40
MOST = 14


class SynonymError(SdopenError):
    """A row of the table that cannot be used; names the line and what to do."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"第 {line} 行：{reason}")
        self.line = line


@dataclass(frozen=True)
class Group:
    """One row of the table."""

    topic: str
    relation: str
    official: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True)
class Synonyms:
    """The table, ready to be asked: {normalised word: normalised words that stand for it}."""

    same: Mapping[str, tuple[str, ...]]
    wider: Mapping[str, tuple[str, ...]]
    # every word that the table knows, as a query is cut by them
    words: frozenset[str]
    # how many of them stand for a word in one query
    most: int = MOST


def _words(cell: str, line: int) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word.strip() for word in cell.split(SEPARATOR) if word.strip()))
    if not words:
        raise SynonymError(line, "官方词和说法都不能为空，多个词用“、”分隔。")
    long = [word for word in words if len(word) > _LONGEST]
    if long:
        raise SynonymError(line, f"“{long[0][:20]}…”超过 {_LONGEST} 个字，请缩短。")
    if len(words) > _MOST:
        raise SynonymError(line, f"一格有 {len(words)} 个词，最多 {_MOST} 个，请分成几行。")
    return words


def parse(text: str) -> list[Group]:
    """Read the table; SynonymError names the first line that is wrong."""
    lines = text.lstrip("\ufeff").splitlines()
    if not lines or tuple(cell.strip() for cell in lines[0].split("\t")) != HEADER:
        raise SynonymError(1, f"表头应为：{' '.join(HEADER)}（用制表符分隔）。")
    groups = []
    seen: dict[tuple[str, tuple[str, ...]], int] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(HEADER):
            raise SynonymError(number, f"应有 {len(HEADER)} 列，现有 {len(cells)} 列。")
        topic, relation, official, said = cells
        if relation not in RELATIONS:
            raise SynonymError(number, f"关系“{relation}”应为：{SEPARATOR.join(RELATIONS)}。")
        group = Group(topic, relation, _words(official, number), _words(said, number))
        key = (relation, group.official)
        if key in seen:
            raise SynonymError(number, f"与第 {seen[key]} 行重复，请合并为一行。")
        seen[key] = number
        groups.append(group)
    return groups


def _add(table: dict[str, dict[str, None]], word: str, others: Iterable[str]) -> None:
    table.setdefault(word, {}).update(dict.fromkeys(other for other in others if other != word))


def compiled(groups: Iterable[Group]) -> Synonyms:
    """Make the table ready to be asked.

    A `same` group leads from each of its words to all others; its official words come first.
    """
    same: dict[str, dict[str, None]] = {}
    wider: dict[str, dict[str, None]] = {}
    for group in groups:
        official = [normal(word) for word in group.official]
        said = [normal(word) for word in group.said]
        if group.relation == SAME:
            for word in (*official, *said):
                _add(same, word, (*official, *said))
        else:
            for word in said:
                _add(wider, word, official)
    return Synonyms(
        MappingProxyType({word: tuple(others) for word, others in same.items()}),
        MappingProxyType({word: tuple(others) for word, others in wider.items()}),
        frozenset(same) | frozenset(wider),
    )
