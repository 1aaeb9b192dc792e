"""Names as they are compared, however they were typed."""

import unicodedata


def folded(name: str) -> str:
    """A name as it is compared: full and half width, upper and lower case alike, no blanks."""
    return "".join(unicodedata.normalize("NFKC", str(name)).casefold().split())
