"""CKAN's hooks of an entry's life and of who reads it, for the plugin."""

from typing import Any

from ckan import model
from ckan.types import Context

from ckanext.sdopen.access import labels, withholding
from ckanext.sdopen.directory import narrow_table
from ckanext.sdopen.entries import audited, consequences, gated
from ckanext.sdopen.entries.display.topic_groups import complete_entry


class EntryHooks:
    """What of IPackageController and IPermissionLabels concerns entries."""

    def get_dataset_labels(self, dataset_obj: model.Package) -> list[str]:
        """Who may read the entry."""
        return labels.entry_labels(dataset_obj)

    def get_user_dataset_labels(self, user_obj: model.User) -> list[str]:
        """What the user may read."""
        return labels.user_labels(user_obj)

    def after_dataset_show(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Complete what is derived, withhold what the caller does not get."""
        complete_entry(pkg_dict)
        withholding.strip(context, [pkg_dict])

    def after_dataset_create(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Before the commit: register the entry and its number."""
        package = model.Session.get(model.Package, pkg_dict["id"])
        gated.reached(package)
        narrow_table.write_new_row(package.id)
        audited.record_write(package, None, context.get("user", ""))

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Before the commit: its row, and what hangs on the entry."""
        package = model.Session.get(model.Package, pkg_dict["id"])
        gated.reached(package)
        narrow_table.write_row(package.id)
        before = context.get("sdopen_before") or audited.row_facts(package)
        audited.record_write(package, before, context.get("user", ""))
        consequences.follow_change(package, context.get("sdopen_readers"))

    def after_dataset_delete(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Before the commit: nobody outside reads a deleted entry."""
        package = model.Package.get(pkg_dict["id"])
        before = audited.row_facts(package)
        consequences.follow_deletion(package)
        audited.record_write(package, before, context.get("user", ""))


def sign(pkg_dict: dict[str, Any]) -> None:
    """Leave out of a document what is not everybody's, and sign it with who reads it."""
    withholding.keep_out_of_index(pkg_dict)
    labels.sign(pkg_dict)
