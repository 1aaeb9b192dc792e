"""Which kind of value belongs to which parameter of CKAN's, its plugins' and our actions: data.

CKAN 2.12 hands most parameters to PostgreSQL or Solr as they come; a list where a text belongs
ends in an error page. Here stand those that nothing else looks at; what is not named passes.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any


class Kind(StrEnum):
    """What a value must be; `null` is taken as not given."""

    TEXT = "text"
    WORDS = "words"
    TEXTS = "texts"
    LISTED = "listed"
    WHOLE = "whole"
    NUMBER = "number"
    MOMENT = "moment"
    FLAG = "flag"
    OBJECT = "object"
    JSON = "json"
    FILTERS = "filters"
    OBJECTS = "objects"
    RESOURCE = "resource"
    RESOURCES = "resources"
    RELATION = "relation"
    JOB = "job"


# PostgreSQL's and Solr's places in a list
MOST_WHOLE = 2**31 - 1
# seconds since 1970 that Python makes a moment of: until the year 5138
_MOST_SECONDS = 10**11
_FLAGS = frozenset(["true", "yes", "on", "y", "t", "1", "false", "no", "off", "n", "f", "0"])
_DIGITS = re.compile(r"\d{1,10}", re.ASCII)
# what the queue takes for the id of a job
_JOB = re.compile(r"[\w-]+", re.ASCII)
RELATIONS = (
    *("depends_on", "dependency_of", "derives_from", "has_derivation"),
    *("child_of", "parent_of", "links_to", "linked_from"),
)
_SECONDS = re.compile(r"-?\d+(\.\d*)?([eE][-+]?\d+)?", re.ASCII)


def _is_whole(value: Any) -> bool:
    if isinstance(value, str):
        text = value.strip()
        return bool(_DIGITS.fullmatch(text)) and int(text) <= MOST_WHOLE
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_WHOLE


def _is_number(value: Any) -> bool:
    """Whether it is a whole number that may be negative, as `facet.limit` is for all of them."""
    if isinstance(value, str):
        return _is_whole(value.strip().removeprefix("-"))
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST_WHOLE


def _is_moment(value: Any) -> bool:
    if isinstance(value, str):
        return not _SECONDS.fullmatch(value) or abs(float(value)) <= _MOST_SECONDS
    if isinstance(value, bool | list | tuple | dict):
        return False
    return not isinstance(value, int | float) or abs(value) <= _MOST_SECONDS


def _is_flag(value: Any) -> bool:
    return value.strip().lower() in _FLAGS if isinstance(value, str) else isinstance(value, int)


def _is_texts(value: Any) -> bool:
    if isinstance(value, list | tuple | set | frozenset):
        return all(isinstance(one, str) for one in value)
    return isinstance(value, str)


def _is_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _is_resource(value: dict[str, Any]) -> bool:
    """Whether what CKAN's table of resources takes as it comes is text."""
    return all(
        FITS[kind](value[name]) for name, kind in RESOURCE.items() if value.get(name) is not None
    )


FITS: Mapping[Kind, Callable[[Any], bool]] = {
    Kind.TEXT: lambda value: isinstance(value, str),
    Kind.TEXTS: _is_texts,
    Kind.LISTED: lambda value: not isinstance(value, str) and _is_texts(value),
    Kind.WHOLE: _is_whole,
    Kind.NUMBER: _is_number,
    Kind.MOMENT: _is_moment,
    Kind.FLAG: _is_flag,
    # CKAN writes numbers as texts
    Kind.WORDS: lambda value: isinstance(value, str | int | float) and not isinstance(value, bool),
    Kind.OBJECT: lambda value: isinstance(value, dict),
    # a parameter of an address is a text of JSON
    Kind.JSON: lambda value: isinstance(value, dict | str),
    # in CKAN 2.12 several objects, too, of which one must fit
    Kind.FILTERS: lambda value: isinstance(value, dict | str) or _is_objects(value),
    Kind.OBJECTS: _is_objects,
    Kind.RESOURCE: lambda value: (
        isinstance(value, dict) and isinstance(value.get("package_id"), str)
    ),
    Kind.RESOURCES: lambda value: not _is_objects(value) or all(map(_is_resource, value)),
    Kind.RELATION: lambda value: value in RELATIONS,
    Kind.JOB: lambda value: isinstance(value, str) and bool(_JOB.fullmatch(value)),
}


def _named(kind: Kind, names: str) -> dict[str, Kind]:
    return dict.fromkeys(names.split(), kind)


# parameters that mean the same in all actions but those that save records
COMMON: Mapping[str, Kind] = {
    **_named(
        Kind.TEXT,
        "id id2 rel name_or_id user user_id username org_id organization_id group_id owner_org"
        " package_id dataset_id resource_id object_id object object_type subject capacity key"
        " entity_id entity_type task_type vocabulary_id activity_type diff_type sort order_by q"
        " type role permission jti token name email lang_code term view_type group_type fq"
        " records_format language owner_id owner_type method",
    ),
    **_named(Kind.WHOLE, "limit offset page start rows"),
    **_named(
        Kind.FLAG,
        "all_fields include_datasets include_dataset_count include_extras include_groups"
        " include_users include_followers include_member_count include_data include_private"
        " include_drafts include_deleted include_hidden_activity include_plugin_data"
        " include_num_followers include_site_user include_records include_total"
        " use_default_schema force ids_only ignore_self plain distinct am_member available_only"
        " expanded include_password_hash include_plugin_extras",
    ),
    **_named(Kind.TEXTS, "groups organizations queues profiles terms lang_codes"),
    **_named(Kind.LISTED, "datasets view_types"),
    **_named(Kind.MOMENT, "after before start_date end_date"),
}
# what saves a record takes more under these names, and judges it by the record's schema
SAVES = re.compile(
    r"(package|resource|group|organization|user|vocabulary|file|tag|resource_view)"
    r"_(create|update|patch|revise)|config_option_update"
)
_SAVED: Mapping[str, Kind] = {
    **_named(Kind.TEXT, "id type package_id resource_id owner_org"),
    # of an account
    **_named(Kind.TEXT, "about email"),
    **_named(Kind.MOMENT, "metadata_modified metadata_created"),
    **_named(Kind.RESOURCES, "resources"),
}
# what of a resource no validator looks at
RESOURCE: Mapping[str, Kind] = {
    **_named(Kind.TEXT, "format mimetype url package_id"),
    **_named(Kind.WORDS, "name description hash resource_type mimetype_inner cache_url url_type"),
    **_named(Kind.MOMENT, "created last_modified cache_last_updated metadata_modified"),
}
_RELATION = {**_named(Kind.TEXT, "subject object"), **_named(Kind.RELATION, "type")}
# what of the common ones is otherwise in an action, and what it has of its own
_OWN: Mapping[str, Mapping[str, Kind]] = {
    "package_search": {
        **_named(Kind.TEXT, "q fq sort df defType qf mm wt tie"),
        **_named(Kind.TEXTS, "fq_list facet.field fl bf"),
        **_named(Kind.NUMBER, "facet.limit facet.mincount"),
    },
    **dict.fromkeys(("package_relationship_create", "package_relationship_update"), _RELATION),
    "package_relationship_delete": _RELATION,
    "package_relationships_list": _named(Kind.RELATION, "rel"),
    "package_resource_reorder": _named(Kind.TEXTS, "order"),
    "package_create_default_resource_views": _named(Kind.OBJECT, "package"),
    "resource_create_default_resource_views": {
        **_named(Kind.OBJECT, "package"),
        **_named(Kind.RESOURCE, "resource"),
    },
    "task_status_update_many": _named(Kind.OBJECTS, "data"),
    "term_translation_update_many": _named(Kind.OBJECTS, "data"),
    "job_show": _named(Kind.JOB, "id"),
    "job_cancel": _named(Kind.JOB, "id"),
    "datastore_search": {
        **_named(Kind.JSON, "q"),
        **_named(Kind.FILTERS, "filters"),
        **_named(Kind.TEXTS, "fields sort"),
    },
    "sdopen_table_query": _named(Kind.JSON, "query"),
    "resource_create": RESOURCE,
    "resource_update": RESOURCE,
    "resource_patch": RESOURCE,
}
_Q = "group_autocomplete organization_autocomplete package_autocomplete user_autocomplete"
# without these an action of CKAN's ends in a KeyError
_NEEDED: Mapping[str, str] = {
    **dict.fromkeys(_Q.split(), "q"),
    **dict.fromkeys(("job_show", "job_cancel"), "id"),
    "user_invite": "group_id",
    "bulk_update_private": "datasets org_id",
    "bulk_update_public": "datasets org_id",
    "bulk_update_delete": "datasets org_id",
    "datastore_run_triggers": "resource_id",
    "task_status_update_many": "data",
    "package_create_default_resource_views": "package",
    "resource_create_default_resource_views": "resource",
}
# these may be left out, and may not be null
_FILLED: Mapping[str, str] = {
    "package_search": "fq_list",
    "package_update": "resources",
    "user_list": "order_by",
}
# lists of records whose flaws the action tells record by record, and so keeps the others
EXAMINED: Mapping[str, str] = {
    "sdopen_entry_bulk_upsert": "records",
    "sdopen_entry_bulk_withdraw": "entries",
    "sdopen_department_bulk_upsert": "records",
    "sdopen_topic_bulk_upsert": "records",
    "sdopen_catalog_check": "entries",
}


@cache
def kinds(action: str) -> Mapping[str, Kind]:
    """{parameter: its kind} of an action."""
    own = _OWN.get(action, {})
    if SAVES.fullmatch(action):
        return {**_SAVED, **own}
    if action.startswith("sdopen_"):
        # ours read numbers, flags and moments themselves, each with its own bounds
        texts = {name: kind for name, kind in COMMON.items() if kind is Kind.TEXT}
        return {**texts, **own}
    return {**COMMON, **own}


@cache
def needed(action: str) -> tuple[str, ...]:
    """The parameters without which an action cannot begin."""
    return tuple(_NEEDED.get(action, "").split())


@cache
def filled(action: str) -> tuple[str, ...]:
    """The parameters that may be left out, but not be null."""
    return tuple(_FILLED.get(action, "").split())
