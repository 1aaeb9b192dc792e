"""The filters that bound a query of the index by what may be found: written here, nowhere else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.plugins import get_permission_labels
from ckan.types import Context

from ckanext.sdopen.access import caller
from ckanext.sdopen.access.labels import PUBLIC


def labels_of(context: Context | Mapping[str, Any]) -> list[str] | None:
    """The labels by which a caller finds entries; None for whom no label counts."""
    if caller.is_trusted(context):
        return None
    return list(get_permission_labels().get_user_dataset_labels(caller.user_of(context)))


def filters(
    labels: Iterable[str] | None, states: Sequence[str] = (model.State.ACTIVE,)
) -> list[str]:
    """The filters that leave the entries of some states that carry one of the labels.

    Args:
        labels: those of the reader; None leaves every entry.
        states: CKAN's states of entries.
    """
    found = [
        f'+site_id:"{tk.config["ckan.site_id"]}"',
        "+entity_type:package",
        f"+state:({' OR '.join(states)})",
    ]
    if labels is not None:
        quoted = " OR ".join('"{}"'.format(label.replace('"', "")) for label in sorted(labels))
        found.append(f"+permission_labels:({quoted})")
    return found


def of_caller(context: Context | Mapping[str, Any]) -> list[str]:
    """The filters that leave the published entries which the caller reads."""
    return filters(labels_of(context))


def of_everybody() -> list[str]:
    """The filters that leave the published entries which everybody reads."""
    return filters([PUBLIC])


def of_search(context: Context, asked: Mapping[str, Any]) -> list[str]:
    """The filters by which CKAN's package_search bounds a caller, without those that he asks for.

    Args:
        context: CKAN's; names the caller.
        asked: the parameters of package_search, of which some widen the states.
    """
    states = [model.State.ACTIVE]
    states += ["draft"] if tk.asbool(asked.get("include_drafts", False)) else []
    states += [model.State.DELETED] if tk.asbool(asked.get("include_deleted", False)) else []
    found = filters(labels_of(context), states)
    if not tk.asbool(asked.get("include_private", False)):
        found.append("+capacity:public")
    return found
