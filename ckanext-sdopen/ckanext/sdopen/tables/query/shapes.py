"""The forms of JSON that a question is made of."""

from collections.abc import Collection
from typing import Any

from ckanext.sdopen.tables.query.refusals import BadQuery

TEXT_MOST = 10_000
_WHOLE = 2**63 - 1


def with_keys(given: Any, where: str, known: Collection[str]) -> dict[str, Any]:
    """An object that has no other keys than these."""
    if not isinstance(given, dict):
        raise BadQuery("not_an_object", where)
    for key in given:
        if key not in known:
            raise BadQuery("unknown_key", where, given=key, known=", ".join(sorted(known)))
    return given


def listed(given: Any, where: str, most: int) -> list[Any]:
    """A list that is not too long."""
    if not isinstance(given, list) or len(given) > most:
        raise BadQuery("not_a_list", where, most=most)
    return given


def word(given: Any, where: str, known: Collection[str]) -> str:
    """One of these words."""
    if not isinstance(given, str) or given not in known:
        raise BadQuery("unknown_word", where, given=given, known=", ".join(known))
    return given


def text(given: Any, where: str) -> str:
    """A text that can be written in UTF-8."""
    if isinstance(given, str) and len(given) <= TEXT_MOST:
        try:
            given.encode()
        except UnicodeEncodeError:
            pass  # a half of a surrogate pair
        else:
            return given
    raise BadQuery("not_a_text", where, most=TEXT_MOST)


def whole(given: Any, where: str, least: int = 0, most: int = _WHOLE) -> int:
    """A whole number between two bounds."""
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise BadQuery("not_a_whole_number", where, given=given, least=least, most=most)
    return given


def truth(given: Any, where: str) -> bool:
    """Yes or no."""
    if not isinstance(given, bool):
        raise BadQuery("not_a_truth", where, given=given)
    return given
