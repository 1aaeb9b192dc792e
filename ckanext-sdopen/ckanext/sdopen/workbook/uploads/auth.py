"""Who may hand in a workbook, and who may see one."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import AuthResult, Context

from ckanext.sdopen.workbook.uploads import access, store

__all__ = [
    "sdopen_workbook_check",
    "sdopen_workbook_delete",
    "sdopen_workbook_import",
    "sdopen_workbook_list",
    "sdopen_workbook_show",
]


def _cataloguer(context: Context) -> AuthResult:
    user = context.get("user")
    if user and authz.has_user_permission_for_some_org(user, "create_dataset"):
        return {"success": True}
    message = tk._("Only cataloguers of a department may hand in a workbook")
    return {"success": False, "msg": message}


def _of_book(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    book = store.find(str((data_dict or {}).get("id") or ""))
    # a book of others is answered like one that is not there
    return {"success": book is not None and access.may_see(context.get("user"), book)}


def sdopen_workbook_check(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Cataloguers, data authorities and system administrators may."""
    return _cataloguer(context)


def sdopen_workbook_list(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Cataloguers may; each is told of its own books, and of those it governs."""
    return _cataloguer(context)


def sdopen_workbook_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """The submitter and the data authority may."""
    return _of_book(context, data_dict)


def sdopen_workbook_delete(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """The submitter and the data authority may."""
    return _of_book(context, data_dict)


def sdopen_workbook_import(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Who may see a book may import it; each entry asks for the right to create or change it."""
    return _of_book(context, data_dict)
