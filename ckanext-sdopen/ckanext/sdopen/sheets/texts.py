"""Texts of cells and headings in their one form."""

import re
import unicodedata

# soft hyphen, zero width blank, marks of direction, word joiner, byte order mark; a zero width
# (non-)joiner belongs to some scripts
INVISIBLE = "\xad\u200b\u200e\u200f\u2060\ufeff"
_SEEN = re.compile(f"[{INVISIBLE}]")
_FROM_CELLS = dict.fromkeys(map(ord, INVISIBLE))
_FROM_NAMES = _FROM_CELLS | dict.fromkeys((0x200C, 0x200D, *range(0x202A, 0x202F)))
_MARKS = re.compile(r"^[*＊★※\s]+|[*＊★※\s]+$|[（(]\s*(?:必填|选填|必填项|必录)\s*[）)]")
_BREAK = re.compile(r"(?<=[!-~])\s+(?=[!-~])")


def cell(text: str) -> str:
    """A cell without invisible characters, blanks around it, and with `\\n` for line breaks."""
    if not text.isascii() and _SEEN.search(text):
        text = text.translate(_FROM_CELLS)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def name(heading: str) -> str:
    """A heading as the name of a column: on one line, without marks like * and （必填）, NFC.

    Blanks and line breaks stay, as one blank, only between letters of ASCII.
    """
    text = unicodedata.normalize("NFC", heading.translate(_FROM_NAMES))
    text = _MARKS.sub("", text.strip())
    return "".join(_BREAK.sub("\u2400", text).split()).replace("\u2400", " ")


def key(heading: str) -> str:
    """A heading as names are compared: half width, small letters, no blanks."""
    half_width = unicodedata.normalize("NFKC", name(heading))
    return "".join(half_width.split()).casefold()
