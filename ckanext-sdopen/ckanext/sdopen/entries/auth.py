"""Who may do what with departments and entries, beyond CKAN's own rules."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context
from flask import has_request_context

from ckanext.sdopen.access import caller, entry_facts
from ckanext.sdopen.access.authority import governs
from ckanext.sdopen.entries import publication

__all__ = [
    "package_show",
    "package_update",
    "sdopen_catalog_check",
    "sdopen_codelist_list",
    "sdopen_codelist_show",
    "sdopen_entry_publish",
    "sdopen_entry_withdraw",
    "sdopen_template_show",
]


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def package_show(next_auth: Any, context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """An entry is read by those who have one of its roles, however many labels they have."""
    entry = model.Package.get(str((data_dict or {}).get("id") or ""))
    if entry is None or not entry_facts.is_entry(entry):
        return next_auth(context, data_dict)
    if caller.sees(context, entry):
        return {"success": True}
    return {"success": False, "msg": tk._("You may not read this entry")}


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def package_update(
    next_auth: Any, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """Who publishes an entry changes it; others a draft only, where CKAN's own rule allows it."""
    entry = model.Package.get(str((data_dict or {}).get("id") or ""))
    if entry is None or not entry_facts.is_entry(entry):
        return next_auth(context, data_dict)
    if governs(context.get("user"), str(entry.extras.get("region") or "")):
        return {"success": True}
    # topics are no groups of the database, on which CKAN would ask for rights
    allowed: AuthResult = next_auth(context, {"id": entry.id})
    if not allowed["success"] or not publication.is_published(entry):
        return allowed
    sentence = publication.only_the_authority()
    if has_request_context():
        # CKAN's pages answer 403 in words of their own; the error page shows this sentence too
        tk.g.sdopen_refusal = sentence
    return {"success": False, "msg": sentence}


def sdopen_entry_publish(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """The data authority of the entry's region, or of one above, publishes."""
    entry = model.Package.get(str((data_dict or {}).get("id") or ""))
    region = str(entry.extras.get("region") or "") if entry else ""
    if entry and governs(context.get("user"), region):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the data authority of its region publishes it")}


def sdopen_entry_withdraw(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Who publishes an entry withdraws it, and an administrator of its provider."""
    entry = model.Package.get(str((data_dict or {}).get("id") or ""))
    if entry and publication.withdraws(context.get("user"), entry):
        return {"success": True}
    message = tk._("Only its data authority or an administrator of its provider withdraws it")
    return {"success": False, "msg": message}


@tk.auth_allow_anonymous_access
def sdopen_catalog_check(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Nothing is saved, and nothing of others is told."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def sdopen_codelist_list(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Code lists are public."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def sdopen_codelist_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Code lists are public."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def sdopen_template_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """The standard is public."""
    return {"success": True}
