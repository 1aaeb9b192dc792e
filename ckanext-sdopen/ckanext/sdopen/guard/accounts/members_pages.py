"""Pages that list the accounts of a department or topic are shown to government accounts only."""

import ckan.plugins.toolkit as tk
import flask

from ckanext.sdopen.guard.accounts.auth import may_see_accounts

blueprint = flask.Blueprint("sdopen_members", __name__)

# CKAN shows the first of them to everybody
_LISTS = ("admins", "members", "member_dump", "followers")


@blueprint.before_app_request
def refuse() -> None:
    """Refuse such a page before it is made."""
    _, _, view = (flask.request.endpoint or "").partition(".")
    if view in _LISTS and not may_see_accounts():
        tk.abort(403, tk._("Accounts are shown to government accounts only"))
