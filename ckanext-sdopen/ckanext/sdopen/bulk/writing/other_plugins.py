"""The hooks that CKAN calls for each entry it saves, for plugins that count on them."""

from collections.abc import Sequence

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins import IPackageController, PluginImplementations
from ckan.types import Context

from ckanext.sdopen.bulk.record import CREATED, Candidate
from ckanext.sdopen.optional_plugins import is_ours


def call(context: Context, written: Sequence[Candidate]) -> None:
    """Call other plugins' hooks in the batch's transaction, where a setting asks for it.

    They cost what they cost for each entry, so `ckanext.sdopen.bulk.compat_hooks` is off.
    """
    if not tk.config["ckanext.sdopen.bulk.compat_hooks"]:
        return
    others = [plugin for plugin in PluginImplementations(IPackageController) if not is_ours(plugin)]
    for candidate in written:
        package = model.Session.get(model.Package, candidate.entry_id)
        data = {**candidate.record, "id": candidate.entry_id, "name": candidate.name}
        for plugin in others:
            own = Context(
                user=context.get("user", ""), model=model, session=model.Session, package=package
            )
            if candidate.result == CREATED:
                plugin.create(package)
                plugin.after_dataset_create(own, data)
            else:
                plugin.edit(package)
                plugin.after_dataset_update(own, data)
