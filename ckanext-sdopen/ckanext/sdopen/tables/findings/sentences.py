"""What is said of tables, in Chinese and English, from messages.yaml."""

from pathlib import Path
from typing import Any

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.sentences import sentence

_FILE = Path(__file__).with_name("messages.yaml")


def say(code: str, lang: str, **params: Any) -> str:
    """The sentence of a code in `zh` or `en`, its parameters filled in."""
    return sentence(_FILE, code, lang, params)


class TableError(SdopenError):
    """A table that could not be made, kept or read; the code names its sentence."""

    code = ""

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(say(self.code, "zh", **params))

    def sentence(self, lang: str) -> str:
        """What is wrong and what to do."""
        return say(self.code, lang, **self.params)
