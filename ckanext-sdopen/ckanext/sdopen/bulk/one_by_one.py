"""The way by CKAN's actions: slower, and right whatever CKAN's tables and schemas are."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.navl.dictization_functions import DataError
from ckan.lib.search import SearchIndexError
from ckan.types import Context
from sqlalchemy import exc, select

from ckanext.sdopen.bulk.examining import examine_record, gate, record_files, states
from ckanext.sdopen.bulk.examining.lookups import Directory
from ckanext.sdopen.bulk.examining.permissions import Permissions
from ckanext.sdopen.bulk.examining.records_of_type import kinds, possible_ids
from ckanext.sdopen.bulk.receipts import is_odd
from ckanext.sdopen.bulk.record import CONFLICT, CREATED, PENDING, UNCHANGED, UPDATED, Candidate
from ckanext.sdopen.entries import gated, publication
from ckanext.sdopen.standard.elements import KIND_OF_TYPE
from ckanext.sdopen.standard.findings import ERROR, Finding

_log = logging.getLogger(__name__)


def upsert(candidates: Sequence[Candidate], permissions: Permissions) -> None:
    """Create or update each record in a transaction of its own."""
    taken: dict[str, int] = {}
    order = {one: place for place, one in enumerate(kinds())}
    # an interface may name a catalog that stands after it
    for candidate in sorted(candidates, key=lambda one: order.get(one.package_type, 0)):
        if candidate.is_open:
            with _by_itself(candidate, tk._("You may not change this entry")):
                _examine_and_write(candidate, permissions, taken)


def withdraw(candidates: Sequence[Candidate], reason: str, permissions: Permissions) -> None:
    """Withdraw each entry in a transaction of its own."""
    for candidate in candidates:
        refusal = tk._("Only its data authority or an administrator of its provider withdraws it")
        with _by_itself(candidate, refusal):
            if not _is_unprintable(candidate):
                _withdraw(candidate, reason, permissions)


@contextmanager
def _by_itself(candidate: Candidate, refusal: str) -> Iterator[None]:
    """Whatever keeps one record out keeps no other out, and leaves nothing of it."""
    again = tk._("Another request has just changed it, or the index does not answer; send it again")
    try:
        yield
    except tk.ValidationError as error:
        candidate.reject(examine_record.of_error(error.error_dict))
    except tk.NotAuthorized:
        candidate.reject_for("id", refusal, "not_authorized")
    except tk.ObjectNotFound:
        candidate.reject_for("id", tk._("There is no such entry"), "not_found")
    except (exc.IntegrityError, SearchIndexError):
        candidate.reject_for("id", again, "conflict")
        candidate.result = CONFLICT
    except (DataError, exc.DataError, TypeError, ValueError, AttributeError):
        # CKAN's own code is not ready for every value of JSON
        _log.warning("A record that CKAN's actions fail at", exc_info=True)
        message = tk._("A value of this record is of a kind that the portal does not take")
        candidate.reject_for("", message)
    if candidate.result not in (CREATED, UPDATED, PENDING):
        model.Session.rollback()


def _is_unprintable(candidate: Candidate) -> bool:
    """Whether it holds what the database refuses; it is then rejected, named by its element."""
    odd = [name for name, value in candidate.record.items() if is_odd([name, value])]
    if odd:
        finding = Finding("text_unprintable", odd[0], severity=ERROR)
        kind = KIND_OF_TYPE.get(candidate.package_type, "catalog")
        candidate.reject(examine_record.as_answers([finding], kind))
    return bool(odd)


def _examine_and_write(
    candidate: Candidate, permissions: Permissions, taken: dict[str, int]
) -> None:
    if _is_unprintable(candidate) or not examine_record.is_taken(candidate):
        return
    directory, record = Directory(), candidate.record
    directory.load_departments([record.get("owner_org")])
    candidate.owner = directory.department(record.get("owner_org"))
    if candidate.owner is not None:
        record["owner_org"] = candidate.owner.id
    ids = possible_ids(candidate)
    found = (model.Session.get(model.Package, one) for one in ids)
    # a package has the attributes by which the rules ask what is known
    candidate.known = next((one for one in found if one is not None), None)
    entry_id = candidate.known.id if candidate.known else (ids or [""])[-1]
    if candidate.known is not None and candidate.known.type != candidate.package_type:
        message = tk._("There is another kind of entry with this id")
        candidate.reject_for("type", message, "other_kind")
    elif entry_id and entry_id in taken:
        message = tk._("The batch holds this entry twice; the first is record {number}")
        candidate.reject_for("id", message.format(number=taken[entry_id] + 1), "record_twice")
    else:
        taken[entry_id] = candidate.position
        states.set_state(candidate, permissions)
    if candidate.is_open and not permissions.trusted:
        stored = [r.as_dict() for r in candidate.known.resources] if candidate.known else []
        record_files.leave_out(candidate, stored)
    if candidate.is_open:
        try:
            _write(candidate, permissions)
        except gated.Held as held:
            candidate.entry_id = entry_id
            gate.apply(candidate, held.verdict)


def _context(permissions: Permissions) -> Context:
    context = permissions.context
    return Context(user=context.get("user", ""), ignore_auth=permissions.trusted)


def _write(candidate: Candidate, permissions: Permissions) -> None:
    # the actions write into what they are given
    context, record = _context(permissions), deepcopy(candidate.record)
    if candidate.known is None:
        made = tk.get_action("package_create")(context, record)
        candidate.result = CREATED
    else:
        entry_id = candidate.known.id
        before = _modified(entry_id)
        made = tk.get_action("package_update")(context, {**record, "id": entry_id})
        candidate.result = UNCHANGED if before == _modified(entry_id) else UPDATED
    candidate.entry_id, candidate.name = made["id"], made["name"]


def _modified(entry_id: str) -> Any:
    asked = select(model.Package.metadata_modified).where(model.Package.id == entry_id)
    return model.Session.scalar(asked)


def _withdraw(candidate: Candidate, reason: str, permissions: Permissions) -> None:
    entry = model.Package.get(candidate.entry_id)
    asked = {"id": candidate.entry_id, "reason": reason}
    named = {"id": entry.id, "name": entry.name} if entry else {}
    is_published = entry is not None and publication.is_published(entry)
    try:
        tk.get_action("sdopen_entry_withdraw")(_context(permissions), asked)
        candidate.result = UPDATED
    except gated.Held as held:
        gate.apply(candidate, held.verdict)
    except tk.ValidationError:
        if is_published:
            raise
        candidate.result = UNCHANGED
    candidate.entry_id, candidate.name = named["id"], named["name"]
