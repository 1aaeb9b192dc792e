"""The rows of a sound record, and whether they differ from what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen.bulk.examining import examine_record, record_files
from ckanext.sdopen.bulk.examining.lookups import Directory
from ckanext.sdopen.bulk.examining.permissions import Permissions
from ckanext.sdopen.bulk.record import CREATED, UNCHANGED, UPDATED, Candidate
from ckanext.sdopen.bulk.writing import resource_rows
from ckanext.sdopen.bulk.writing.consequences import labels_of
from ckanext.sdopen.bulk.writing.statements import SENT_TEXTS
from ckanext.sdopen.bulk.writing.tags import active_tags
from ckanext.sdopen.entries.files.owners import owners_of
from ckanext.sdopen.entries.steps.arrival import Arrival
from ckanext.sdopen.entries.validation import resource_ids
from ckanext.sdopen.standard.findings import Finding


@dataclass(frozen=True)
class Builder:
    """Builds the rows of records of one type."""

    examiner: examine_record.Examiner
    directory: Directory
    permissions: Permissions
    moment: datetime

    def build(self, candidate: Candidate, arrival: Arrival) -> None:
        """Build a record: its rows stand in it, or why it is refused."""
        record, entry = arrival.values, arrival.entry
        errors: dict[str, Any] = {}
        shape = self.examiner.shape
        columns, extras = shape.stored(
            {n: v for n, v in record.items() if v != "" or n not in shape.extras}, errors
        )
        candidate.tags = examine_record.tag_names(record, errors)
        self._resources(candidate, record, errors)
        catalog = self.directory.catalog(entry.get("catalog"))
        whole = {**record, **entry}
        kind, known = self.examiner.kind, candidate.known
        refusal = examine_record.narrower_refusal(whole, known, catalog, kind)
        # whatever the rules do not look at: PostgreSQL refuses it, and with it the whole batch
        odd = [Finding("text_unprintable", "resources")] if candidate.is_unprintable else []
        if refusal and not errors:
            candidate.reject(examine_record.of_error(refusal))
        elif not self.examiner.is_refused(candidate, odd, errors):
            self._package(candidate, columns, extras, arrival, catalog)

    def _resources(
        self, candidate: Candidate, record: Mapping[str, Any], errors: dict[str, Any]
    ) -> None:
        known, sent = candidate.known, record_files.clean(record)
        stored = [dict(row) for row in known.resources] if known else []
        active = [row for row in stored if row["state"] == "active"]
        if sent is None or candidate.is_as_before:
            # written from these words they stay: an update would guess MIME types, and give new
            # ids to those that have no key
            candidate.resources = active
            return
        flat = [{**(row["extras"] or {}), **row} for row in active]
        sent = resource_ids.identified(candidate.entry_id, sent, flat)
        if not self.permissions.trusted:
            sent = record_files.settled(candidate, sent, flat)
        wrong: list[dict[str, list[str]]] = []
        rows = resource_rows.rows(
            candidate.entry_id, sent, stored, self.moment, known is not None, wrong
        )
        candidate.resources, candidate.resources_written, candidate.resources_purged = rows
        if any(wrong):
            errors["resources"] = wrong

    def _package(
        self,
        candidate: Candidate,
        columns: dict[str, Any],
        extras: dict[str, str],
        arrival: Arrival,
        catalog: Any,
    ) -> None:
        known, entry = candidate.known, arrival.entry
        owner = self.directory.department(entry.get("owner_org"))
        package = {
            **(known.package if known else {}),
            # as CKAN does, an element that is not sent is removed
            **dict.fromkeys(SENT_TEXTS),
            **columns,
            "id": candidate.entry_id,
            "name": candidate.name,
            "type": candidate.package_type,
            "owner_org": owner.id if owner else entry.get("owner_org"),
            "state": candidate.record["state"],
            "private": arrival.private,
            "extras": extras,
        }
        if known is None:
            package["creator_user_id"] = self.permissions.user_id()
            package["metadata_created"] = self.moment.isoformat()
        candidate.package = package
        if _is_same(candidate):
            candidate.result = UNCHANGED
            return
        candidate.result = CREATED if known is None else UPDATED
        package["metadata_modified"] = self.moment.isoformat()
        candidate.labels = labels_of(package, catalog)
        if known is not None:
            old = known.extras.get("catalog")
            candidate.labels_before = labels_of(known.package, self.directory.catalog(old))


def keep_files_apart(candidates: Sequence[Candidate]) -> None:
    """Refuse records with the id of a resource that another entry or record has, or had."""
    written = [c for c in candidates if c.result in (CREATED, UPDATED)]
    new = {c.position: _new_resources(c) for c in written}
    owners = owners_of(one for ids in new.values() for one in ids)
    taken: set[str] = set()
    for candidate in written:
        ids = new[candidate.position]
        # another request may have created this very entry meanwhile: that is a conflict, later
        if taken & ids or any(owners.get(i, candidate.entry_id) != candidate.entry_id for i in ids):
            message = tk._("Resource id already exists.")
            candidate.reject_for("resources", message, "resource_id_taken")
        else:
            taken |= ids


def _new_resources(candidate: Candidate) -> set[str]:
    """The ids of the resources that the entry does not have yet."""
    own = {row["id"] for row in candidate.known.resources} if candidate.known else set()
    return {row["id"] for row in candidate.resources_written} - own


def _is_same(candidate: Candidate) -> bool:
    """Whether the entry is stored just so."""
    known = candidate.known
    return (
        known is not None
        and candidate.package == {**known.package, "extras": dict(known.extras)}
        and not candidate.resources_written
        and not candidate.resources_purged
        and set(candidate.tags) == active_tags(candidate)
    )
