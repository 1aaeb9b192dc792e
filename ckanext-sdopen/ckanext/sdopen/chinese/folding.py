"""Names as they are compared, however they were typed."""

from ckanext.sdopen.chinese.text import normal


def folded(name: str) -> str:
    """A name as it is compared: in the one form of `text.normal`, without blanks."""
    return "".join(normal(str(name)).casefold().split())
