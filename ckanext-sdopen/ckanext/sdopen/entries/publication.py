"""Who publishes: the data authority of an entry's region or one above, and trusted loaders.

A withdrawn entry is a draft with `withdrawn_on` and `withdrawn_reason`: row, code, id and name
stay, nobody but its provider and authorities reads it, and publishing it again clears both.
"""

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import Context

from ckanext.sdopen.access import entry_facts, visibility
from ckanext.sdopen.access.authority import governs

ACTIVE, DRAFT, DELETED = model.State.ACTIVE, "draft", model.State.DELETED
WITHDRAWN = ("withdrawn_on", "withdrawn_reason")


def withdraws(user_name: str | None, entry: model.Package) -> bool:
    """Whether the user may withdraw the entry: who publishes it, or an admin of its provider."""
    region = str(entry.extras.get("region") or "")
    return governs(user_name, region) or authz.has_user_permission_for_group_or_org(
        entry.owner_org, user_name, "admin"
    )


def only_the_authority() -> str:
    """Why a cataloguer does not change a published entry."""
    return str(
        tk._("This entry is published; only the data authority of its region publishes changes")
    )


def _region_of(data_dict: Mapping[str, Any], stored: model.Package | None) -> str:
    if stored:
        return str(stored.extras.get("region") or "")
    provider = model.Group.get(str(data_dict.get("owner_org") or ""))
    return str(provider.extras.get("region") or "") if provider else ""


def _may_publish(context: Context, data_dict: Mapping[str, Any], stored: Any) -> bool:
    if context.get("ignore_auth"):
        return True
    return governs(context.get("user"), _region_of(data_dict, stored))


def _asked(data_dict: Mapping[str, Any]) -> str:
    """The state that a client asks for: active, draft, deleted, or nothing."""
    state = str(data_dict.get("state") or "")
    state = DRAFT if state.startswith(DRAFT) else state
    if state not in ("", ACTIVE, DRAFT, DELETED):
        message = tk._('"{state}" is no state; an entry is active or draft')
        raise tk.ValidationError({"state": [message.format(state=state[:50])]})
    return state


def state_of(
    data_dict: Mapping[str, Any], before: str, trusted: bool, may_publish: Callable[[], bool]
) -> str:
    """The state in which an entry is saved, from what is asked and who asks.

    Args:
        data_dict: what the client sent.
        before: the state in which it is stored; empty for a new one.
        trusted: whether trusted code asks, which may withdraw without a reason.
        may_publish: whether the caller publishes; asked where it counts only.

    Raises:
        ValidationError: the state is none, or withdraws a published entry without a reason.
    """
    asked = _asked(data_dict)
    if before == ACTIVE:
        if asked in ("", ACTIVE) or trusted:
            return asked or ACTIVE
        message = tk._("Withdraw a published entry by sdopen_entry_withdraw, with the reason")
        raise tk.ValidationError({"state": [message]})
    if may_publish():
        return asked or before or ACTIVE
    # what was deleted comes back as a draft when that is asked for
    return DELETED if before == DELETED and asked != DRAFT else DRAFT


def decide_state(context: Context, data_dict: dict[str, Any], stored: model.Package | None) -> None:
    """Set the state of an entry about to be saved, whatever the client sent.

    Raises:
        ValidationError: the state is none, or withdraws a published entry without a reason.
    """
    trusted = bool(context.get("ignore_auth"))
    state = state_of(
        data_dict,
        stored.state if stored else "",
        trusted,
        lambda: _may_publish(context, data_dict, stored),
    )
    context["allow_state_change"] = True
    set_state(data_dict, state, trusted, stored.extras if stored else {})


def set_state(
    data_dict: dict[str, Any], state: str, trusted: bool, known: Mapping[str, Any]
) -> None:
    """Write the state into the data; why it was withdrawn stays while it is not published."""
    data_dict["state"] = state
    for name in WITHDRAWN:
        kept = (data_dict.get(name) if trusted else None) or known.get(name)
        if kept and state != ACTIVE:
            data_dict[name] = kept
        else:
            data_dict.pop(name, None)


def is_published(entry: model.Package) -> bool:
    """Whether an entry of ours is published."""
    return entry_facts.is_entry(entry) and entry_facts.of_row(entry).state == visibility.PUBLISHED


_LONGEST_REASON = 500


def reason_of(data_dict: dict[str, Any]) -> str:
    """The reason of a withdrawal in one line; a validation error where there is none."""
    reason = data_dict.get("reason")
    text = " ".join(reason.split()) if isinstance(reason, str) else ""
    if not text or len(text) > _LONGEST_REASON or not text.isprintable():
        message = tk._("State why it is withdrawn, in at most {most} characters")
        raise tk.ValidationError({"reason": [message.format(most=_LONGEST_REASON)]})
    return text
