"""Tags as CKAN takes them: 2–100 letters, digits, spaces and `-_.`; others are split or listed."""

import re
from collections.abc import Iterable

# ckan.logic.validators.tag_name_validator and tag_length_validator of CKAN 2.12
_LEGAL = re.compile(r"[\w \-.]{2,100}")
_BREAKS = re.compile(r"[^\w \-.]+")


def legal(tag: str) -> bool:
    """Whether CKAN takes the tag as it stands."""
    return bool(_LEGAL.fullmatch(tag))


def fitted(raw: Iterable[str]) -> tuple[list[str], list[tuple[str, list[str]]], list[str]]:
    """Fit tags to CKAN.

    Returns:
        The tags to send, in order, each once; the (tag, pieces) that were split; and those of
        which nothing could be kept (single characters, bare punctuation).
    """
    kept: dict[str, None] = {}
    split: list[tuple[str, list[str]]] = []
    refused: list[str] = []
    for tag in raw:
        name = " ".join(tag.split())
        if legal(name):
            kept[name] = None
            continue
        pieces = [piece.strip() for piece in _BREAKS.split(name)]
        usable = [piece for piece in pieces if legal(piece)]
        if usable and len(pieces) > 1:
            kept.update(dict.fromkeys(usable))
            split.append((tag, usable))
        elif name:
            refused.append(tag)
    return list(kept), split, refused
