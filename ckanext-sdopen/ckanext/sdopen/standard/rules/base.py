"""What a rule is given and gives."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ckanext.sdopen.standard.findings import Finding
from ckanext.sdopen.standard.profiles import Profile

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleInput:
    """What a rule knows beside the entry: the legal profile, and the day it is asked.

    `served_items` are the names of the items of the catalog that an interface serves.
    """

    profile: Profile
    today: date
    served_items: frozenset[str] = frozenset()


Rule = Callable[[Entry, RuleInput], Iterator[Finding]]
