"""Who may read an entry."""

from ckan import model
from ckan.lib.plugins import DefaultPermissionLabels

_DEFAULT = DefaultPermissionLabels()


def entry_labels(entry: model.Package) -> list[str]:
    """Labels of an entry."""
    return _DEFAULT.get_dataset_labels(entry)


def user_labels(user: model.User) -> list[str]:
    """Labels of a user."""
    return _DEFAULT.get_user_dataset_labels(user)
