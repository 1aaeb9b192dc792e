"""The two axes of an entry, sharing and opening, and who may see it."""

UNCONDITIONAL, CONDITIONAL, NONE = CLASSES = ("unconditional", "conditional", "none")

PUBLIC, GOVERNMENT, PROVIDER = AUDIENCES = ("public", "government", "provider")


def audience(sharing: str | None, opening: str | None) -> str:
    """Who may see a published entry: everybody, every government account, or its provider.

    The provider's data authorities see what it sees. A missing class is the narrowest.
    """
    if opening in (UNCONDITIONAL, CONDITIONAL):
        return PUBLIC
    if sharing in (UNCONDITIONAL, CONDITIONAL):
        return GOVERNMENT
    return PROVIDER
