"""The files of a record: clean, by sound addresses, with what only the server says of them."""

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen import config
from ckanext.sdopen.bulk.examining.examine_record import as_answers
from ckanext.sdopen.bulk.record import Candidate
from ckanext.sdopen.entries.files import arriving
from ckanext.sdopen.entries.steps.cleaning import cleaned
from ckanext.sdopen.standard.elements import KIND_OF_TYPE
from ckanext.sdopen.standard.findings import Finding

Resource = dict[str, Any]


def clean(record: Mapping[str, Any]) -> list[Resource] | None:
    """The record's resources with clean texts; None where it does not speak of them."""
    listed = record.get("resources")
    return (
        None
        if listed is None
        else [{name: cleaned(value) for name, value in resource.items()} for resource in listed]
    )


def _remark(candidate: Candidate, found: Iterable[Finding]) -> None:
    """Let the record bear the remarks; it is written all the same."""
    kind = KIND_OF_TYPE[candidate.package_type]
    for answer in as_answers(list(found), kind):
        if answer["code"].startswith("address_"):
            answer["message"] += " " + tk._("The address was left out, the entry is kept.")
        candidate.findings.append(answer)


def leave_out(candidate: Candidate, stored: Iterable[Mapping[str, Any]]) -> None:
    """Leave out of a record the resources whose addresses are not taken, each with a remark.

    A record that is refused for its resources anyway stays as it is.
    """
    listed = candidate.record.get("resources")
    if not isinstance(listed, list) or len(listed) > config.limits().resources:
        return
    if not all(map(_is_readable, listed)):
        return
    kept, found = arriving.with_sound_addresses(listed, stored)
    if found or kept != listed:
        candidate.record["resources"] = kept
    _remark(candidate, found)


def _is_readable(resource: Any) -> bool:
    return isinstance(resource, dict) and isinstance(resource.get("url") or "", str)


def settled(
    candidate: Candidate, sent: Iterable[Resource], stored: Iterable[Mapping[str, Any]]
) -> list[Resource]:
    """The resources with what only the server says of them as it is stored.

    Args:
        sent: the record's, with ids.
        stored: those of the entry that are active, each with its extras beside its columns.
    """
    known = {str(one["id"]): one for one in stored}
    settled_ones: list[Resource] = []
    for resource in sent:
        kept, found = arriving.settled(resource, known.get(str(resource.get("id") or "")))
        settled_ones.append(kept)
        _remark(candidate, map(arriving.mild, found))
    kept_ones, left_out = arriving.with_sound_addresses(settled_ones, known.values())
    _remark(candidate, left_out)
    return kept_ones
