"""Filters of a search as conditions on the narrow table: what of Solr's language rows answer."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ckan import model
from sqlalchemy import ColumnElement, and_, false, not_, select, true

from ckanext.sdopen.directory.model import entries
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.standard.elements import KIND_OF_TYPE

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_WORD = r'[^\s"()\[\]{}:]+'
_CLAUSE = re.compile(
    rf"\s*(?:AND\s+)?(?P<sign>[+-]?)(?P<field>\w+|\*):"
    rf"(?:\((?P<any>[^()]*)\)|(?P<one>{_QUOTED})|(?P<low>[\[{{])(?P<range>[^\[\]{{}}]*)(?P<high>[\]}}])"
    rf"|(?P<word>{_WORD}))\s*"
)
_VALUE = re.compile(rf"\s*({_QUOTED}|{_WORD})\s*")
Condition = ColumnElement[bool]


class Unanswerable(SdopenError):
    """A filter that the narrow table cannot answer."""


def _plain(text: str) -> str:
    if text.startswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if re.search(r"[*?~^\\]", text):
        raise Unanswerable(text)
    return text


def _values(text: str) -> list[str]:
    """The values of `"a" OR b`."""
    found, place = [], 0
    while match := _VALUE.match(text, place):
        found.append(_plain(match[1]))
        place = match.end()
    joined = found[1::2]
    if place < len(text) or any(word != "OR" for word in joined) or len(found) % 2 == 0:
        raise Unanswerable(text)
    return found[::2]


def _among(name: str) -> Callable[[list[str]], Condition]:
    return lambda values: entries.c[name].in_(values)


def _kinds(values: list[str]) -> Condition:
    return entries.c.kind.in_([KIND_OF_TYPE.get(value, "") for value in values])


def _departments(values: list[str]) -> Condition:
    group = model.Group
    return entries.c.owner_org.in_(select(group.id).where(group.name.in_(values)))


def _topics(values: list[str]) -> Condition:
    return entries.c.topics.overlap(values)


def _states(values: list[str]) -> Condition:
    return true() if model.State.ACTIVE in values else false()


def _capacities(values: list[str]) -> Condition:
    return entries.c.private.is_("private" in values) if len(values) == 1 else true()


def _names(values: list[str]) -> Condition:
    return model.Package.name.in_(values)


def _tagged(values: list[str]) -> Condition:
    tag, pair = model.Tag, model.PackageTag
    tagged = select(pair.package_id).join(tag, tag.id == pair.tag_id)
    free = tagged.where(pair.state == model.State.ACTIVE, tag.vocabulary_id.is_(None))
    return entries.c.id.in_(free.where(tag.name.in_(values)))


def _anything(_values: list[str]) -> Condition:
    return true()


_FIELDS: Mapping[str, Callable[[list[str]], Condition]] = {
    "dataset_type": _kinds,
    "type": _kinds,
    "organization": _departments,
    "topics": _topics,
    "groups": _topics,
    "tags": _tagged,
    "state": _states,
    "capacity": _capacities,
    "name": _names,
    "site_id": _anything,
    "entity_type": _anything,
    "catalog": _among("serves"),
    "resource_code": _among("code"),
    **{
        name: _among(name)
        for name in ("id", "owner_org", "region", "sharing", "opening", "update_cycle", "source_id")
    },
}
_RANGES: Mapping[str, Any] = {"name": model.Package.name, "metadata_modified": entries.c.modified}


def _bound(field: str, text: str) -> Any:
    if field != "metadata_modified":
        return _plain(text)
    try:
        moment = datetime.fromisoformat(_plain(text))
    except ValueError:
        raise Unanswerable(text) from None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _range(field: str, match: re.Match[str]) -> Condition:
    column = _RANGES.get(field)
    low, sign, high = match["range"].partition(" TO ")
    if column is None or not sign:
        raise Unanswerable(field)
    conditions: list[Condition] = []
    if low.strip() != "*":
        bound = _bound(field, low.strip())
        conditions.append(column >= bound if match["low"] == "[" else column > bound)
    if high.strip() != "*":
        bound = _bound(field, high.strip())
        conditions.append(column <= bound if match["high"] == "]" else column < bound)
    return and_(true(), *conditions)


def _clause(match: re.Match[str]) -> Condition:
    field = match["field"]
    if field == "*":
        found: Condition = true()
    elif match["range"] is not None:
        found = _range(field, match)
    elif field not in _FIELDS:
        raise Unanswerable(field)
    elif match["any"] is not None:
        found = _FIELDS[field](_values(match["any"]))
    else:
        found = _FIELDS[field]([_plain(match["one"] or match["word"])])
    return not_(found) if match["sign"] == "-" else found


def conditions(filters: Iterable[str]) -> list[Condition]:
    """The conditions of filters, all of which hold; they may name `package` beside the entries.

    Raises:
        Unanswerable: one asks for what the narrow table does not hold.
    """
    found = []
    for query in filters:
        place, end = 0, len(query.rstrip())
        while place < end:
            match = _CLAUSE.match(query, place)
            if match is None:
                raise Unanswerable(query)
            found.append(_clause(match))
            place = match.end()
    return found
