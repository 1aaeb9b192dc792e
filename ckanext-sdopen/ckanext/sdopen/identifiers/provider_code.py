"""The 统一社会信用代码 (GB 32100-2015): eighteen characters, the last one a check digit."""

from functools import lru_cache

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18


def check_character(stem: str) -> str:
    """The 18th character that belongs to the first seventeen."""
    total = sum(
        _ALPHABET.index(character) * pow(3, position, 31) for position, character in enumerate(stem)
    )
    return _ALPHABET[(31 - total % 31) % 31]


# a department has one code and thousands of entries
@lru_cache(maxsize=8_192)
def is_valid(code: str) -> bool:
    """Whether the code has eighteen legal characters and the right check digit."""
    if len(code) != _LENGTH or any(character not in _ALPHABET for character in code):
        return False
    return check_character(code[:-1]) == code[-1]
