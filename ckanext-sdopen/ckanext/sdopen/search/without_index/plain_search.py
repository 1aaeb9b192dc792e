"""A search without the index: entries of the narrow table whose title holds the words.

What a reader finds here the labels of his own open, too; each entry of a page is looked at once
more by its row. Facets are not counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import ckan.plugins.toolkit as tk
from cachetools import TTLCache, cached
from ckan import model
from ckan.types import Context
from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select, true

from ckanext.sdopen.access import entry_facts, labels
from ckanext.sdopen.chinese import analysis
from ckanext.sdopen.ckan_seams import rows
from ckanext.sdopen.ckan_seams.show import Shows
from ckanext.sdopen.directory import readable_rows
from ckanext.sdopen.directory.model import entries
from ckanext.sdopen.parameters import whole_number
from ckanext.sdopen.search import bounds, vocabulary
from ckanext.sdopen.search.tiers.asked import is_question
from ckanext.sdopen.search.typed import question
from ckanext.sdopen.search.without_index import row_filters
from ckanext.sdopen.search.without_index.row_filters import Unanswerable

_MOST_WORDS = 10
_KEPT_SECONDS = 30.0
_SORTS: Mapping[str, Any] = {
    "metadata_modified": entries.c.modified,
    "updated_on": entries.c.updated_on,
    "title": entries.c.title,
    "title_string": entries.c.title,
    "title_sort": entries.c.title,
    "id": entries.c.id,
    "name": model.Package.name,
}
# the one column among them that may be empty; of the others NULLS LAST would pass by their index
_EMPTY_LAST = "updated_on"
# what may be asked for by `fl` without reading the entries
_FIELDS: Mapping[str, ColumnElement[Any]] = {
    "id": entries.c.id,
    "name": model.Package.name,
    "title": entries.c.title,
    "metadata_modified": entries.c.modified,
    "dataset_type": model.Package.type,
}


@dataclass(frozen=True)
class Question:
    """What is asked: by whom (None: no label counts), words, filters, order and place."""

    held: tuple[str, ...] | None
    words: str
    filters: tuple[str, ...]
    sort: str
    start: int
    count: int
    private: bool


def _question(context: Context, data_dict: Mapping[str, Any]) -> Question:
    """The question of the parameters of package_search.

    Raises:
        Unanswerable: one of them is not for rows.
        ValidationError: a number is none.
    """
    words, listed = str(data_dict.get("q") or "").strip(), data_dict.get("fq_list") or []
    filters = [str(one) for one in (data_dict.get("fq"), *listed) if one]
    if words in ("*:*", '""', "''"):
        words = ""
    if words and not is_question(data_dict):
        filters.append(words)
        words = ""
    if "\x00" in "".join((words, *filters)):
        raise Unanswerable(words)
    most = int(tk.config["ckan.search.rows_max"])
    return Question(
        readable_rows.held_by(context),
        bounds.shortened(words)[0],
        tuple(filters),
        str(data_dict.get("sort") or ""),
        whole_number(data_dict, "start", 0),
        whole_number(data_dict, "rows", 10, most=most, capped=True),
        tk.asbool(data_dict.get("include_private", False)),
    )


def _held(alternative: question.Alternative) -> ColumnElement[bool]:
    """Titles that hold each of the words and phrases somewhere."""
    title = entries.c.title
    known = vocabulary.current().synonyms.words | frozenset(analysis.places())
    cut = analysis.query_words(alternative.words, known) if alternative.words else []
    words = [word for word in cut if word not in analysis.GENERIC] or cut
    parts = [*words[:_MOST_WORDS], *alternative.phrases, *alternative.beginnings]
    return and_(true(), *(title.icontains(part, autoescape=True) for part in parts))


def _titled(typed: str) -> ColumnElement[bool]:
    """Titles that answer what was typed, as far as titles do."""
    read = question.read(typed)
    title = entries.c.title
    without = [not_(title.icontains(word, autoescape=True)) for word in read.left_out]
    if not read:
        return false()
    held = or_(*map(_held, read.alternatives)) if read.alternatives else true()
    return and_(held, *without)


def _chosen(asked: Question) -> Select[Any]:
    """The rows that are asked for, in no order."""
    conditions = [readable_rows.condition(asked.held), *row_filters.conditions(asked.filters)]
    if not asked.private:
        conditions.append(entries.c.private.is_(False))
    if asked.words:
        conditions.append(_titled(asked.words))
    return select(entries.c.id).where(*conditions)


def _joined(chosen: Select[Any]) -> Select[Any]:
    return chosen.join(model.Package, model.Package.id == entries.c.id)


def _ordered(chosen: Select[Any], sort: str) -> Select[Any]:
    """In the order asked for as far as rows know it, else the last changed first."""
    orders = []
    for part in sort.split(","):
        name, _, way = part.strip().partition(" ")
        if name in _SORTS:
            order = _SORTS[name].desc() if way == "desc" else _SORTS[name].asc()
            orders.append(order.nullslast() if name == _EMPTY_LAST else order)
    return chosen.order_by(*(orders or [entries.c.modified.desc()]), entries.c.id)


def _names(asked: Question) -> bool:
    return "name" in asked.sort or any("name:" in one for one in asked.filters)


def _asked_rows(asked: Question) -> Select[Any]:
    return _joined(_chosen(asked)) if _names(asked) else _chosen(asked)


# every page of a list has the same count, which costs a look at each of its rows
@cached(TTLCache[Any, int](500, _KEPT_SECONDS), lock=Lock())
def _counted(asked: Question) -> int:
    counted = select(func.count()).select_from(_asked_rows(asked).subquery())
    return int(model.Session.execute(counted).scalar() or 0)


# what a page shows is looked at anew
@cached(TTLCache[Any, tuple[str, ...]](500, _KEPT_SECONDS), lock=Lock())
def _page(asked: Question) -> tuple[str, ...]:
    page = _ordered(_asked_rows(asked), asked.sort).offset(asked.start).limit(asked.count)
    return tuple(model.Session.scalars(page))


def _found(asked: Question) -> tuple[int, tuple[str, ...]]:
    """(how many rows, the ids of the page)."""
    count = _counted(replace(asked, sort="", start=0, count=0))
    return count, _page(asked) if asked.count and asked.start < count else ()


def _fields(asked: Question, names: Sequence[str]) -> list[dict[str, Any]]:
    """The page with these columns only."""
    columns = [_FIELDS[name].label(name) for name in names]
    chosen = _ordered(_joined(_chosen(asked)), asked.sort).with_only_columns(*columns)
    page = model.Session.execute(chosen.offset(asked.start).limit(asked.count))
    found = [dict(row._mapping) for row in page]
    for one in found:
        if one.get("metadata_modified"):
            one["metadata_modified"] = f"{one['metadata_modified'].isoformat()}Z"
    return found


def _may_see(stored: rows.Stored, held: tuple[str, ...] | None) -> bool:
    """Whether the labels open an entry as it stands now."""
    if stored.package["state"] != model.State.ACTIVE:
        return False
    if held is None:
        return True
    facts = entry_facts.of_columns(stored.package, stored.catalog)
    return not set(held).isdisjoint(labels.plain_labels(facts))


def _shown(ids: Sequence[str], held: tuple[str, ...] | None, default: bool) -> list[Any]:
    stored, shows = rows.load(ids), Shows()
    seen = [stored[one] for one in ids if one in stored and _may_see(stored[one], held)]
    return [shows.both(one)[0 if default else 1] for one in seen]


def search(context: Context, data_dict: Mapping[str, Any]) -> dict[str, Any]:
    """What `package_search` answers a caller who may search, as far as rows can.

    Raises:
        Unanswerable: a query or filter is not for rows.
    """
    if data_dict.get("defType"):
        raise Unanswerable(str(data_dict["defType"]))
    asked = _question(context, data_dict)
    count, ids = _found(asked)
    names = data_dict.get("fl")
    if names:
        listed = names.replace(",", " ").split() if isinstance(names, str) else list(names)
        if not set(listed) <= set(_FIELDS):
            raise Unanswerable("fl")
        results = _fields(asked, listed) if ids else []
    else:
        default = tk.asbool(data_dict.get("use_default_schema", False))
        results = _shown(ids, asked.held, default)
    return answer(data_dict, count, results)


def answer(data_dict: Mapping[str, Any], count: int, results: list[Any]) -> dict[str, Any]:
    """An answer of `package_search` without counted facets."""
    fields = data_dict.get("facet.field") or []
    return {
        "count": count,
        "facets": {},
        "results": results,
        "sort": str(data_dict.get("sort") or ""),
        "search_facets": {str(name): {"title": str(name), "items": []} for name in fields},
    }


def forget() -> None:
    """Ask the database anew at the next search."""
    _counted.cache_clear()
    _page.cache_clear()
