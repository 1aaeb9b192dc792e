"""A table as a file: streamed from the reader, the version's own file, or one that is made."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

import ckan.plugins.toolkit as tk
import flask
from werkzeug.utils import send_file

from ckanext.sdopen.access import readable
from ckanext.sdopen.sheets import charsets
from ckanext.sdopen.standard import file_types
from ckanext.sdopen.table_publishing import pages, reading
from ckanext.sdopen.table_publishing.giving import asked, kept
from ckanext.sdopen.table_publishing.giving.asked import Asked
from ckanext.sdopen.table_publishing.giving.forms import FORMS, GB18030, Form
from ckanext.sdopen.table_publishing.giving.found import Found
from ckanext.sdopen.table_publishing.giving.kept import Kept
from ckanext.sdopen.table_publishing.made import bounds, kept_files, order, ordering
from ckanext.sdopen.table_publishing.made.order import CSV, XLSX, Order
from ckanext.sdopen.table_publishing.made.ordering import BeingMade
from ckanext.sdopen.tables import reader_client, settings
from ckanext.sdopen.tables.store.errors import MissingVersion

PARQUET = "parquet"
ALL = (CSV, *bounds.MADE, "jsonl", "json", PARQUET)
_PARQUET = "application/vnd.apache.parquet"
# what a form takes beside the question itself
_ALSO: Mapping[str, Sequence[str]] = {CSV: ("raw", "encoding")}
_ENCODINGS: Mapping[str, Form] = {charsets.UTF_8: FORMS[CSV], charsets.GB18030: GB18030}
_ENDING = re.compile(r"\.[A-Za-z]{2,7}$")


class Ordered(NamedTuple):
    """A file as it is ordered: of which table, in which form, at an address with a hash or not."""

    found: Found
    form: str
    fixed: bool


def answer(ordered: Ordered, given: Sequence[tuple[str, str]]) -> flask.Response:
    """The file, or 304 where the caller has it.

    Raises:
        ValidationError: a parameter is wrong.
        QueryError: the reader refuses the question.
        TableReaderAway: it does not answer.
        TooLarge, BeingMade, NotMade, TooMany: it is not given now, or never.
    """
    found, form = ordered.found, ordered.form
    wanted = order.of(found, form, given)
    asked.refuse_others(given, _ALSO.get(form, ()))
    question, tag = wanted.question, wanted.tag
    unchanged = _kept(Kept(), ordered, tag)
    unchanged.make_conditional(flask.request.environ)
    if unchanged.status_code == 304:
        return unchanged
    if form == PARQUET:
        return _kept(_own_file(found, question, tag), ordered, tag)
    made = _made(wanted)
    if made is not None:
        return _kept(made, ordered, tag)
    return _kept(_streamed(found, question, form, dict(given)), ordered, tag)


def _made(wanted: Order) -> Kept | None:
    """The file that is made once for all; None where it is streamed."""
    if wanted.form in bounds.MADE:
        is_looked_at = flask.request.method == "HEAD"
        made = _sent(wanted, ordering.file(wanted, is_looked_at=is_looked_at))
        if made is None:
            raise BeingMade(None)
        return made
    path = kept_files.find(wanted.name) if bounds.is_whole_csv(wanted) else None
    return _sent(wanted, path) if path else None


def _sent(wanted: Order, source: Path | IO[bytes]) -> Kept | None:
    """A made file, of a kept one any part; None where it went just now."""
    is_kept = isinstance(source, Path)
    media = FORMS[CSV].media if wanted.form == CSV else file_types.mimetype(f"x.{wanted.form}")
    try:
        made = send_file(
            source,
            flask.request.environ,
            mimetype=media,
            etag=wanted.tag,
            conditional=is_kept,
            response_class=Kept,
        )
    except FileNotFoundError:
        return None
    assert isinstance(made, Kept)  # noqa: S101  the class that was asked for
    return made


def _kept(made: Kept, ordered: Ordered, tag: str) -> Kept:
    found, form = ordered.found, ordered.form
    made.set_etag(tag)
    for_ever = ordered.fixed and form != XLSX
    made.kept = (kept.FOR_EVER if for_ever else kept.LATEST) if found.is_open else kept.PRIVATE
    stem = _ENDING.sub("", found.title)
    if ordered.fixed:
        stem = f"{stem}@{found.version.hash[:8]}"
    made.headers["Content-Disposition"] = pages.disposition(
        pages.download_name(f"{stem}.{form}", f"x.{form}")
    )
    made.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return made


def _own_file(found: Found, question: Asked, tag: str) -> Kept:
    if question.pairs or not found.is_whole:
        message = tk._("Some rows or columns of a table are given as CSV, JSON or a workbook")
        raise tk.ValidationError({PARQUET: [message]})
    try:
        path = settings.store().path(found.version.hash)
    except MissingVersion:
        raise readable.not_found() from None
    made = send_file(path, flask.request.environ, mimetype=_PARQUET, etag=tag, response_class=Kept)
    assert isinstance(made, Kept)  # noqa: S101  the class that was asked for
    return made


def _streamed(found: Found, question: Asked, form: str, given: Mapping[str, str]) -> Kept:
    kind, safe = FORMS[form], FORMS[form].safe
    if form == CSV:
        kind = _encoded(given.get("encoding", "utf-8"))
        safe = not asked.flag(given, "raw")
    if flask.request.method == "HEAD":
        return Kept(content_type=kind.media)
    rows = _rows(found, question, kind, safe)
    # what the reader refuses, it refuses before the first byte
    next(rows)
    return Kept(rows, content_type=kind.media)


def _encoded(encoding: str) -> Form:
    if encoding.lower() not in _ENCODINGS:
        message = tk._("Give one of {names}").format(names=", ".join(_ENCODINGS))
        raise tk.ValidationError({"encoding": [message]})
    return _ENCODINGS[encoding.lower()]


def _rows(found: Found, question: Asked, form: Form, safe: bool) -> Iterator[bytes]:
    version = reading.readable(found.version)
    with reader_client.export(version, question.rows, form.sent, safe=safe) as blocks:
        yield b""
        yield from form.made(blocks)
