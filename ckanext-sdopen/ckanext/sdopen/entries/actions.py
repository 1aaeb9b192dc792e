"""Actions on entries, departments and accounts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import fresh_context
from ckan.types import ActionResult, Context
from sqlalchemy.exc import IntegrityError

from ckanext.sdopen import config, notices
from ckanext.sdopen.access import entry_facts, readable
from ckanext.sdopen.audit import log
from ckanext.sdopen.audit.kinds import Kind
from ckanext.sdopen.audit.log import Event
from ckanext.sdopen.ckan_seams.index_document import queueing
from ckanext.sdopen.directory import narrow_table, outbox
from ckanext.sdopen.entries import audited, consequences, gate, gated, publication
from ckanext.sdopen.entries.display.topic_groups import complete_entry
from ckanext.sdopen.entries.files import single_write
from ckanext.sdopen.entries.files.stored import dropped_on_failure
from ckanext.sdopen.entries.steps.unpacking import refuse_odd, unpack
from ckanext.sdopen.entries.validation import identity, resource_ids
from ckanext.sdopen.numbering import aliases
from ckanext.sdopen.numbering.allocation import allocated
from ckanext.sdopen.standard.elements import KIND_OF_TYPE
from ckanext.sdopen.tables import closed_columns

__all__ = ["dataset_purge", "package_create", "package_owner_org_update", "package_update"]


def _is_entry(entry_type: str | None) -> bool:
    """Whether packages of the type are ours: a portal may run without our schemas."""
    kind = entry_type or "dataset"
    if not isinstance(kind, str):
        raise tk.ValidationError({"type": [tk._("The type must be a text")]})
    return entry_facts.is_ours(kind)


def _prepared(
    context: Context, data_dict: dict[str, Any], stored: model.Package | None
) -> dict[str, Any]:
    """The entry's data with ids for its resources and without the groups that only are shown.

    Topics are a field; sent back from package_show as groups they would ask for rights on them.
    They may be named as any portal names them. A new entry's code that is a prefix and a stroke
    gets the next number.
    """
    prepared = {name: value for name, value in data_dict.items() if name != "groups"}
    entry_type = stored.type if stored else prepared.get("type") or "dataset"
    unpack(prepared, KIND_OF_TYPE[entry_type], config.profile())
    if stored is None and str(prepared.get("resource_code") or "").strip().endswith("/"):
        prepared["resource_code"] = allocated(context, prepared, KIND_OF_TYPE[entry_type])
    if isinstance(prepared.get("resources"), list):
        _prepare_resources(context, prepared, stored)
    return prepared


def _prepare_resources(
    context: Context, prepared: dict[str, Any], stored: model.Package | None
) -> None:
    sent = prepared["resources"]
    if stored is None:
        # CKAN keeps no file that comes with a new entry
        sent = [{name: v for name, v in one.items() if name != "upload"} for one in sent]
    entry_id = stored.id if stored else identity.future_id(prepared)
    known = [r.as_dict() for r in stored.resources] if stored else []
    if entry_id:
        sent = resource_ids.identified(entry_id, sent, known)
    resource_ids.refuse_others(entry_id or "", sent, known)
    prepared["resources"] = sent if context.get("ignore_auth") else single_write.taken(sent, known)


@tk.chained_action
def package_create(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.PackageCreate:
    """Create an entry; the ids of its resources are derived, a lost race is a validation error."""
    if not _is_entry(data_dict.get("type")):
        return next_action(context, data_dict)
    # a context used before still holds the entry made then
    context.pop("package", None)
    refuse_odd(data_dict)
    tk.check_access("package_create", context, data_dict)
    prepared = _prepared(context, data_dict, None)
    publication.decide_state(context, prepared, None)
    closed_columns.refuse(prepared, None)
    try:
        with (
            gated.saving(context, prepared, None),
            dropped_on_failure(_defers(context)),
            queueing(outbox.enqueue),
        ):
            made = next_action(context, prepared)
    except IntegrityError as error:
        model.Session.rollback()
        broken = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        if broken not in ("package_pkey", "package_name_key"):
            raise
        message = tk._("The entry is being created by another request; look whether it exists")
        raise tk.ValidationError({"resource_code": [message]}) from None
    notices.show(KIND_OF_TYPE[data_dict.get("type") or "dataset"])
    return made


@contextmanager
def _compared_without_groups(context: Context, entry_id: str) -> Iterator[None]:
    """CKAN finds that nothing changed by comparing with what is shown: there without groups, too.

    What is shown stands in the context for this one update only; the next would find it stale.
    """
    given = context.pop("original_package", None)
    shown = given
    if not given or given.get("id") != entry_id:
        trusted = fresh_context(context, ignore_auth=True)
        shown = tk.get_action("package_show")(trusted, {"id": entry_id})
    context["original_package"] = {k: v for k, v in (shown or {}).items() if k != "groups"}
    try:
        yield
    finally:
        context.pop("original_package", None)
        if given:
            context["original_package"] = given


@tk.chained_action
def package_update(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.PackageUpdate:
    """Update an entry; resources without an id keep the one they have."""
    readable.require(context, readable.ENTRY, data_dict, "id", "name")
    stored = model.Package.get(data_dict.get("id") or data_dict.get("name"))
    if stored is None or not _is_entry(stored.type):
        return next_action(context, data_dict)
    tk.check_access("package_update", context, {"id": stored.id})
    prepared = _prepared(context, data_dict, stored)
    publication.decide_state(context, prepared, stored)
    closed_columns.refuse(prepared, stored)
    # what changes with the entry's class asks who read it before
    _mark(context, "sdopen_readers", consequences.readers_of(stored))
    _mark(context, "sdopen_before", audited.row_facts(stored))
    with (
        _compared_without_groups(context, stored.id),
        gated.saving(context, prepared, stored),
        dropped_on_failure(_defers(context)),
        queueing(outbox.enqueue),
    ):
        updated = next_action(context, prepared)
    notices.show(KIND_OF_TYPE[stored.type])
    if isinstance(updated, dict):
        complete_entry(updated)
    return updated


def _defers(context: Context) -> bool:
    return bool(context.get("defer_commit"))


def _mark(context: Context, name: str, value: Any) -> None:
    """Leave a note for those who act when the change is saved."""
    context.update({name: value})  # type: ignore[typeddict-item]


@tk.chained_action
def dataset_purge(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.DatasetPurge:
    """Purge an entry; its number is void from now on, its aliases lead nowhere."""
    tk.check_access("dataset_purge", context, data_dict)
    package = model.Package.get(str(data_dict.get("id") or ""))
    if package is not None and entry_facts.is_entry(package):
        gated.require(context, package, gate.PURGE)
        # in the purge's own transaction
        narrow_table.forget(package.id)
        aliases.forget(package.id)
        log.record(
            [Event(Kind.ENTRY_DELETE, package.id, details={"purged": True})], context["user"]
        )
    return next_action(context, data_dict)


def _join_again(package: model.Package) -> None:
    """Let the membership in its department be active; no commit.

    CKAN 2.12 finds the row that an earlier stay or a deletion left, and leaves it deleted.
    """
    left = (
        model.Session.query(model.Member)
        .filter_by(table_name="package", table_id=package.id, group_id=package.owner_org)
        .filter(model.Member.capacity == "organization", model.Member.state != model.State.ACTIVE)
        .first()
    )
    if left is not None:
        left.state = model.State.ACTIVE


@tk.chained_action
def package_owner_org_update(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.PackageOwnerOrgUpdate:
    """Move an entry to another department; code, id and name stay."""
    readable.require(context, readable.ENTRY, data_dict, "id")
    package = model.Package.get(str(data_dict.get("id") or ""))
    is_ours = package is not None and entry_facts.is_entry(package)
    # CKAN's own saves move the entry, too, before they store its files
    if is_ours and not gated.reached(package):
        tk.check_access("package_owner_org_update", context, data_dict)
        gated.require(context, package, gate.MOVE, owner_org=data_dict.get("organization_id"))
    result = next_action(context, data_dict)
    if is_ours:
        _join_again(package)
        narrow_table.write_row(package.id)
        if not context.get("defer_commit"):
            model.repo.commit()
    return result
