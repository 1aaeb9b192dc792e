"""Search for files: among the entries that everybody reads and whose files everybody gets.

CKAN's own looks at `private` alone and shows whole rows: addresses of files that are given on
application, and how many addresses hold a text.
"""

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.dictization import model_dictize
from ckan.types import Context
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.sdopen.access import entry_facts, visibility
from ckanext.sdopen.parameters import whole_number
from ckanext.sdopen.standard.elements import KIND_OF_TYPE

__all__ = ["resource_search"]

_FIRST, _MOST = 100, 1_000
_DEGREES = ("unconditional", "conditional", "none")


def _open_to_everyone() -> Any:
    """Published entries of classes of which everybody gets the files; others follow CKAN's rule."""
    package = model.Package
    axes = (package.extras["sharing"].astext, package.extras["opening"].astext)
    fitting = [
        sa.and_(*(_is(axis, value) for axis, value in zip(axes, pair, strict=True)))
        for pair in _pairs()
        if visibility.ANONYMOUS
        in visibility.roles_that_see(
            visibility.PUBLISHED, visibility.class_of(*pair), visibility.FILE
        )
    ]
    ours = sa.or_(
        package.type.in_([kind for kind in KIND_OF_TYPE if entry_facts.is_ours(kind)]),
        sa.and_(package.type.in_(list(KIND_OF_TYPE)), sa.func.coalesce(axes[1], "") != ""),
    )
    return sa.and_(
        package.state == model.State.ACTIVE,
        package.private.is_(False),
        sa.or_(sa.not_(ours), *fitting),
    )


def _is(axis: Any, value: str | None) -> Any:
    """The condition that an entry has a value on an axis; None is a missing or an unknown one."""
    return axis == value if value else sa.func.coalesce(axis, "").not_in(_DEGREES)


def _pairs() -> list[tuple[str | None, str | None]]:
    """Every pair of sharing and opening that an entry may have."""
    axes: tuple[str | None, ...] = (*_DEGREES, None)
    return [(sharing, opening) for sharing in axes for opening in axes]


def _wrong(text: str) -> tk.ValidationError:
    return tk.ValidationError({"query": text})


def _terms(query: Any) -> list[tuple[str, str]]:
    given = [query] if isinstance(query, str) else query
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise _wrong(tk._("Write <field>:<term>, or a list of them"))
    pairs = [tuple(one.split(":", 1)) for one in given]
    if not all(len(pair) == 2 for pair in pairs):
        raise _wrong(tk._("Write <field>:<term>, or a list of them"))
    return [(pair[0], pair[1]) for pair in pairs]


def _holds(field: str, term: str) -> Any:
    """The condition that a field of a resource holds a term, as CKAN's own search reads it."""
    if field not in model.Resource.get_columns():
        message = tk._('"{field}" is no field of files that can be searched')
        raise _wrong(message.format(field=field[:50]))
    if "\x00" in term:
        return sa.false()
    if field in model.Resource.get_extra_columns():
        # JSON as text in CKAN 2.12
        extras = sa.cast(sa.type_coerce(model.Resource.extras, sa.Text), JSONB)
        return extras[field].astext.icontains(term, autoescape=True)
    column = getattr(model.Resource, field)
    if field == "hash":
        return column.istartswith(term, autoescape=True)
    if isinstance(column.property.columns[0].type, sa.UnicodeText):
        return column.icontains(term, autoescape=True)
    return sa.cast(column, sa.Text) == term


@tk.chained_action
@tk.side_effect_free
def resource_search(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Search the files that everybody gets, by `<field>:<term>`; at most 1,000 a request."""
    tk.check_access("resource_search", context, data_dict)
    if not data_dict.get("query"):
        raise _wrong(tk._("Missing value"))
    conditions = [_holds(field, term) for field, term in _terms(data_dict["query"])]
    found = (
        model.Session.query(model.Resource)
        .join(model.Package)
        .filter(_open_to_everyone(), model.Resource.state == model.State.ACTIVE, *conditions)
    )
    # CKAN's own search interface asks for what it has no words of its own for
    internal = bool(context.get("search_query"))
    order = str(data_dict.get("order_by") or "id")
    if order not in model.Resource.get_columns(extra_columns=False) and order != "id":
        if not internal:
            raise tk.ValidationError({"order_by": [tk._("Files cannot be sorted by this")]})
        order = "id"
    limit = whole_number(data_dict, "limit", _FIRST, most=_MOST, capped=True)
    page = found.order_by(getattr(model.Resource, order), model.Resource.id)
    rows = page.offset(whole_number(data_dict, "offset", 0)).limit(limit).all()
    shown = rows if internal else [model_dictize.resource_dictize(one, context) for one in rows]
    return {"count": found.count(), "results": shown}
