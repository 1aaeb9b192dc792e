"""Entries that are the same but for punctuation, blanks or a number filled down."""

import unicodedata

# letters and digits of any script count, everything else is punctuation or blank
_COUNTED = ("L", "N")


def title_key(title: str) -> str:
    """A title without what hides a duplicate: width, case, punctuation, blanks.

    >>> title_key("企业 名录（2024年）") == title_key("企业名录(2024年)")
    True
    """
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] in _COUNTED)
