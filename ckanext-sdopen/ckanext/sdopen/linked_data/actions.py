"""The actions of ckanext-dcat with the profile of the portal."""

import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckan.types import Context

from ckanext.sdopen.ckan_seams.repairs.solr_connection import IndexAway
from ckanext.sdopen.linked_data import entries, related
from ckanext.sdopen.linked_data.formats import FORMATS, written
from ckanext.sdopen.linked_data.portal_catalog import Page, page_graph
from ckanext.sdopen.linked_data.triples import new_graph
from ckanext.sdopen.moments import moment
from ckanext.sdopen.parameters import whole_number
from ckanext.sdopen.standard.elements import KIND_OF_TYPE

__all__ = ["dcat_catalog_search", "dcat_catalog_show", "dcat_dataset_show"]

PROFILE = "sdopen_dcat_ap"
# a page number beyond this is no page of any portal, and more than Solr counts
_LAST_PAGE = 999_999
_REFERENCE = re.compile(r"^[0-9a-zA-Z_-]{2,100}\Z")
_REPEATED_PARAMETERS = ("q", "fq", "modified_since")


def _format(data_dict: dict[str, Any]) -> str:
    ending = str(data_dict.get("format") or "xml")
    if ending not in FORMATS:
        message = tk._('There is no format "{format}"; choose one of: {formats}')
        known = ", ".join(FORMATS)
        raise tk.ValidationError({"format": [message.format(format=ending, formats=known)]})
    profiles = data_dict.get("profiles") or [PROFILE]
    if profiles not in ([PROFILE], PROFILE):
        message = tk._("The portal has one profile, {profile}; leave the parameter out")
        raise tk.ValidationError({"profiles": [message.format(profile=PROFILE)]})
    return ending


def _query(data_dict: dict[str, Any], number: int, size: int, context: Context) -> dict[str, Any]:
    query: dict[str, Any] = {
        "q": str(data_dict.get("q") or "*:*"),
        "fq": str(data_dict.get("fq") or ""),
        # a new entry comes last: whoever reads page by page misses none
        "sort": "metadata_created asc, name asc",
        "rows": size,
        "start": size * (number - 1),
        "include_private": bool(context.get("user")),
        "fq_list": [f"dataset_type:({' OR '.join(KIND_OF_TYPE)})"],
    }
    if data_dict.get("modified_since"):
        since = moment(str(data_dict["modified_since"]), "modified_since")
        query["fq_list"].append(f"metadata_modified:[{since:%Y-%m-%dT%H:%M:%S.%fZ} TO *]")
    return query


def _reader(context: Context) -> Context:
    """Who reads, without what an earlier action left in the context."""
    return Context(user=context.get("user", ""), auth_user_obj=context.get("auth_user_obj"))


def _readable(reference: str, context: Context) -> dict[str, Any]:
    """The entry; one that may not be read is answered like one that is not there."""
    absent = tk.ObjectNotFound(tk._("Dataset not found"))
    if not _REFERENCE.match(reference):
        raise absent
    try:
        shown: dict[str, Any] = tk.get_action("package_show")(Context(**context), {"id": reference})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        raise absent from None
    return shown


@tk.chained_action
@tk.side_effect_free
def dcat_dataset_show(next_action: Any, context: Context, data_dict: dict[str, Any]) -> str:
    """Write a catalog or an interface as linked data.

    Args:
        data_dict: `id`, id or name of the entry; `format`: ttl, n3, rdf, xml (default) or jsonld.

    Returns:
        The text in that format.

    Raises:
        ObjectNotFound: there is no such entry, or the caller may not read it.
        ValidationError: the format or the profile is not one of the portal's.

    `curl -G $PORTAL/api/3/action/dcat_dataset_show -d id=c-370000-307001-000123 -d format=ttl`
    """
    tk.check_access("dcat_dataset_show", context, data_dict)
    ending = _format(data_dict)
    shown = _readable(str(tk.get_or_bust(data_dict, "id")), context)
    reader = _reader(context)
    if shown["type"] not in KIND_OF_TYPE:
        return str(next_action(context, data_dict))
    graph = new_graph()
    entries.state(graph, shown, related.of([shown], reader))
    return written(graph, ending)


def _catalog(context: Context, data_dict: dict[str, Any]) -> str:
    ending = _format(data_dict)
    number = whole_number(data_dict, "page", 1, least=1, most=_LAST_PAGE)
    size = int(tk.config["ckanext.dcat.datasets_per_page"])
    reader = _reader(context)
    query = _query(data_dict, number, size, context)
    try:
        found = tk.get_action("package_search")(Context(**context), query)
    except IndexAway:
        raise
    except SearchError:
        message = tk._("The search was not understood; correct the parameters q and fq")
        raise tk.ValidationError({"q": [message]}) from None
    kept = {name: str(data_dict[name]) for name in _REPEATED_PARAMETERS if data_dict.get(name)}
    page = Page(number, size, found["count"], f"/catalog.{ending}", kept)
    if number > page.last:
        raise tk.ObjectNotFound(tk._("There is no such page"))
    shown = found["results"]
    return written(page_graph(shown, related.of(shown, reader), page), ending)


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_show(next_action: Any, context: Context, data_dict: dict[str, Any]) -> str:
    """Write a page of the portal's entries as linked data: those that the caller may read.

    Args:
        data_dict: `page` from 1; `format` as of dcat_dataset_show; `modified_since`, ISO 8601;
            `q` and `fq` as of package_search.

    Returns:
        The text in that format; hydra:next is the address of the next page.

    Raises:
        ObjectNotFound: there are fewer pages.
        ValidationError: a parameter is wrong; the error says which.

    `curl -G $PORTAL/api/3/action/dcat_catalog_show -d format=ttl -d page=2`
    """
    tk.check_access("dcat_catalog_show", context, data_dict)
    return _catalog(context, data_dict)


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_search(next_action: Any, context: Context, data_dict: dict[str, Any]) -> str:
    """Write a page of the entries that a search finds; as dcat_catalog_show."""
    tk.check_access("dcat_catalog_search", context, data_dict)
    return _catalog(context, data_dict)
