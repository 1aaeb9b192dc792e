"""What a bulk request may hold: limits, lines of JSON, and when to come again."""

import codecs
import io
import zlib
from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import orjson

from ckanext.sdopen.directory import outbox

# what gzip adds to what cannot be made smaller: headers, sums, blocks
_FRAMES = 1 << 16


class TooLarge(Exception):
    """The request is larger than a setting allows; `limit` is in bytes unpacked."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class Unavailable(tk.ValidationError):
    """Nothing can be taken at present; it is worth asking again after `seconds`."""

    def __init__(self, error_dict: dict[str, Any], seconds: int) -> None:
        super().__init__(error_dict)
        self.seconds = seconds


class KeyTaken(tk.ValidationError):
    """The account gave the key to a batch of other content."""


def setting(name: str) -> int:
    """A limit of bulk writes."""
    return int(tk.config[f"ckanext.sdopen.bulk.{name}"])


def refuse_if_full() -> None:
    """Raise Unavailable where the outbox is longer than `ckanext.sdopen.bulk.outbox_limit`."""
    limit = setting("outbox_limit")
    if outbox.length(limit + 1) > limit:
        message = tk._("{limit} entries wait for the index; send the batch again in a while")
        errors = {"outbox": [message.format(limit=limit)]}
        raise Unavailable(errors, setting("retry_seconds"))


def unpacked(chunks: Iterator[bytes], packed: bool) -> bytes:
    """A request's body, at most `ckanext.sdopen.bulk.bytes` of it; gzip is never unpacked further.

    Hardly more bytes are read: gzip is at most a little larger than what it holds.

    Raises:
        TooLarge: it is longer.
        ValidationError: it is no gzip, or one of more than `ckanext.sdopen.bulk.gzip_members`.
    """
    limit = setting("bytes")
    body = bytearray()
    packed_chunks = _up_to(chunks, limit + _FRAMES)
    for part in _inflated(packed_chunks, limit) if packed else chunks:
        body += part
        if len(body) > limit:
            raise TooLarge(limit)
    return bytes(body)


def _up_to(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """The parts of a packed body as they come, until they are too large together."""
    read = 0
    for chunk in chunks:
        read += len(chunk)
        if read > limit:
            raise TooLarge(limit)
        yield chunk


def _inflated(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """What a gzip holds, in parts of at most `limit` bytes and one more."""
    inflate = _member()
    # each costs the same work, however little it holds
    members, most = 1, setting("gzip_members")
    for chunk in chunks:
        while chunk:
            if inflate.eof:
                # one gzip may follow the other (RFC 1952), as after `cat a.gz b.gz`
                inflate = _member()
                members += 1
            if members > most:
                message = tk._("The body is more than {most} gzip files; pack the batch as one")
                raise _wrong(message.format(most=most))
            try:
                yield inflate.decompress(chunk, limit + 1)
            except zlib.error:
                message = tk._("The body is no gzip; send gzip or leave Content-Encoding out")
                raise _wrong(message) from None
            chunk = inflate.unconsumed_tail or inflate.unused_data
    if not inflate.eof:
        raise _wrong(tk._("The gzip ends in the middle; send the batch again"))


def _member() -> Any:
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)


def lines(body: bytes) -> list[Any]:
    """The records of NDJSON: one JSON object a line.

    Raises:
        ValidationError: a line is no JSON object; its number is said. Or there are too many.
    """
    records: list[Any] = []
    most = setting("records")
    for number, line in enumerate(io.BytesIO(body.removeprefix(codecs.BOM_UTF8)), start=1):
        if not line.strip():
            continue
        if len(records) == most:
            raise _wrong(
                tk._("A batch holds at most {most} records; send several").format(most=most)
            )
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            message = tk._("Line {number} is no JSON; write UTF-8, one record a line")
            raise _wrong(message.format(number=number)) from None
        records.append(record)
    return records


def checked(records: Any) -> list[dict[str, Any]]:
    """The records of a request, as many as a batch may hold, each an object.

    Raises:
        ValidationError: they are none, too many, or one is no object.
    """
    most = setting("records")
    if not isinstance(records, list) or not records:
        raise _wrong(tk._("records is a list of entries; there is none"))
    if len(records) > most:
        raise _wrong(tk._("A batch holds at most {most} records; send several").format(most=most))
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            message = tk._("Record {number} is no JSON object")
            raise _wrong(message.format(number=number))
    return records


def named(value: Any, field: str) -> str:
    """A run or a key: a text of at most 200 printable characters, empty where there is none.

    Raises:
        ValidationError: it is something else.
    """
    if value in (None, ""):
        return ""
    if isinstance(value, str) and len(value) <= 200 and value.isprintable():
        return value
    message = tk._("{field} is a text of at most 200 characters")
    raise tk.ValidationError({field: [message.format(field=field)]})


def _wrong(message: str) -> Exception:
    error: Exception = tk.ValidationError({"records": [message]})
    return error
