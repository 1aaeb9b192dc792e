"""Texts that a spreadsheet does not compute when it opens a CSV."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """A text with a `'` before it where a spreadsheet would take it for a formula."""
    if not text.startswith(_FORMULA) or text[1:].replace(".", "", 1).isdigit():
        return text
    return f"'{text}"
