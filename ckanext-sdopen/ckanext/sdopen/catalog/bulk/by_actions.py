"""The way by CKAN's actions: slower, and right whatever CKAN's tables and schemas are."""

from collections.abc import Sequence

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.catalog import identity
from ckanext.sdopen.catalog.bulk.candidates import CREATED, UNCHANGED, UPDATED, Candidate
from ckanext.sdopen.catalog.bulk.examine import of_error


def upsert(context: Context, candidates: Sequence[Candidate]) -> None:
    """Create or update each record in a transaction of its own."""
    for candidate in candidates:
        own = Context(user=context.get("user", ""), ignore_auth=bool(context.get("ignore_auth")))
        try:
            _write(own, candidate)
        except tk.ValidationError as error:
            model.Session.rollback()
            candidate.reject(of_error(error.error_dict))
        except tk.NotAuthorized:
            model.Session.rollback()
            message = tk._("You may not change this entry")
            candidate.reject_for("id", message, "not_authorized")


def _write(context: Context, candidate: Candidate) -> None:
    record = candidate.record
    known = next(
        (one for i in identity.possible_ids(record) if (one := model.Package.get(i))), None
    )
    if known is None:
        made = tk.get_action("package_create")(context, record)
        candidate.result = CREATED
    else:
        before = known.metadata_modified
        made = tk.get_action("package_update")(context, {**record, "id": known.id})
        model.Session.expire_all()
        after = model.Package.get(known.id).metadata_modified
        candidate.result = UNCHANGED if before == after else UPDATED
    candidate.entry_id, candidate.name = made["id"], made["name"]
