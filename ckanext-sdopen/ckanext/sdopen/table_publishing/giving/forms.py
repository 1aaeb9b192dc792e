"""The forms in which rows of a table are streamed, made of what the reader sends."""

import codecs
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from ckanext.sdopen.sheets import charsets

_Blocks = Iterable[bytes]


class Form(NamedTuple):
    """A form: what the reader sends for it, its type, and what becomes of the blocks.

    `safe` says that its cells are opened by spreadsheets, which would compute some of them.
    """

    sent: str
    media: str
    safe: bool
    made: Callable[[_Blocks], Iterator[bytes]]


def _with_mark(blocks: _Blocks) -> Iterator[bytes]:
    """UTF-8 as Excel tells it from the encoding of the machine."""
    yield codecs.BOM_UTF8
    yield from blocks


def gb18030(blocks: _Blocks) -> Iterator[bytes]:
    """UTF-8 as GB18030, whose signs may be parted between two blocks."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for block in blocks:
        yield decoder.decode(block).encode(charsets.GB18030)


def array(lines: _Blocks) -> Iterator[bytes]:
    """Lines of JSON as one array."""
    yield b"["
    waiting = b""
    for block in lines:
        whole = waiting + block
        waiting = b"\n" if whole.endswith(b"\n") else b""
        yield whole.removesuffix(b"\n").replace(b"\n", b",\n")
    yield b"]\n"


FORMS: Mapping[str, Form] = {
    "csv": Form("csv", "text/csv; charset=utf-8", True, _with_mark),
    "jsonl": Form("jsonl", "application/x-ndjson; charset=utf-8", False, iter),
    "json": Form("jsonl", "application/json; charset=utf-8", False, array),
}
GB18030 = Form("csv", "text/csv; charset=gb18030", True, gb18030)
