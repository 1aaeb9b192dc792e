"""What the commands say, in Chinese or English by the terminal's language; see messages.tsv."""

import os
import sys
from functools import cache
from pathlib import Path

from ckanext.sdopen.errors import SdopenError

TABLE = Path(__file__).with_name("messages.tsv")
LANGUAGES = ("zh", "en")


class Trouble(SdopenError):
    """A situation that ends the command; the sentence names the remedy."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(text(key, **values))
        self.key = key


@cache
def table() -> dict[str, dict[str, str]]:
    """All sentences: key → language → text."""
    rows: dict[str, dict[str, str]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, *texts = line.split("\t")
            rows[key] = dict(zip(LANGUAGES, texts, strict=True))
    return rows


def language() -> str:
    """`zh` when the terminal's locale is Chinese, else `en`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def text(key: str, **values: object) -> str:
    """One sentence with its values filled in."""
    return table()[key][language()].replace(r"\n", "\n").format(**values)


def say(key: str, **values: object) -> None:
    """Print one sentence at once, even into a pipe."""
    print(text(key, **values), flush=True)


def complain(sentence: str) -> None:
    """Print one sentence to the error stream."""
    print(sentence, file=sys.stderr, flush=True)


def accept_any_terminal() -> None:
    """Let a terminal without Chinese characters show `?` instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
