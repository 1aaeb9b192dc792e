"""What the workbook's readers and results say, in Chinese and English, from messages.yaml."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ckanext.sdopen.sentences import sentence
from ckanext.sdopen.sheets.confinement import Refusal
from ckanext.sdopen.sheets.messages import SheetError

_FILE = Path(__file__).with_name("messages.yaml")


def say(code: str, lang: str, **params: Any) -> str:
    """The sentence of a code, its parameters filled in."""
    return sentence(_FILE, code, lang, params)


class BookError(Refusal):
    """A book that cannot be read; nothing of it was taken."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(say(code, "zh", **params))

    def sentence(self, lang: str) -> str:
        """What is wrong with the book and what to do."""
        return say(self.code, lang, **self.params)


@contextmanager
def as_book_errors() -> Iterator[None]:
    """What `sheets` says of a file, said of a workbook."""
    try:
        yield
    except SheetError as error:
        raise BookError(f"book_{error.code}", **error.params) from None


@dataclass(frozen=True)
class Note:
    """A remark on the whole book: a sheet or a column that was not read, hidden rows, totals."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self, lang: str) -> str:
        """The remark in a language."""
        return say(self.code, lang, **self.params)
