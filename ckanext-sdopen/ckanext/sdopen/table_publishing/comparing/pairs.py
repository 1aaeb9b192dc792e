"""Which two versions of a table are compared, with the columns of them that may be told."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    def name(self) -> str:
        """What it is kept under: the hashes of its versions, with which it goes, and its key."""
        return f"{self.before.hash}-{self.after.hash}-{self.key}"

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
    return Pair(old, new, _given(old), _given(new))


def _given(one: Published) -> Version:
    """A version with the columns that are given; the rest of a key is none."""
    version = reading.given(one.entry, one.version)
    if all(column in version.columns for column in one.version.columns if column.key):
        return version
    return replace(version, columns=tuple(replace(one, key=False) for one in version.columns))


def asked(data: Mapping[str, Any], table: str) -> Pair | None:
    """The pair that `from` and `to` name, or `since`; None where there was no version then.

    Raises:
        ObjectNotFound: the table has no version.
        ValidationError: a version is not named, not kept any more, or not older than the other.
    """
    known = history.history(table)
    if not known or history.current(table) is None:
        raise tk.ObjectNotFound(tk._("This table has no version"))
    new = _named(known, TO, data[TO]) if data.get(TO) else known[0]
    if data.get(FROM):
        old = _named(known, FROM, data[FROM])
        # who has the current version may ask what is new since it
        is_itself = old.version.hash == new.version.hash
        if not is_itself or (data.get(TO) and str(data[FROM]) != old.version.hash):
            _refuse_order(FROM, old, new)
        return of(old, new)
    if not data.get(SINCE):
        message = tk._("Name a version by its number or hash in “from”, or a moment in “since”")
        raise tk.ValidationError({FROM: [message]})
    moment = moments.moment(str(data[SINCE]), SINCE)
    then = next((one for one in known if one.version.created <= moment), None)
    if then is None:
        return None
    if then.number != new.number:
        _refuse_order(SINCE, then, new)
    return of(then, new)


def _refuse_order(name: str, old: Published, new: Published) -> None:
    if old.number >= new.number:
        message = tk._(
            "Compare an older version with a newer one: version {old} is not older than version "
            "{new}"
        )
        raise tk.ValidationError({name: [message.format(old=old.number, new=new.number)]})


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
