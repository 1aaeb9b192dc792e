"""What the workbook's readers and results say, in Chinese and English, from messages.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ckanext.sdopen.errors import SdopenError

_FILE = Path(__file__).with_name("messages.yaml")


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 safe both


def say(code: str, lang: str, **params: Any) -> str:
    """The sentence of a code, its parameters filled in."""
    return _table()[code]["zh" if lang.startswith("zh") else "en"].format(**params)


class BookError(SdopenError):
    """A book that cannot be read; nothing of it was taken."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(say(code, "zh", **params))

    def sentence(self, lang: str) -> str:
        """What is wrong with the book and what to do."""
        return say(self.code, lang, **self.params)


@dataclass(frozen=True)
class Note:
    """A remark on the whole book: a sheet or a column that was not read, hidden rows, totals."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self, lang: str) -> str:
        """The remark in a language."""
        return say(self.code, lang, **self.params)
