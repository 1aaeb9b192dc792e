"""How much an entry may hold; each limit is a setting, and the error states it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Characters of a title, a text and a paragraph; rows of a table; words of a list."""

    title: int = 300
    text: int = 2_000
    paragraph: int = 50_000
    items: int = 2_000
    words: int = 500
    tags: int = 500
    resources: int = 500
