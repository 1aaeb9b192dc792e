"""Search in Chinese: the ladder and OR within a facet, around CKAN's own package_search."""

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.lib.plugins import get_permission_labels
from ckan.logic import fresh_context
from ckan.types import ActionResult, Context
from flask import has_request_context

from ckanext.sdopen.catalog import withheld
from ckanext.sdopen.search import analysis, facets, ladder, probe, vocabulary

__all__ = ["package_search", "sdopen_synonyms_show", "sdopen_synonyms_update"]

# the sentence that a page shows for a step; the first answers needs none
_SENTENCES: dict[str, Callable[[], str]] = {
    ladder.AROUND: lambda: tk._("Nothing of this place alone; entries of its region are shown."),
    ladder.ELSEWHERE: lambda: tk._("Nothing of this place; entries of other places are shown."),
    ladder.PARTS: lambda: tk._("No exact match; entries that hold parts of your words are shown."),
    ladder.SHORT: lambda: tk._("No exact match; entries that fit your short form are shown."),
    ladder.SOUND: lambda: tk._("No exact match; entries that sound like your words are shown."),
    ladder.RELATED: lambda: tk._("No exact match; entries about related things are shown."),
    ladder.FEWER: lambda: tk._("No exact match; entries with most of your words are shown."),
    ladder.ANY: lambda: tk._("No exact match; entries with some of your words are shown."),
}


def _labels(context: Context) -> list[str] | None:
    """The caller's labels as package_search takes them; None for whom no label counts."""
    user = context.get("user")
    if context.get("ignore_auth") or (user and authz.is_sysadmin(user)):
        return None
    return get_permission_labels().get_user_dataset_labels(context["auth_user_obj"])


def _audience(context: Context, data_dict: dict[str, Any]) -> list[str]:
    """The filters by which package_search bounds what a caller may find, without his own."""
    filters = [f'+site_id:"{tk.config["ckan.site_id"]}"', "+entity_type:package"]
    states = ["active"]
    states += ["draft"] if tk.asbool(data_dict.get("include_drafts", False)) else []
    states += ["deleted"] if tk.asbool(data_dict.get("include_deleted", False)) else []
    filters.append(f"+state:({' OR '.join(states)})")
    if not tk.asbool(data_dict.get("include_private", False)):
        filters.append("+capacity:public")
    labels = _labels(context)
    if labels is not None:
        quoted = " OR ".join('"{}"'.format(label.replace('"', "")) for label in sorted(labels))
        filters.append(f"+permission_labels:({quoted})")
    return filters


def _climbed(context: Context, data_dict: dict[str, Any]) -> tuple[str, str]:
    """(Lucene query, step) of a plain query."""
    known = vocabulary.current()
    built = ladder.build(data_dict["q"], known.synonyms, known.sounds)
    if not built.steps:
        return data_dict["q"], ""
    step = probe.answering(built, _audience(context, data_dict))
    return built.query(step), step


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
        asked = {
            **data_dict,
            "fq_list": [*rest, *facets.filters_but(values, field)],
            "facet.field": [field],
            "rows": 0,
            "start": 0,
        }
        counted = next_action(fresh_context(context) | _caller(context), asked)
        result["search_facets"][field] = counted["search_facets"].get(
            field, {"title": field, "items": []}
        )
        result["facets"][field] = counted["facets"].get(field, {})


def _caller(context: Context) -> dict[str, Any]:
    return {key: context[key] for key in ("auth_user_obj", "ignore_auth") if key in context}


@tk.chained_action
@tk.side_effect_free
def package_search(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.PackageSearch:
    """Search catalogs and interfaces; a plain query is understood as Chinese.

    Args:
        data_dict: CKAN's own parameters. `q` in plain words climbs the ladder of docs/search.md;
            a fielded, quoted or boolean `q`, `*:*`, or one with `defType` is left alone.
            `fq` with several values of one facet (`topics:"health" topics:"medical"`) means any.

    Returns:
        CKAN's result, and `sdopen_search`: `{"step": "words"|…|"" , "label": sentence}`.

    Raises:
        ValidationError: a parameter is not CKAN's.

    `curl -G $PORTAL/api/3/action/package_search --data-urlencode q=低保`
    """
    data_dict = withheld.askable(context, dict(data_dict))
    step = ""
    if not data_dict.get("defType") and analysis.is_plain(str(data_dict.get("q") or "")):
        data_dict["q"], step = _climbed(context, data_dict)
    # CKAN adds to the context what later calls would take for the caller's
    caller = {name: context.get(name) for name in ("user", "auth_user_obj", "ignore_auth")}
    filters = _filters(data_dict)
    rest, values = facets.chosen(filters)
    if values:
        data_dict.pop("fq", None)
        data_dict["fq_list"] = [*rest, *facets.filters_but(values)]
    result = next_action(context, dict(data_dict))
    if values and "search_facets" in result:
        _recount(next_action, context, data_dict, values, rest, result)
    withheld.strip(caller, result["results"])
    sentence = _SENTENCES[step]() if step in _SENTENCES else ""
    result["sdopen_search"] = {"step": step, "label": sentence}
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
