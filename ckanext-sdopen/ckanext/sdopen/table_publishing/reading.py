"""Questions of the portal to published versions; what is refused is a validation error."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen.chinese.folding import folded
from ckanext.sdopen.language import language
from ckanext.sdopen.tables import closed_columns, reader_client
from ckanext.sdopen.tables.query.known import Column
from ckanext.sdopen.tables.query.refusals import QueryError
from ckanext.sdopen.tables.reader_client import Readable
from ckanext.sdopen.tables.versions import Version


def given(entry_id: str, version: Version) -> Version:
    """A version with the columns that are given: items may have been narrowed since it was made."""
    narrower = closed_columns.narrower_of(entry_id)
    columns = tuple(one for one in version.columns if not _is_of(one.name, one.title_en, narrower))
    return version if len(columns) == len(version.columns) else replace(version, columns=columns)


def _is_of(name: str, title: str, names: Mapping[str, str]) -> bool:
    return folded(name) in names or folded(title) in names


def readable(version: Version) -> Readable:
    """What of a version may be asked for: its columns as they are told here."""
    columns = [Column(one.name, str(one.kind), one.title_en) for one in version.columns]
    return Readable(version.hash, columns)


def ask(version: Version, question: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a question: `{"columns", "rows": [[…]], "more", "after"}`.

    Raises:
        ValidationError: the reader refuses it.
        TableReaderAway: the reader does not answer.
    """
    with refusing():
        return reader_client.query(readable(version), question)


@contextmanager
def refusing() -> Iterator[None]:
    """Where what the reader refuses is a validation error."""
    try:
        yield
    except QueryError as error:
        raise tk.ValidationError({"query": [sentence(error)]}) from error


def sentence(error: QueryError) -> str:
    """Why the reader refuses a question, in the language of the request."""
    return error.sentence(language())
