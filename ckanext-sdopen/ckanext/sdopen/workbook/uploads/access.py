"""Whose books a user may see: those handed in by it, and by departments that it governs."""

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen.access.authority import governs
from ckanext.sdopen.workbook.uploads.store import Uploaded


def regions_of(user: model.User) -> list[str]:
    """The regions of the departments that a user works in."""
    found = {
        str(group.extras.get("region") or tk.config["ckanext.sdopen.portal.region"])
        for group in user.get_groups("organization")
    }
    return sorted(found)


def may_see(user_name: str | None, book: Uploaded) -> bool:
    """Whether a user is the submitter, or an administrator of a data authority above it.

    Until it is checked, a book is its submitter's alone: it may bear what nobody else may read.
    """
    user = model.User.get(user_name) if user_name else None
    if user is None or not user.is_active:
        return False
    if user.id == book.user_id or (user.sysadmin and book.is_checked):
        return True
    return book.is_checked and any(governs(user.name, region) for region in book.regions)
