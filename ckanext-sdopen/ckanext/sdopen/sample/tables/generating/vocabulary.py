"""The words of invented values, as choices.yaml lists them."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml


@lru_cache(maxsize=1)
def _choices() -> dict[str, Any]:
    path = Path(__file__).parent.with_name("choices.yaml")
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def words(kind: str) -> list[str]:
    """The words of a kind: `roads`, `parts`."""
    return [str(word) for word in _choices()[kind]]


def brands() -> list[list[str]]:
    """The characters of invented brands: first, second and third ones."""
    found: list[list[str]] = _choices()["brands"]
    return found


@cache
def listed(subject: str, name: str) -> tuple[str, ...]:
    """The values of an item that has a list of its own in the vocabulary, else none."""
    found = _choices().get(f"{subject}/{name}") or _choices().get(name) or ()
    return tuple(map(str, found))


@cache
def listed_by_pattern(name: str) -> tuple[str, ...]:
    """The values of an item whose name ends as those of a general list, else none."""
    found = (values for pattern, values in _choices()["lists"].items() if re.search(pattern, name))
    return tuple(map(str, next(found, ())))


@cache
def trades(subject: str) -> tuple[str, ...]:
    """The trades of the firms of a subject."""
    found = (kinds for part, kinds in _choices()["trades_of"].items() if part in subject)
    return tuple(next(found, _choices()["trades"]))


@cache
def kind_of(name: str, subject: str) -> str:
    """What the things are called that an item names.

    >>> kind_of("公厕名称", "公共厕所信息"), kind_of("机构名称", "公证机构名录")
    ('公共厕所', '公证机构')
    """
    called: dict[str, str] = _choices()["called"]
    kind = re.sub(r"(名称|名)$", "", name) or "单位"
    if subject in called or kind in called:
        return called.get(subject) or called[kind]
    # 机构 of the 公证机构名录 are 公证机构
    whole = re.match(f"(?:二级以上|A级|星级|规模化)?(.{{0,9}}{re.escape(kind)})", subject)
    return whole[1] if whole else kind
