"""CKAN's own actions that move or purge entries keep the narrow table in step."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import ActionResult, Context

from ckanext.sdopen.catalog import aliases, entries, existence

__all__ = ["dataset_purge", "package_owner_org_update"]


@tk.chained_action
def dataset_purge(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.DatasetPurge:
    """Purge an entry; its number is void from now on, its aliases lead nowhere."""
    tk.check_access("dataset_purge", context, data_dict)
    package = model.Package.get(str(data_dict.get("id") or ""))
    if package is not None and entries.is_listed(package):
        # in the purge's own transaction
        entries.forget(package.id)
        aliases.forget(package.id)
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
    existence.require(context, existence.ENTRY, data_dict, "id")
    package = model.Package.get(str(data_dict.get("id") or ""))
    result = next_action(context, data_dict)
    if package is not None and entries.is_listed(package):
        _join_again(package)
        entries.keep(package.id)
        if not context.get("defer_commit"):
            model.repo.commit()
    return result
