"""What a search asks of the index: a person's question as tiers, or a query by fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchQueryError
from ckan.types import Context
from lxml import etree

from ckanext.sdopen import paths
from ckanext.sdopen.access import audience
from ckanext.sdopen.search import bounds, ladder, probe, vocabulary
from ckanext.sdopen.search.clauses import contains
from ckanext.sdopen.search.tiers import steps
from ckanext.sdopen.search.typed import by_fields, codes, question
from ckanext.sdopen.standard.elements import KIND_OF_TYPE, elements

_SCHEMA = paths.CONFIG / "solr" / "home" / "configsets" / "ckan" / "conf" / "schema.xml"
_NOTHING, _EVERYTHING = "-*:*", "*:*"


class NotUnderstood(tk.ValidationError, SearchQueryError):  # type: ignore[misc]
    """The index takes a parameter not as it is; the sentence does not repeat it."""

    def __init__(self, name: str) -> None:
        self.sentence = tk._(
            "This cannot be read as a query by fields; write words alone, or mend what you wrote"
        )
        super().__init__({name: [self.sentence]})

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class Asked:
    """A query of the index, and what it finds of what was asked."""

    query: str
    step: str = ""
    exact: int = 0
    near: int = 0
    is_empty: bool = False


@cache
def fields() -> frozenset[str]:
    """The fields that a query by fields may name."""
    schema = etree.parse(str(_SCHEMA))
    names = {str(name) for name in schema.xpath("//field/@name")}
    return frozenset(names.union(*(elements(kind) for kind in KIND_OF_TYPE.values()), {"*"}))


def is_question(data_dict: Mapping[str, Any]) -> bool:
    """Whether `q` is what a person typed, not a query by fields, and not nothing.

    Of what is longer than a query by fields may be only the beginning is looked at.
    """
    typed, most = str(data_dict.get("q") or "").strip(), bounds.longest()
    if data_dict.get("defType") or not typed:
        return False
    if len(typed) > most:
        return not by_fields.begins_by_fields(typed[:most], fields())
    return not by_fields.is_by_fields(typed, fields())


def by_fields_of_index(data_dict: dict[str, Any], is_plain: bool) -> dict[str, Any]:
    """A search with its filters and its query by fields as our index takes them.

    Args:
        data_dict: the parameters of the search, bounded by `bounds.refuse_long`.
        is_plain: whether `q` is plain words, which stay as they are.
    """
    asked = dict(data_dict)
    if isinstance(asked.get("fq"), str):
        asked["fq"] = by_fields.rewritten(asked["fq"])
    if isinstance(asked.get("fq_list"), list):
        asked["fq_list"] = [
            by_fields.rewritten(one) if isinstance(one, str) else one for one in asked["fq_list"]
        ]
    is_ours = not (is_plain or asked.get("defType")) and isinstance(asked.get("q"), str)
    if is_ours and ":" in asked["q"]:
        asked["q"] = by_fields.rewritten(asked["q"])
    return asked


def _planned(typed: str) -> list[ladder.Ladder]:
    """The ladders of the ways to answer a question."""
    known = vocabulary.current()
    code = codes.code(typed)
    if code:
        return [ladder.of_code(code)]
    ways = question.read(typed).alternatives
    built = [ladder.build(way, known.synonyms, known.sounds, len(ways)) for way in ways]
    return [one for one in built if one.steps]


def of_person(context: Context, data_dict: Mapping[str, Any]) -> Asked:
    """What a person's question asks of the index, and what it finds.

    Args:
        context: CKAN's; names the caller.
        data_dict: the parameters of the search; `q` is the question.
    """
    typed = str(data_dict["q"])
    without = [] if codes.code(typed) else [contains(one) for one in question.read(typed).left_out]
    absent = "".join(f" AND NOT {clause}" for clause in without)
    filters = [*audience.of_search(context, data_dict), *(f"-{clause}" for clause in without)]
    found = [probe.found(one, filters) for one in _planned(typed)]
    if not found:
        return Asked(f"{_EVERYTHING}{absent}") if without else Asked(_NOTHING, is_empty=True)
    query = " OR ".join(f"({one.query})" for one in found)
    with_hits = [one for one in found if one.count] or found
    best = min(with_hits, key=lambda one: _place(one.step))
    exact, near = sum(one.exact for one in found), sum(one.near for one in found)
    return Asked(f"({query}){absent}", best.step, exact, near)


def _place(step: str) -> int:
    return (steps.ENTRY, *steps.STEPS, steps.MEANING).index(step)


def is_refused(error: Exception) -> bool:
    """Whether an error of a search says that the index could not read the query."""
    return bool(re.search(r"HTTP 400|undefined field|SyntaxError|Cannot parse", str(error)))
