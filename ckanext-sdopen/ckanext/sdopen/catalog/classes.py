"""The two axes of an entry, sharing and opening, and who may see it."""

from ckanext.sdopen.catalog import visibility

UNCONDITIONAL, CONDITIONAL, NONE = CLASSES = ("unconditional", "conditional", "none")

PUBLIC, GOVERNMENT, PROVIDER = AUDIENCES = ("public", "government", "provider")


def audience(sharing: str | None, opening: str | None) -> str:
    """Who may see a published entry: everybody, every government account, or its provider.

    The provider's data authorities see what it sees. A missing class is the narrowest.
    """
    name = visibility.class_of(sharing, opening)
    seen_by = visibility.roles_that_see(visibility.PUBLISHED, name)
    if visibility.ANONYMOUS in seen_by:
        return PUBLIC
    return GOVERNMENT if visibility.GOVERNMENT in seen_by else PROVIDER
