"""What a caller who reads an entry does not get of it: files, tables, sample answers."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ckan import model
from ckan.types import Context

from ckanext.sdopen.access import caller, entry_facts, visibility
from ckanext.sdopen.ckan_seams import json_text

# of a resource: what leads to the file or tells one from another
_OF_FILES = ("url", "hash", "original_filename", "source_key", "cache_url")
# of a Solr document: the entry as it is stored
_WHOLE = ("data_dict", "validated_data_dict")
_EXAMPLES = ("response_example",)
# what Solr holds of them: a search for an address must not answer yes or no
_INDEXED = ("res_url", "res_extras_hash", "res_extras_original_filename", "res_extras_source_key")


def _flat(entry: Mapping[str, Any]) -> dict[str, Any]:
    """All values side by side, as CKAN's default schema does not show them."""
    extras = entry.get("extras")
    pairs = extras if isinstance(extras, list) else []
    return {**{pair["key"]: pair.get("value") for pair in pairs if "key" in pair}, **entry}


def _drop(entry: dict[str, Any], names: Iterable[str]) -> None:
    dropped = set(names)
    for name in dropped & set(entry):
        del entry[name]
    if isinstance(entry.get("extras"), list):
        entry["extras"] = [pair for pair in entry["extras"] if pair.get("key") not in dropped]


def _hide_files(resource: dict[str, Any]) -> None:
    for name in _OF_FILES:
        if name in resource:
            resource[name] = "" if name == "url" else None
    resource["on_application"] = True


def _strip(
    context: Context | Mapping[str, Any], entry: dict[str, Any], known: entry_facts.EntryFacts
) -> None:
    seen = caller.parts(context, known)
    for resource in entry.get("resources") or []:
        if visibility.FILE not in seen:
            _hide_files(resource)
        if visibility.TABLE not in seen and resource.get("datastore_active"):
            resource["datastore_active"] = False
    if visibility.INTERFACE not in seen:
        _drop(entry, _EXAMPLES)
    if visibility.ITEMS not in seen:
        _drop(entry, ("info_items",))


def _is_ours(shown: Mapping[str, Any]) -> bool:
    return entry_facts.is_ours(shown.get("type"), shown.get("opening"))


def strip(context: Context | Mapping[str, Any], entries: Iterable[dict[str, Any]]) -> None:
    """Take out of shown entries what the caller does not get; one query for served catalogs."""
    if caller.is_trusted(context):
        return
    ours = [(entry, _flat(entry)) for entry in entries if _is_ours(entry)]
    if not ours:
        return
    served = {flat["catalog"] for _, flat in ours if flat.get("catalog")}
    rows = model.Session.query(model.Package).filter(model.Package.id.in_(served))
    catalogs = {row.id: row for row in rows}
    for entry, flat in ours:
        catalog = catalogs.get(flat.get("catalog"))
        if flat.get("catalog") and (catalog is None or not caller.sees(context, catalog)):
            # readers of an interface see its catalog; nobody else learns that there is one
            _drop(entry, ("catalog",))
        _strip(context, entry, entry_facts.of_values(flat, catalog))


def askable(context: Context | Mapping[str, Any], data_dict: dict[str, Any]) -> dict[str, Any]:
    """A search without the fields of `fl` that hold whole entries: nothing is withheld from them.

    Wildcards, aliases and functions of Solr would name them in other words.
    """
    asked = data_dict.get("fl")
    if not asked or caller.is_trusted(context):
        return data_dict
    listed = " ".join(map(str, asked)) if isinstance(asked, list | tuple) else str(asked)
    kept = [
        name
        for name in re.split(r"[\s,]+", listed)
        if re.fullmatch(r"[\w.-]+", name) and name not in _WHOLE
    ]
    return {**data_dict, "fl": kept or ["id"]}


def keep_out_of_index(doc: dict[str, Any]) -> None:
    """Take out of a Solr document what not every reader of the entry gets."""
    shown = json_text.said(doc.get("validated_data_dict"))
    if not isinstance(shown, dict) or not _is_ours(shown):
        return
    known = entry_facts.of_values(shown)
    by_part = [
        set(visibility.roles_that_see(known.state, known.class_name, part))
        for part in (visibility.ENTRY, visibility.FILE)
    ]
    if by_part[0] - by_part[1]:
        for name in _INDEXED:
            doc.pop(name, None)
