"""Search in Chinese: the ladder and OR within a facet, around CKAN's own package_search."""

import logging
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckan.logic import fresh_context
from ckan.types import ActionResult, Context
from flask import has_request_context

from ckanext.sdopen.access import withholding
from ckanext.sdopen.ckan_seams.repairs.solr_connection import IndexAway
from ckanext.sdopen.search import bounds, facets, vocabulary
from ckanext.sdopen.search.tiers import asked, steps
from ckanext.sdopen.search.without_index import plain_search

__all__ = ["package_search", "sdopen_synonyms_show", "sdopen_synonyms_update"]

log = logging.getLogger(__name__)

# the sentence that a page shows for a step; the first answers needs none
_SENTENCES: dict[str, Callable[[], str]] = {
    steps.AROUND: lambda: tk._("Nothing of this place alone; entries of its region are shown."),
    steps.ELSEWHERE: lambda: tk._("Nothing of this place; entries of other places are shown."),
    steps.PARTS: lambda: tk._("No exact match; entries that hold parts of your words are shown."),
    steps.SHORT: lambda: tk._("No exact match; entries that fit your short form are shown."),
    steps.SOUND: lambda: tk._("No exact match; entries that sound like your words are shown."),
    steps.RELATED: lambda: tk._("No exact match; entries about related things are shown."),
    steps.FEWER: lambda: tk._("No exact match; entries with most of your words are shown."),
    steps.MEANING: lambda: tk._("No exact match; entries that mean much the same are shown."),
    steps.ANY: lambda: tk._("No exact match; entries with some of your words are shown."),
}


def _label(found: asked.Asked, count: int, is_filtered: bool) -> str:
    """The sentence that says what a question found: what is exact, and what is near.

    Args:
        found: what the question finds without filters.
        count: how many entries the filters leave of it.
        is_filtered: whether there are some.
    """
    if found.is_empty:
        return tk._("There is no word in it that could be looked for.")
    if not count:
        return ""
    if found.step == steps.ENTRY:
        return tk._("This is the entry with exactly this code.")
    if found.step in _SENTENCES:
        return _SENTENCES[found.step]()
    if found.near and is_filtered:
        return tk._("Entries that hold your words come first; what is near them follows.")
    if found.near:
        message = tk._("{count} entries hold your words; what is near them follows.")
        return message.format(count=found.exact)
    return ""


def _filters(data_dict: dict[str, Any]) -> list[str]:
    listed = data_dict.get("fq_list") or []
    return [*([data_dict["fq"]] if data_dict.get("fq") else []), *listed]


def _recount(
    next_action: Any,
    context: Context,
    data_dict: dict[str, Any],
    values: dict[str, list[str]],
    rest: list[str],
    result: dict[str, Any],
) -> None:
    """Count a chosen facet as if nothing were chosen in it: one request without rows for each."""
    for field in values:
        if field not in result["search_facets"]:
            continue
        wanted = {
            **data_dict,
            "fq_list": [*rest, *facets.filters_but(values, field)],
            "facet.field": [field],
            "rows": 0,
            "start": 0,
        }
        counted = next_action(fresh_context(context) | _caller(context), wanted)
        result["search_facets"][field] = counted["search_facets"].get(
            field, {"title": field, "items": []}
        )
        result["facets"][field] = counted["facets"].get(field, {})


def _caller(context: Context) -> dict[str, Any]:
    return {key: context[key] for key in ("auth_user_obj", "ignore_auth") if key in context}


def _indexed(
    next_action: Any, context: Context, data_dict: dict[str, Any], is_plain: bool
) -> dict[str, Any]:
    """What the index finds."""
    found, notice = asked.Asked(""), ""
    data_dict = asked.by_fields_of_index(data_dict, is_plain)
    if is_plain:
        data_dict["q"], notice = bounds.shortened(str(data_dict["q"]))
        found = asked.of_person(context, data_dict)
        data_dict["q"] = found.query
    filters = _filters(data_dict)
    rest, values = facets.chosen(filters)
    if values:
        data_dict.pop("fq", None)
        data_dict["fq_list"] = [*rest, *facets.filters_but(values)]
    result: dict[str, Any] = next_action(context, dict(data_dict))
    if values and "search_facets" in result:
        _recount(next_action, context, data_dict, values, rest, result)
    sentence = _label(found, result["count"], bool(filters))
    label = " ".join(filter(None, (notice, sentence)))
    said = {"step": found.step, "label": label, "degraded": False}
    result["sdopen_search"] = said | {"exact": found.exact, "near": found.near > 0}
    return result


def _by_rows(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What the database finds while the index is away; what it cannot find is empty on a page.

    Raises:
        IndexAway: a program asks for what only the index can answer.
    """
    filters = _filters(data_dict)
    rest, values = facets.chosen(filters)
    wanted = {**data_dict, "fq": "", "fq_list": [*rest, *facets.filters_but(values)]}
    label = tk._("The search does not answer at the moment; entries by title, the latest first.")
    try:
        result = plain_search.search(context, wanted)
    except plain_search.Unanswerable:
        if not has_request_context() or "/api/" in tk.request.path:
            raise IndexAway from None
        label = tk._("This selection needs the search, which does not answer at the moment.")
        result = plain_search.answer(data_dict, 0, [])
    result["sdopen_search"] = {"step": "", "label": label, "degraded": True}
    return result


@tk.chained_action
@tk.side_effect_free
def package_search(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.PackageSearch:
    """Search catalogs and interfaces; a plain query is understood as Chinese.

    Args:
        data_dict: CKAN's own parameters. `q` in plain words climbs the ladder of docs/search.md;
            a query by known fields, `*:*`, or one with `defType` is Solr's own language.
            `fq` with several values of one facet (`topics:"health" topics:"medical"`) means any.

    Returns:
        CKAN's result, and `sdopen_search`: `{"step": "words"|…|"" , "label": sentence, "exact": how
        many entries the step gives, "near": whether near ones follow, "degraded": whether the index
        is away}`; then entries are found by title, and no facet is counted.

    Raises:
        ValidationError: a parameter is not CKAN's, or a query by fields is too long.

    `curl -G $PORTAL/api/3/action/package_search --data-urlencode q=低保`
    """
    data_dict = withholding.askable(context, dict(data_dict))
    if isinstance(data_dict.get("fq_list"), str):
        # one filter of an address; CKAN would make a filter of each of its signs
        data_dict["fq_list"] = [data_dict["fq_list"]]
    is_plain = asked.is_question(data_dict)
    bounds.refuse_long(data_dict, is_plain)
    bounds.refuse_many(data_dict)
    # CKAN adds to the context what later calls would take for the caller's
    caller = {name: context.get(name) for name in ("user", "auth_user_obj", "ignore_auth")}
    try:
        result = _indexed(next_action, context, dict(data_dict), is_plain)
    except IndexAway:
        tk.check_access("package_search", context, data_dict)
        result = _by_rows(Context({k: v for k, v in caller.items() if v is not None}), data_dict)
    except SearchError as error:
        if not asked.is_refused(error):
            raise
        # the message holds the query with the caller's labels
        log.info("Solr refused a search: %.500s", error)
        raise asked.NotUnderstood("fq" if is_plain or not data_dict.get("q") else "q") from None
    withholding.strip(caller, result["results"])
    if has_request_context():
        tk.g.sdopen_search = result["sdopen_search"]
    return result


@tk.side_effect_free
def sdopen_synonyms_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show the synonym table in use.

    Returns:
        `{"table": text of the table, "groups": how many, "managed": whether managers changed it}`.

    `curl $PORTAL/api/3/action/sdopen_synonyms_show`
    """
    tk.check_access("sdopen_synonyms_show", context, data_dict)
    path = vocabulary.table()
    text = path.read_text(encoding="utf-8")
    groups = sum(1 for line in text.splitlines()[1:] if line.strip())
    return {"table": text, "groups": groups, "managed": path == vocabulary.managed()}


def sdopen_synonyms_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Replace the synonym table; searches use it at once.

    Args:
        data_dict: `table`, the whole table as text, tabs between the columns.

    Returns:
        `{"groups": how many groups the table holds}`.

    Raises:
        ValidationError: a row is wrong; the message names its line, nothing was changed.
        NotAuthorized: the caller is no data authority.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_synonyms_update --json @table.json`
    """
    tk.check_access("sdopen_synonyms_update", context, data_dict)
    try:
        return {"groups": vocabulary.save(str(tk.get_or_bust(data_dict, "table")))}
    except vocabulary.synonyms.SynonymError as error:
        raise tk.ValidationError({"table": [str(error)]}) from None
