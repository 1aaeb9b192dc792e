"""JSON: an array of objects or of rows, one object a line, or an object around one array."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from ckanext.sdopen.sheets.charsets import Characters
from ckanext.sdopen.sheets.grid import Grid, batched
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.sheets.sources import records
from ckanext.sdopen.sheets.sources.delimited import Progress, head_of, opened
from ckanext.sdopen.sheets.sources.values import text, written

_CHUNK = 1 << 18
_BLANKS = re.compile(r"[\s,]*")
# an object around the array of records, such as {"code": 0, "data": [
_AROUND = re.compile(r'\{[^\[{}]{0,2000}"[^"]{1,100}"\s*:\s*(?=\[\s*[\[{])')


class _Number(float):
    """A number that stays as it is written."""

    said = ""

    @classmethod
    def of(cls, said: str) -> "_Number":
        """The number that the source writes so."""
        number = cls(said)
        number.said = said
        return number


# NaN and its like are no values
_DECODER = json.JSONDecoder(parse_float=_Number.of, parse_constant=lambda said: None)


def grid(path: Path, name: str, characters: Characters, limits: Limits, progress: Progress) -> Grid:
    """The table of a JSON file.

    Raises:
        SheetError: it is no JSON, or holds no records.
    """
    head = head_of(path, characters).lstrip()
    around = _AROUND.match(head)
    skipped = around.end() if around else 0
    lines = head.startswith("{") and not around
    if not lines and not head.startswith("[") and not around:
        raise SheetError("json_records")

    def values() -> Iterator[tuple[int, Any]]:
        with opened(path, characters, progress) as file:
            yield from enumerate(_values(file, skipped, lines, limits), start=1)

    first = next(values(), (0, None))[1]
    if isinstance(first, list):
        found = Grid(lambda: batched(_rows(values())), sheet=name, format="json")
        found.encoding = characters.encoding
        return found
    kind = "jsonl" if lines else "json"
    return records.grid(
        lambda nested: _records(values(), nested), name, kind, characters.encoding, limits
    )


def _rows(values: Iterable[tuple[int, Any]]) -> Iterator[list[str]]:
    for number, row in values:
        if not isinstance(row, list):
            raise SheetError("json_mixed", row=number, found=_short(row))
        yield [_text(value) for value in row]


def _records(
    values: Iterable[tuple[int, Any]], nested: records.Nested
) -> Iterator[tuple[int, records.Record]]:
    for number, value in values:
        if not isinstance(value, dict):
            raise SheetError("json_mixed", row=number, found=_short(value))
        if any(isinstance(one, dict | list) for one in value.values()):
            nested.add(number)
        yield number, {name: _text(one) for name, one in value.items()}


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return written(value.said) if isinstance(value, _Number) else text(value)


def _short(value: Any) -> str:
    return _text(value)[:40]


def _values(file: IO[str], skipped: int, lines: bool, limits: Limits) -> Iterator[Any]:
    """The values of an array, or those that stand one after another, in a buffer of one."""
    buffer, position, ended, count = "", 0, False, 0
    opening = not lines
    while True:
        rest = len(buffer) - position
        if rest > limits.line:
            raise SheetError("record_long", row=count + 1, limit=limits.line >> 20)
        # a long value is tried again only once as much again was read
        chunk = file.read(max(_CHUNK, rest))
        buffer, position, ended = buffer[position:] + chunk, 0, not chunk
        if opening:
            buffer = buffer.lstrip()
            position, opening = skipped + 1, False
        while True:
            position = _BLANKS.match(buffer, position).end()  # type: ignore[union-attr]
            if position < len(buffer) and buffer[position] == "]" and not lines:
                return
            # a number or word at the very end may go on in the next chunk
            try:
                value, end = _DECODER.raw_decode(buffer, position)
            except (ValueError, RecursionError) as error:
                if ended and position >= len(buffer) and lines:
                    return
                if ended or isinstance(error, RecursionError):
                    raise SheetError("json", row=count + 1, detail=_detail(error)) from None
                break
            if end == len(buffer) and not ended:
                break
            position, count = end, count + 1
            yield value


def _detail(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__
