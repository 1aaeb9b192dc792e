"""Withdrawing many entries with one reason: rows, codes, ids and names stay."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.access import entry_facts
from ckanext.sdopen.bulk import batch, one_by_one, receipts, way
from ckanext.sdopen.bulk.examining import examine_record, lookups
from ckanext.sdopen.bulk.examining import gate as record_gate
from ckanext.sdopen.bulk.examining.permissions import Permissions
from ckanext.sdopen.bulk.examining.records_of_type import kinds
from ckanext.sdopen.bulk.record import UNCHANGED, UPDATED, Candidate, Known
from ckanext.sdopen.bulk.writing import audit_rows
from ckanext.sdopen.bulk.writing.consequences import labels_of
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.entries import gate, publication
from ckanext.sdopen.moments import now_of_change


def withdraw(
    context: Context, references: Sequence[str], reason: str, today: str, run: str, key: str
) -> dict[str, Any]:
    """Withdraw entries in one transaction; see `actions.sdopen_entry_bulk_withdraw`."""
    permissions = Permissions(context)
    user_id = permissions.user_id() or ""
    content = receipts.digest(["withdraw", list(references), reason])
    candidates = [Candidate(n, {"id": one}, one) for n, one in enumerate(references)]
    how = way.BULK if way.shapes() else way.ACTIONS

    def write() -> dict[str, Any]:
        if how == way.ACTIONS:
            one_by_one.withdraw(candidates, reason, permissions)
        else:
            why = {"withdrawn_on": today, "withdrawn_reason": reason}
            outbox.enqueue(_written(candidates, permissions, why))
        audit_rows.record_refused(candidates, user_id)
        return batch.answer(candidates, run, key, how)

    return receipts.once(
        user_id,
        key,
        content,
        write,
        lambda: gate.notify_deciders([c.entry_id for c in candidates if c.result == UPDATED]),
        commits=how == way.ACTIONS,
    )


def _written(
    candidates: Sequence[Candidate], permissions: Permissions, why: dict[str, str]
) -> list[str]:
    """Examine and write all; the ids of the entries whose documents change."""
    now, waiting = now_of_change(), list[str]()
    types = _types_of(candidates)
    for kind in kinds():
        # one after the other: an interface is read as the withdrawal of its catalog leaves it
        own = [c for c in candidates if types.get(c.entry_id) == kind]
        if own:
            _examine(own, permissions, why, now)
            record_gate.ask(own, permissions, gate.WITHDRAW)
            waiting += batch.write(own, permissions, now)
    for candidate in candidates:
        if candidate.is_open:
            _refuse_unknown(candidate)
    return waiting


def _types_of(candidates: Sequence[Candidate]) -> dict[str, str]:
    """{id: type} of the entries that are there, by ids and names; the candidates bear the ids."""
    for candidate in candidates:
        if wrong := examine_record.unlookable(candidate.record):
            candidate.entry_id = ""
            candidate.reject(examine_record.as_answers([wrong], "catalog"))
    named = [c.entry_id for c in candidates if c.is_open]
    package = model.Package
    rows = model.Session.query(package.id, package.name, package.type).filter(
        package.id.in_(named) | package.name.in_(named)
    )
    there = {reference: row for row in rows for reference in (row.name, row.id)}
    for candidate in candidates:
        if candidate.entry_id in there:
            candidate.entry_id = there[candidate.entry_id].id
    return {row.id: row.type for row in there.values()}


def _examine(
    candidates: Sequence[Candidate], permissions: Permissions, why: dict[str, str], now: datetime
) -> None:
    """Examine entries of one type."""
    ids = {c.entry_id for c in candidates}
    lookups.lock(ids)
    stored = lookups.stored(ids)
    directory, seen = lookups.Directory(), set[str]()
    directory.load_catalogs([known.extras.get("catalog") for known in stored.values()])
    for candidate in candidates:
        known = stored.get(candidate.entry_id)
        # what the account may not read is answered like what is not there
        if not (known and entry_facts.is_ours(known.type) and permissions.sees(known, directory)):
            _refuse_unknown(candidate)
            continue
        candidate.name = known.name
        if not permissions.withdraws(known):
            message = tk._(
                "Only its data authority or an administrator of its provider withdraws it"
            )
            candidate.reject_for("id", message, "not_authorized")
        elif known.state != publication.ACTIVE or known.id in seen:
            candidate.result = UNCHANGED
        else:
            seen.add(known.id)
            _withdraw(candidate, known, directory, why, now)


def _refuse_unknown(candidate: Candidate) -> None:
    candidate.entry_id = candidate.record["id"]
    candidate.reject_for("id", tk._("There is no such entry"), "not_found")


def _withdraw(
    candidate: Candidate,
    known: Known,
    directory: lookups.Directory,
    why: dict[str, str],
    now: datetime,
) -> None:
    catalog = directory.catalog(known.extras.get("catalog"))
    candidate.known = known
    candidate.record = {"id": known.id, "type": known.type, "state": publication.DRAFT, **why}
    candidate.package = {
        **known.package,
        "state": publication.DRAFT,
        "extras": {**known.extras, **why},
        "metadata_modified": now.isoformat(),
    }
    candidate.resources = [row for row in known.resources if row["state"] == "active"]
    candidate.tags = [tag["name"] for tag in known.tags if tag["state"] == "active"]
    candidate.labels_before = labels_of(known.package, catalog)
    candidate.labels = labels_of(candidate.package, catalog)
    candidate.result = UPDATED
