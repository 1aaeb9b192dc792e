"""What is said of files of rows, in Chinese and English, from messages.yaml."""

from pathlib import Path
from typing import Any

from ckanext.sdopen.sentences import sentence
from ckanext.sdopen.sheets.confinement import Refusal

_FILE = Path(__file__).with_name("messages.yaml")


def say(code: str, lang: str, **params: Any) -> str:
    """The sentence of a code, its parameters filled in."""
    return sentence(_FILE, code, lang, params)


class SheetError(Refusal):
    """A file that cannot be read as tables; nothing of it was taken."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(say(code, "zh", **params))

    def sentence(self, lang: str) -> str:
        """What is wrong with the file, where, and what to do."""
        return say(self.code, lang, **self.params)
