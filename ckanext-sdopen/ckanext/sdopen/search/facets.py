"""The facets of the directory, declared once; query, counts and side bar loop over them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Facet:
    """One facet: its parameter and index field, and the code list of its labels."""

    field: str
    codes: str = ""
    government_only: bool = False


FACETS = (
    Facet("dataset_type", "kind"),
    Facet("topics", "topics"),
    Facet("library", "library"),
    Facet("organization"),
    Facet("region", "regions"),
    Facet("opening", "opening"),
    Facet("sharing", "sharing", government_only=True),
    Facet("res_format"),
    Facet("update_cycle", "update_cycle"),
)
FIELDS = {facet.field: facet for facet in FACETS}

# a value chosen on a page or by a program: field:"value"; signs other than + mean something else
_CHOSEN = re.compile(
    r"(?<!\S)\+?(?P<field>" + "|".join(FIELDS) + r'):"(?P<value>(?:[^"\\]|\\.)*)"(?!\S)'
)


def chosen(filters: Iterable[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Part filters into those of others and the chosen facet values.

    Returns:
        The filters without facet clauses, and {field: [quoted value, …]} in the order of choice.
    """
    values: dict[str, list[str]] = {}
    rest = []
    for query in filters:
        for match in _CHOSEN.finditer(query):
            values.setdefault(match["field"], []).append(f'"{match["value"]}"')
        remainder = " ".join(_CHOSEN.sub(" ", query).split())
        if remainder:
            rest.append(remainder)
    return rest, values


def any_of(field: str, values: Iterable[str]) -> str:
    """A filter that takes entries with any of the values."""
    return f"{field}:({' OR '.join(dict.fromkeys(values))})"


def filters_but(values: Mapping[str, list[str]], field: str | None = None) -> list[str]:
    """The filters of all facets but one, whose counts they then tell."""
    return [any_of(name, chosen) for name, chosen in values.items() if name != field]
