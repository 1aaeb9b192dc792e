"""XML rows: the element that stands there again and again is a row, its children are cells."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from ckanext.sdopen.sheets.charsets import Characters
from ckanext.sdopen.sheets.grid import Grid
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.sheets.sources import records
from ckanext.sdopen.sheets.sources.delimited import Progress, opened

_CHUNK = 1 << 18
_DECLARED = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OVERLAP = 16
_DEEPEST = 8
# elements in which the repeated one is looked for
_SEARCHED = 2_000
Event = tuple[str, Any]


def grid(path: Path, name: str, characters: Characters, limits: Limits, progress: Progress) -> Grid:
    """The table of an XML file.

    Raises:
        SheetError: it is no XML, declares entities, or repeats no element.
    """

    def events() -> Iterator[Event]:
        return _events(path, characters, progress)

    row = _repeated(events())
    if not row:
        raise SheetError("no_table", sheets="")
    return records.grid(
        lambda nested: _records(events(), row, limits), name, "xml", characters.encoding, limits
    )


def _events(path: Path, characters: Characters, progress: Progress) -> Iterator[Event]:
    # the encoding is the one that was told, whatever the file declares
    parser: Any = etree.XMLPullParser(
        ("start", "end"), encoding="utf-8", resolve_entities=False, no_network=True
    )
    tail = ""
    try:
        with opened(path, characters, progress) as file:
            while chunk := file.read(_CHUNK):
                if _DECLARED.search(tail + chunk):
                    raise SheetError("doctype", part="XML")
                tail = chunk[-_OVERLAP:]
                parser.feed(chunk.encode())
                yield from parser.read_events()
        parser.close()
        yield from parser.read_events()
    except etree.XMLSyntaxError as error:
        raise SheetError("xml", detail=error) from None


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _repeated(events: Iterator[Event]) -> tuple[str, ...]:
    """The path of the element that is a row: of those that repeat and hold something, the
    outermost; one that stands there once if none repeats."""
    path: list[str] = []
    times: Counter[tuple[str, ...]] = Counter()
    holding: set[tuple[str, ...]] = set()
    for count, (event, element) in enumerate(events):
        if count > 2 * _SEARCHED:
            break
        if event == "start":
            path.append(_local(element))
            if len(path) > 1:
                holding.add(tuple(path[:-1]))
            if element.attrib:
                holding.add(tuple(path))
        else:
            times[tuple(path)] += 1
            path.pop()
    rows = [one for one in times if one in holding and len(one) > 1]
    repeated = [one for one in rows if times[one] > 1] or rows
    return min(repeated, key=len, default=())


def _records(
    events: Iterator[Event], row: tuple[str, ...], limits: Limits
) -> Iterator[tuple[int, records.Record]]:
    number = size = 0
    path: list[str] = []
    for event, element in events:
        if event == "start":
            path.append(_local(element))
            continue
        inside = len(path) > len(row)
        matched = not inside and tuple(path) == row
        path.pop()
        size += len(element.text or "") + 16
        if size > limits.line:
            raise SheetError("record_long", row=number + 1, limit=limits.line >> 20)
        if matched:
            number += 1
            record: dict[str, str] = {}
            _collect(element, "", record, 0)
            yield number, record
        if not inside:
            size = 0
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _collect(element: Any, name: str, record: dict[str, str], depth: int) -> None:
    """The texts below an element, by the names of the elements between, joined by `_`."""
    if depth > _DEEPEST:
        return
    for attribute, value in element.attrib.items():
        _put(record, _joined(name, attribute.rsplit("}", 1)[-1]), value)
    children = [child for child in element if isinstance(child.tag, str)]
    for child in children:
        _collect(child, _joined(name, _local(child)), record, depth + 1)
    text = (element.text or "").strip()
    if text and (name or not children):
        _put(record, name or _local(element), text)


def _joined(name: str, part: str) -> str:
    return f"{name}_{part}" if name else part


def _put(record: dict[str, str], name: str, text: str) -> None:
    record[name] = f"{record[name]}；{text}" if name in record else text
