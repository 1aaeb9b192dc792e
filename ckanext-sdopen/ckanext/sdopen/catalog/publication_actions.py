"""Publishing and withdrawing entries."""

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import index_update_package
from ckan.plugins import plugin_loaded
from ckan.types import Context

from ckanext.sdopen.catalog import dependents, entries, existence, labels, publication

__all__ = ["package_delete", "sdopen_entry_publish", "sdopen_entry_withdraw"]

_LONGEST_REASON = 500


def _entry(context: Context, data_dict: dict[str, Any], action: str) -> model.Package:
    """The entry that the caller may publish or withdraw; else the errors that existence gives."""
    reference = tk.get_or_bust(data_dict, "id")
    existence.require(context, existence.ENTRY, data_dict, "id")
    entry = model.Package.get(str(reference))
    if entry is None or not labels.is_ours(entry):
        raise existence.not_found()
    tk.check_access(action, context, {"id": entry.id})
    return entry


def _told(entry: model.Package) -> dict[str, Any]:
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
    return _told(entry)


def reason_of(data_dict: dict[str, Any]) -> str:
    """The reason of a withdrawal in one line; a validation error where there is none."""
    reason = data_dict.get("reason")
    text = " ".join(reason.split()) if isinstance(reason, str) else ""
    if not text or len(text) > _LONGEST_REASON or not text.isprintable():
        message = tk._("State why it is withdrawn, in at most {most} characters")
        raise tk.ValidationError({"reason": [message.format(most=_LONGEST_REASON)]})
    return text


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
    before = dependents.readers_of(entry)
    today = datetime.now(tk.h.get_display_timezone()).date().isoformat()
    entry.state = publication.DRAFT
    # a new dict: SQLAlchemy does not see a change within
    entry.extras = {**entry.extras, "withdrawn_on": today, "withdrawn_reason": reason}
    entry.metadata_modified = datetime.utcnow()
    model.Session.flush()
    entries.keep(entry.id)
    dependents.settle(entry, before)
    index_update_package(Context(user=context["user"], ignore_auth=True), entry.id)
    model.Session.commit()
    _record(context, entry)
    return _told(entry)


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
    existence.require(context, existence.ENTRY, data_dict, "id")
    entry = model.Package.get(str(data_dict.get("id") or ""))
    if entry is not None and labels.is_ours(entry):
        tk.check_access("package_delete", context, {"id": entry.id})
        user = model.User.get(context.get("user"))
        trusted = context.get("ignore_auth") or (user is not None and user.sysadmin)
        if publication.is_published(entry) and not trusted:
            raise tk.NotAuthorized(tk._("A published entry is withdrawn, not deleted"))
    return next_action(context, data_dict)
