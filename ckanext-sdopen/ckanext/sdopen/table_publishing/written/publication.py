"""The working copy of a table as a version: rows of one moment, typed and judged like a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ckanext.sdopen.sheets.account import Account
from ckanext.sdopen.sheets.reading import Table
from ckanext.sdopen.table_publishing.loading.fitting import Fitting
from ckanext.sdopen.table_publishing.loading.load import Load
from ckanext.sdopen.table_publishing.loading.sentences import LoadRefused
from ckanext.sdopen.table_publishing.written import copying, headings, standing
from ckanext.sdopen.table_publishing.written.headings import Field
from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.typing.matching import Matched, match

# PostgreSQL's types; whatever else there is becomes a text, numbers without a bound are guessed
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("int2", "int4", "int8"), Kind.INTEGER),
    **dict.fromkeys(("float4", "float8"), Kind.NUMBER),
    **dict.fromkeys(("timestamp", "timestamptz"), Kind.DATETIME),
    "date": Kind.DATE,
    "bool": Kind.BOOLEAN,
}
_GUESSED = ("numeric",)


class Publication(Load):
    """A load whose source is the working copy."""

    def _fitted(self) -> tuple[Fitting, Mapping[str, Any]]:
        """The rows of the working copy, and what its version says of its source."""
        if standing.loaded(self.asked.resource) is not None:
            raise LoadRefused("loaded")
        self.progress.stage("reading", 0, 50)
        fields = headings.of(self.asked.resource, self.asked.items)
        if not fields:
            raise LoadRefused("no_copy")
        path = self.folder / "copy.csv"
        rows = copying.copy(self.asked.resource, fields, path, self.progress.share)
        said = tuple(field.heading for field in fields)
        account = Account("datastore", rows=rows, columns=said)
        typed = frozenset(one.heading for one in fields if one.type not in _GUESSED)
        fitted = Fitting(Table(path, account), _matched(fields, self.asked.items), [], typed)
        return fitted, {**standing.MARK, "rows": rows}


def _matched(fields: Sequence[Field], items: Sequence[Mapping[str, Any]]) -> Matched:
    """The columns as items declare them, the others as PostgreSQL types them."""
    matched = match([one.heading for one in fields], items)
    typed = {one.heading: _typed(matched.columns[one.heading], one) for one in fields}
    if not any(column.key for column in typed.values()):
        keys = {one.heading for one in fields if one.is_key}
        typed |= {h: replace(typed[h], key=True, nullable=False) for h in keys}
    return replace(matched, columns=typed)


def _typed(column: Column, field: Field) -> Column:
    if column.declared:
        return column
    kind = _KINDS.get(field.type, Kind.TEXT)
    return replace(column, kind=kind, description=field.notes)
