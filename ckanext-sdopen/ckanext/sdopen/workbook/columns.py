"""The columns of the workbook as data: `schemas/workbook.yaml`."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import yaml

from ckanext.sdopen.paths import SCHEMAS
from ckanext.sdopen.standard import elements
from ckanext.sdopen.standard.elements import Element

ITEMS = "info_items"
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_NOT_NAMES = re.compile(r"[\s\W_]+")


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """A heading as it is compared: without blanks, punctuation and what stands in brackets."""
    half_width = unicodedata.normalize("NFKC", text)
    return _NOT_NAMES.sub("", _BRACKETS.sub("", half_width)).casefold()


@dataclass(frozen=True)
class Column:
    """One column: where its values go, and what it is called.

    `element` is an element of the catalog, or of its items where `table` names them; `reading` is
    the way its cells are read, empty for that of the element's kind.
    """

    name: str
    label: str
    element: str
    table: str = ""
    group: str = ""
    group_label: str = ""
    unit: str = ""
    width: int = 12
    reading: str = ""
    several: bool = False
    optional: bool = False
    note: str = ""
    names: frozenset[str] = frozenset()
    names_in_group: frozenset[str] = frozenset()

    @property
    def heading(self) -> str:
        """What the official form writes at the head of the column."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label

    @property
    def of_items(self) -> bool:
        """Whether it holds a value of an item, a row each."""
        return bool(self.table)

    def standard_element(self) -> Element | None:
        """The element of the standard that its values are."""
        of_catalog = elements.elements("catalog")
        if self.table:
            return of_catalog[self.table].parts[self.element]
        return of_catalog.get(self.element)


@dataclass(frozen=True)
class Form:
    """The official form: its columns in order, and what else stands in a department's book."""

    columns: tuple[Column, ...]
    groups: Mapping[str, frozenset[str]]
    left_out: Mapping[str, str]
    added: frozenset[str]
    totals: tuple[str, ...]
    remarks: tuple[str, ...]
    examples: tuple[str, ...]
    own_sheets: frozenset[str]

    def official(self) -> tuple[Column, ...]:
        """The columns of the form without those that stand there only when needed."""
        return tuple(column for column in self.columns if not column.optional)


def _column(spec: Mapping[str, Any], groups: Mapping[str, Any]) -> Column:
    group = spec.get("group", "")
    names = (spec["zh"], *spec.get("aliases", ()))
    return Column(
        spec["name"],
        spec["zh"],
        spec.get("element", spec["name"]),
        spec.get("table", ""),
        group,
        groups[group]["zh"] if group else "",
        spec.get("unit", ""),
        spec.get("width", 12),
        spec.get("reading", ""),
        bool(spec.get("several")),
        bool(spec.get("optional")),
        spec.get("note", ""),
        frozenset(folded(name) for name in names),
        frozenset(folded(name) for name in spec.get("grouped", ())),
    )


@cache
def form() -> Form:
    """The form, read once."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (SCHEMAS / "workbook.yaml").read_text(encoding="utf-8")
    document = yaml.load(text, Loader=loader)  # noqa: S506 safe both
    groups = document["groups"]
    return Form(
        tuple(_column(spec, groups) for spec in document["columns"]),
        {
            name: frozenset(folded(one) for one in (group["zh"], *group["aliases"]))
            for name, group in groups.items()
        },
        document["left_out"],
        frozenset(folded(name) for name in document["added"]),
        tuple(document["totals"]),
        tuple(document["remarks"]),
        tuple(document["examples"]),
        frozenset(document["own_sheets"]),
    )
