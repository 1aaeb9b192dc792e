"""Which two versions of a table are compared, with the columns of them that may be told."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen import moments
from ckanext.sdopen.table_publishing import reading
from ckanext.sdopen.table_publishing.comparing import settings
from ckanext.sdopen.tables import history
from ckanext.sdopen.tables.history import Published
from ckanext.sdopen.tables.versions import Version

FROM, TO, SINCE = "from", "to", "since"


@dataclass(frozen=True)
class Pair:
    """Two versions of a table, the older one first; `before` and `after` hold the columns given."""

    old: Published
    new: Published
    before: Version
    after: Version

    @property
    def key(self) -> str:
        """What the difference is known by: other columns or bounds make another one."""
        told = [
            [[version.hash, [column.as_dict() for column in version.columns]]]
            for version in (self.before, self.after)
        ]
        said = json.dumps([told, settings.rows()], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def of(old: Published, new: Published) -> Pair:
    """A pair of two versions of a table.

    Raises:
        ValidationError: the file of one is not kept any more.
    """
    for name, one in ((FROM, old), (TO, new)):
        if one.removed is not None:
            message = tk._(
                "Version {number} is not kept any more; ask for a later one, or read all rows"
            )
            raise tk.ValidationError({name: [message.format(number=one.number)]})
    return Pair(
        old, new, reading.given(old.entry, old.version), reading.given(new.entry, new.version)
    )


def asked(data: Mapping[str, Any], table: str) -> Pair | None:
    """The pair that `from` and `to` name, or `since`; None where there was no version then.

    Raises:
        ObjectNotFound: the table has no version.
        ValidationError: a version is not named, or not kept any more.
    """
    known = history.history(table)
    if not known or history.current(table) is None:
        raise tk.ObjectNotFound(tk._("This table has no version"))
    new = _named(known, TO, data[TO]) if data.get(TO) else known[0]
    if data.get(FROM):
        return of(_named(known, FROM, data[FROM]), new)
    if not data.get(SINCE):
        message = tk._("Name a version by its number or hash in “from”, or a moment in “since”")
        raise tk.ValidationError({FROM: [message]})
    moment = moments.moment(str(data[SINCE]), SINCE)
    then = next((one for one in known if one.version.created <= moment), None)
    return of(then, new) if then is not None else None


def _named(known: Sequence[Published], name: str, said: Any) -> Published:
    found = [one for one in known if str(said) in (str(one.number), one.version.hash)]
    if not found:
        message = tk._("The table has no version “{said}”; its versions are {first} to {last}")
        numbers = {"first": known[-1].number, "last": known[0].number}
        raise tk.ValidationError({name: [message.format(said=str(said)[:80], **numbers)]})
    return found[0]


def numbered(table: str, old: int, new: int) -> Pair:
    """The pair of two numbers.

    Raises:
        ObjectNotFound, ValidationError: as `asked` does.
    """
    pair = asked({FROM: old, TO: new}, table)
    assert pair is not None  # noqa: S101 for the types
    return pair
