"""Withdrawing many entries with one reason: rows, codes, ids and names stay."""

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.catalog import outbox, publication
from ckanext.sdopen.catalog.bulk import batch, gate, receipts
from ckanext.sdopen.catalog.bulk import directory as lookups
from ckanext.sdopen.catalog.bulk.candidates import UNCHANGED, UPDATED, Candidate, Known
from ckanext.sdopen.catalog.bulk.consequences import labels_of
from ckanext.sdopen.catalog.bulk.permissions import Permissions


def withdraw(
    context: Context, references: Sequence[str], reason: str, today: str, run: str, key: str
) -> dict[str, Any]:
    """Withdraw entries in one transaction; see `actions.sdopen_entry_bulk_withdraw`."""
    permissions = Permissions(context)
    user_id = permissions.user_id() or ""
    content = receipts.digest(["withdraw", list(references), reason])
    candidates = [Candidate(n, {"id": one}, one) for n, one in enumerate(references)]

    def write() -> dict[str, Any]:
        now = batch.moment()
        why = {"withdrawn_on": today, "withdrawn_reason": reason}
        _settle(candidates, permissions, why, now)
        waiting: list[str] = []
        for kind in ("dataset", "interface"):
            own = [c for c in candidates if c.known is not None and c.known.type == kind]
            waiting += batch.write(own, permissions, now)
        outbox.enqueue(waiting)
        return batch.answer(candidates, run, key, "bulk")

    return receipts.once(
        user_id,
        key,
        content,
        write,
        lambda: gate.tell([c.entry_id for c in candidates if c.result == UPDATED]),
    )


def _found(references: Sequence[str]) -> dict[str, Known]:
    """{reference: what is stored} by ids and names, locked."""
    rows = model.Session.query(model.Package.id, model.Package.name).filter(
        model.Package.id.in_(references) | model.Package.name.in_(references)
    )
    ids = {reference: row.id for row in rows for reference in (row.id, row.name)}
    wanted = {ids[one] for one in references if one in ids}
    lookups.lock(wanted)
    stored = lookups.stored(wanted)
    return {one: stored[ids[one]] for one in references if ids.get(one) in stored}


def _settle(
    candidates: list[Candidate], permissions: Permissions, why: dict[str, str], now: Any
) -> None:
    found = _found([c.entry_id for c in candidates])
    directory, seen = lookups.Directory(), set[str]()
    directory.load_catalogs([known.extras.get("catalog") for known in found.values()])
    for candidate in candidates:
        known = found.get(candidate.entry_id)
        # what the account may not read is answered like what is not there
        if known is None or not permissions.sees(known, directory):
            candidate.reject_for("id", tk._("There is no such entry"), "not_found")
            continue
        candidate.entry_id, candidate.name = known.id, known.name
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


def _withdraw(
    candidate: Candidate,
    known: Known,
    directory: lookups.Directory,
    why: dict[str, str],
    now: Any,
) -> None:
    catalog = directory.catalog(known.extras.get("catalog"))
    candidate.known = known
    candidate.record = {"id": known.id, "type": known.type}
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
