"""Which passwords are good enough (GB/T 22239-2019, 身份鉴别 a), and one that is."""

import re
import secrets
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

# what people put in the place of letters
_DISGUISES = str.maketrans("@4801!|3$57", "aaboliiesst")
_ROWS = (
    string.ascii_lowercase,
    string.digits + "0",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "!@#$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_RUNS = (*_ROWS, *(row[::-1] for row in _ROWS))
_DATE = re.compile(r"(?:19|20)\d\d(?:[01]\d(?:[0-3]\d)?)?")
_REPEAT = re.compile(r"(.)\1+")
_LONGEST_RUN = 12
# a password of so few words, years, sequences and single signs is soon guessed
_PIECES = 6
MOST = 200


class Fault(StrEnum):
    """What is wrong with a password."""

    SHORT = "short"
    LONG = "long"
    CLASSES = "classes"
    NAME = "name"
    WEAK = "weak"


@dataclass(frozen=True)
class Policy:
    """What passwords must be: characters, classes of characters, former ones, days they last."""

    length: int = 10
    classes: int = 3
    history: int = 5
    days: int = 90


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    listed = Path(__file__).with_name("weak_words.txt").read_text(encoding="utf-8").split()
    return frozenset(listed)


def classes(password: str) -> int:
    """How many of the four classes it has: small letters, capitals, digits, anything else."""
    return (
        any(sign.islower() for sign in password)
        + any(sign.isupper() for sign in password)
        + any(sign.isdigit() for sign in password)
        + any(not sign.islower() and not sign.isupper() and not sign.isdigit() for sign in password)
    )


def _ends(text: str, start: int, words: frozenset[str], longest: int) -> Iterator[int]:
    """Where pieces end that begin at a place: one sign, words, dates, repeats, sequences."""
    yield start + 1
    plain = text.translate(_DISGUISES)
    for end in range(start + 2, min(len(text), start + longest) + 1):
        if text[start:end] in words or plain[start:end] in words:
            yield end
    for found in (_DATE.match(text, start), _REPEAT.match(text, start)):
        if found:
            yield found.end()
    for end in range(start + 3, min(len(text), start + _LONGEST_RUN) + 1):
        if any(text[start:end] in run for run in _RUNS):
            yield end


def pieces(password: str, name: str = "") -> int:
    """Of how few words, dates, repeats, sequences and single signs a password can be put together.

    `Shandong@2024` is three: a word, a sign, a year. The account's own name counts as a word.
    """
    text = password.casefold()
    words = _words() | ({name.casefold()} if len(name) > 1 else set())
    longest = max(map(len, words))
    fewest = [0, *[len(text)] * len(text)]
    for start in range(len(text)):
        for end in _ends(text, start, words, longest):
            fewest[end] = min(fewest[end], fewest[start] + 1)
    return fewest[-1]


def faults(password: str, name: str, policy: Policy) -> list[Fault]:
    """All that is wrong with a password for an account of this name; empty where it is good."""
    found = []
    if len(password) < policy.length:
        found.append(Fault.SHORT)
    if len(password) > MOST:
        return [Fault.LONG]
    if classes(password) < policy.classes:
        found.append(Fault.CLASSES)
    text, own = password.casefold(), name.casefold()
    if len(own) > 2 and (own in text or own[::-1] in text):
        found.append(Fault.NAME)
    elif pieces(password, name) < _PIECES:
        found.append(Fault.WEAK)
    return found


def generated(length: int = 20) -> str:
    """A password by chance that has all classes of characters."""
    kinds: Sequence[str] = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_.")
    while True:
        made = "".join(secrets.choice("".join(kinds)) for _ in range(length))
        if all(set(made) & set(kind) for kind in kinds):
            return made
