"""Who an entry is, for those who ask before it is saved."""

from collections.abc import Mapping
from typing import Any

from ckanext.sdopen.entries.steps.answers import department_of
from ckanext.sdopen.entries.steps.identifying import providers_of, region_of
from ckanext.sdopen.identifiers import entry_key
from ckanext.sdopen.identifiers.entry_key import text
from ckanext.sdopen.standard.elements import KIND_OF_TYPE


def future_id(entry: Mapping[str, Any]) -> str | None:
    """The id that an entry about to be created will get, as far as its data tell."""
    return next(iter(possible_ids(entry)), None)


def possible_ids(entry: Mapping[str, Any]) -> list[str]:
    """The ids under which an entry may be stored, the one that it gets if it is new first."""
    department = department_of(text(entry, "owner_org"))
    if department is None:
        return []
    region, refusal = region_of(entry, department)
    if refusal:
        return []
    kind = KIND_OF_TYPE.get(text(entry, "type"), "catalog")
    try:
        found = entry_key.identities(kind, region, entry, providers_of(department))
    except ValueError:
        return []  # said where the entry is identified
    return [one.id for one in found]
