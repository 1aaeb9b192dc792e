"""Who may read tables by SQL, where the portal lets anybody do so."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from ckanext.sdopen.access import caller, readable, visibility
from ckanext.sdopen.optional_plugins import of_plugin
from ckanext.sdopen.table_publishing import downloads
from ckanext.sdopen.table_publishing.datastore import withheld
from ckanext.sdopen.table_publishing.written import standing

__all__ = ["datastore_search_sql"]


@of_plugin("datastore")
@tk.auth_allow_anonymous_access
@tk.chained_auth_function
def datastore_search_sql(
    next_auth: Any, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """Whoever sees the tables of all resources that the statement names; the audit log is told."""
    names = [str(name) for name in context["table_names"]]
    for name in names:
        entry = readable.entry_by_reference(readable.TABLE, name)
        if entry is not None and not caller.sees(context, entry, visibility.TABLE):
            return {"success": False, "msg": str(readable.on_application())}
        # a statement reads working copies, versions it cannot
        if not standing.reads_copy(context, name):
            return {"success": False, "msg": str(standing.not_published())}
        if withheld.has_any(name):
            return {"success": False, "msg": withheld.not_by_statement()}
        # only here the names stand: CKAN 2.12 reads them out of the statement
        downloads.note(name)
    context["table_names"] = names
    found: AuthResult = next_auth(context, data_dict)
    return found
