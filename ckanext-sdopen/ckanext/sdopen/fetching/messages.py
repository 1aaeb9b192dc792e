"""What is said of addresses that cannot be fetched, in Chinese and English, from messages.yaml."""

from pathlib import Path
from typing import Any

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.sentences import sentence

_FILE = Path(__file__).with_name("messages.yaml")


class FetchError(SdopenError):
    """An address from which nothing was taken; `code` names why."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(self.sentence("zh"))

    def sentence(self, lang: str) -> str:
        """What is wrong with the address, and what to do."""
        return sentence(_FILE, self.code, lang, self.params)
