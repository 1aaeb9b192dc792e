"""The sentences of the harvest scripts, in Chinese and English, from messages.yaml."""

import os
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ckanext.sdopen.errors import SdopenError

_FILE = Path(__file__).with_name("messages.yaml")


@cache
def _table() -> dict[str, dict[str, str]]:
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))


def language() -> str:
    """`en` where the terminal asks for English, else `zh`."""
    chosen = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return "en" if chosen.startswith("en") else "zh"


def say(code: str, **params: Any) -> str:
    """The sentence of a code in the terminal's language, its parameters filled in."""
    return _table()[code][language()].format(**params)


class HarvestError(SdopenError):
    """A harvest run that cannot go on; `code` names its sentence in messages.yaml.

    `exit_code`: 5 the source failed, 6 the portal failed, 64 wrong usage.
    """

    exit_code = 5

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        super().__init__(say(code, **params))


class PortalError(HarvestError):
    """The portal cannot be reached, or refuses the account."""

    exit_code = 6


class UsageError(HarvestError):
    """The command or the source file is not written as it should be."""

    exit_code = 64
