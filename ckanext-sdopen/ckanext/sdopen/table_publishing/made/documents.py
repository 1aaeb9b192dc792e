"""Rows as XML and as GeoJSON, line by line."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import orjson

# signs that no XML may hold, however they are written
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_Row = Mapping[str, Any]
# degrees beyond which there is no place
_EAST, _NORTH = 180.0, 90.0


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(_NO_XML.sub("", str(value)))


def xml(rows: Iterable[_Row], columns: Sequence[str]) -> Iterator[bytes]:
    """`<rows><row><item name="…">…</item></row></rows>`; what is empty is left out."""
    opened = [f"<item name={quoteattr(_NO_XML.sub('', name))}>" for name in columns]
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<rows>\n'
    for row in rows:
        items = "".join(
            f"{tag}{_text(row[name])}</item>"
            for tag, name in zip(opened, columns, strict=True)
            if row[name] is not None
        )
        yield f"<row>{items}</row>\n".encode()
    yield b"</rows>\n"


def geojson(
    rows: Iterable[_Row], columns: Sequence[str], place: tuple[str, str]
) -> Iterator[bytes]:
    """A FeatureCollection of points; a row without a place has none (`geometry` is null)."""
    yield b'{"type":"FeatureCollection","features":[\n'
    between = b""
    for row in rows:
        shown = {name: row[name] for name in columns}
        feature = {"type": "Feature", "geometry": _point(row, place), "properties": shown}
        yield between + orjson.dumps(feature)
        between = b",\n"
    yield b"\n]}\n"


def _point(row: _Row, place: tuple[str, str]) -> dict[str, Any] | None:
    east, north = (row[name] for name in place)
    if east is None or north is None or abs(east) > _EAST or abs(north) > _NORTH:
        return None
    return {"type": "Point", "coordinates": [east, north]}
