"""What is said of loads, in Chinese and English, from messages.yaml."""

from pathlib import Path
from typing import Any

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.sentences import sentence

_FILE = Path(__file__).with_name("messages.yaml")
LANGUAGES = ("zh", "en")


def say(code: str, lang: str, **params: Any) -> str:
    """The sentence of a code in `zh` or `en`, its parameters filled in."""
    return sentence(_FILE, code, lang, params)


def both(code: str, **params: Any) -> dict[str, str]:
    """The sentence of a code in both languages."""
    return {lang: say(code, lang, **params) for lang in LANGUAGES}


class LoadRefused(SdopenError):
    """A table that is not loaded, now or later; the code names its sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code, self.params = code, params
        super().__init__(say(code, "zh", **params))

    def sentence(self, lang: str) -> str:
        """Why nothing was published, and what to do."""
        return say(self.code, lang, **self.params)
