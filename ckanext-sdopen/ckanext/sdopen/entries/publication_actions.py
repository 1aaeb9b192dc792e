"""Publishing and withdrawing entries."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import index_update_package
from ckan.plugins import plugin_loaded
from ckan.types import Context

from ckanext.sdopen import moments
from ckanext.sdopen.access import entry_facts, labels, readable
from ckanext.sdopen.directory import narrow_table
from ckanext.sdopen.entries import audited, consequences, gate, gated, publication
from ckanext.sdopen.entries.publication import reason_of

__all__ = ["package_delete", "sdopen_entry_publish", "sdopen_entry_withdraw"]


def _entry(context: Context, data_dict: dict[str, Any], action: str) -> model.Package:
    """The entry that the caller may publish or withdraw; else the errors that existence gives."""
    reference = tk.get_or_bust(data_dict, "id")
    readable.require(context, readable.ENTRY, data_dict, "id")
    entry = model.Package.get(str(reference))
    if entry is None or not entry_facts.is_entry(entry):
        raise readable.not_found()
    tk.check_access(action, context, {"id": entry.id})
    return entry


def _state_answer(entry: model.Package) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "state": entry.state,
        **{name: entry.extras.get(name) for name in publication.WITHDRAWN},
    }


def sdopen_entry_publish(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Publish a draft or a withdrawn entry as it stands.

    Args:
        data_dict: `id`, the entry's id or name.

    Returns:
        `{"id", "name", "state", "withdrawn_on", "withdrawn_reason"}`; the last two are empty now.

    Raises:
        ObjectNotFound: there is none, or the caller may not read it.
        NotAuthorized: the caller is no administrator of a data authority of its region or above.
        ValidationError: an element is missing or wrong.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_entry_publish -d '{"id": "…"}'`
    """
    entry = _entry(context, data_dict, "sdopen_entry_publish")
    if not publication.is_published(entry):
        as_caller = Context(user=context["user"], return_id_only=True)
        tk.get_action("package_patch")(as_caller, {"id": entry.id, "state": publication.ACTIVE})
        model.Session.refresh(entry)
    return _state_answer(entry)


def sdopen_entry_withdraw(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Withdraw a published entry: it keeps row, code, id and name, and nobody outside reads it.

    Elements are not checked: an entry that breaks a newer rule is withdrawn like any other.

    Args:
        data_dict: `id`, the entry's id or name; `reason`, a sentence of at most 500 characters.

    Returns:
        `{"id", "name", "state", "withdrawn_on": "CCYY-MM-DD", "withdrawn_reason"}`.

    Raises:
        ObjectNotFound: there is none, or the caller may not read it.
        NotAuthorized: the caller is neither its data authority nor its provider's administrator.
        ValidationError: the reason is missing, or the entry is not published.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_entry_withdraw \
        -d '{"id": "…", "reason": "…"}'`
    """
    entry = _entry(context, data_dict, "sdopen_entry_withdraw")
    reason = reason_of(data_dict)
    if not publication.is_published(entry):
        raise tk.ValidationError({"id": [tk._("The entry is not published")]})
    before, facts = consequences.readers_of(entry), audited.row_facts(entry)
    today = moments.today().isoformat()
    why = {"withdrawn_on": today, "withdrawn_reason": reason}
    gated.require(context, entry, gate.WITHDRAW, state=publication.DRAFT, **why)
    entry.state = publication.DRAFT
    # a new dict: SQLAlchemy does not see a change within
    entry.extras = {**entry.extras, **why}
    entry.metadata_modified = moments.now()
    model.Session.flush()
    narrow_table.write_row(entry.id)
    consequences.follow_change(entry, before)
    audited.record_write(entry, facts, context["user"])
    index_update_package(Context(user=context["user"], ignore_auth=True), entry.id)
    model.Session.commit()
    _record(context, entry)
    return _state_answer(entry)


def _record(context: Context, entry: model.Package) -> None:
    """Leave the activity that an update leaves."""
    user = model.User.get(context["user"])
    if not plugin_loaded("activity") or user is None:
        return
    shown = tk.get_action("package_show")({"ignore_auth": True}, {"id": entry.id})
    activity = {
        "user_id": user.id,
        "object_id": entry.id,
        "activity_type": "changed package",
        "data": {"package": shown, "actor": user.name},
        "permission_labels": labels.entry_labels(entry),
    }
    tk.get_action("activity_create")({"user": user.name, "ignore_auth": True}, activity)


@tk.chained_action
def package_delete(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Delete a draft; a published entry is withdrawn instead, system administrators may delete."""
    readable.require(context, readable.ENTRY, data_dict, "id")
    entry = model.Package.get(str(data_dict.get("id") or ""))
    if entry is not None and entry_facts.is_entry(entry):
        tk.check_access("package_delete", context, {"id": entry.id})
        user = model.User.get(context.get("user"))
        trusted = context.get("ignore_auth") or (user is not None and user.sysadmin)
        if publication.is_published(entry) and not trusted:
            raise tk.NotAuthorized(tk._("A published entry is withdrawn, not deleted"))
        gated.require(context, entry, gate.DELETE, state=publication.DELETED)
    return next_action(context, data_dict)
