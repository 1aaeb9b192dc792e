"""The words that stand in a template as they are: not in a message, not in code."""

import re
from html.parser import HTMLParser

from jinja2 import Environment

# what stands in them is no language
_CODE = {"code", "kbd", "pre", "script", "style", "svg"}
_SPOKEN = {"alt", "aria-description", "aria-label", "data-bs-title", "placeholder", "title"}
_WORDS = re.compile("[A-Za-z]{2,}|[\u3400-\u9fff]")


class Literals(HTMLParser):
    """The words of a page that stand in it as they are, with their lines."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[tuple[int, str]] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the attributes that a person reads or hears."""
        self._code += tag in _CODE
        for name, value in attrs:
            if name in _SPOKEN:
                self._take(value or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave what holds no language."""
        self._code -= tag in _CODE

    def handle_data(self, data: str) -> None:
        """Take a text."""
        if not self._code:
            self._take(data)

    def _take(self, text: str) -> None:
        if _WORDS.search(text):
            self.texts.append((self.getpos()[0], " ".join(text.split())))


def of_source(source: str, environment: Environment) -> list[tuple[int, str]]:
    """The words that stand in a template outside of expressions and translated blocks."""
    page, before, translated = "", "", False
    for _, kind, value in environment.lex(source):
        if kind == "name" and before == "block_begin" and value in ("trans", "endtrans"):
            translated = value == "trans"
        page += value if kind == "data" and not translated else "\n" * value.count("\n")
        before = kind if kind != "whitespace" else before
    parser = Literals()
    parser.feed(page)
    parser.close()
    return parser.texts
