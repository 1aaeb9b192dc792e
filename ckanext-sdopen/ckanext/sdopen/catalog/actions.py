"""Actions on entries, departments and accounts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import fresh_context
from ckan.plugins import plugin_loaded
from ckan.types import ActionResult, Context
from sqlalchemy.exc import IntegrityError

from ckanext.sdopen import codes
from ckanext.sdopen.catalog import (
    department,
    dependents,
    existence,
    identity,
    narrower,
    notices,
    publication,
    resources,
    values,
)
from ckanext.sdopen.catalog.authority import acts_for_authority, governing
from ckanext.sdopen.catalog.code_actions import allocated
from ckanext.sdopen.catalog.schema import refuse_odd, refuse_unfit
from ckanext.sdopen.catalog.show import complete_entry
from ckanext.sdopen.catalog.standard import KINDS

__all__ = [
    "organization_create",
    "organization_update",
    "package_create",
    "package_update",
    "sdopen_account_show",
]


def _is_entry(entry_type: str | None) -> bool:
    """Whether packages of the type are ours: a portal may run without our schemas."""
    kind = entry_type or "dataset"
    if not isinstance(kind, str):
        raise tk.ValidationError({"type": [tk._("The type must be a text")]})
    if kind not in KINDS or not plugin_loaded("scheming_datasets"):
        return False
    return tk.h.scheming_get_dataset_schema(kind) is not None


def _prepared(
    context: Context, data_dict: dict[str, Any], stored: model.Package | None
) -> dict[str, Any]:
    """The entry's data with ids for its resources and without the groups that only are shown.

    Topics are a field; sent back from package_show as groups they would ask for rights on them.
    They may be named as any portal names them. A new entry's code that is a prefix and a stroke
    gets the next number.
    """
    prepared = {name: value for name, value in data_dict.items() if name != "groups"}
    entry_type = stored.type if stored else prepared.get("type", "dataset")
    refuse_unfit(prepared, KINDS[entry_type])
    topics = values.listed(prepared.get("topics"))
    if topics:
        prepared["topics"] = codes.topic_codes(topics)
    if stored is None and str(prepared.get("resource_code") or "").strip().endswith("/"):
        prepared["resource_code"] = allocated(context, prepared, KINDS[entry_type])
    entry_resources = prepared.get("resources")
    if isinstance(entry_resources, list) and all(isinstance(r, dict) for r in entry_resources):
        resources.refuse_odd(entry_resources)
        resources.refuse_doubles(entry_resources)
        entry_id = stored.id if stored else identity.future_id(prepared)
        if entry_id:
            known = [r.as_dict() for r in stored.resources] if stored else []
            prepared["resources"] = resources.identified(entry_id, entry_resources, known)
    return prepared


@tk.chained_action
def package_create(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.PackageCreate:
    """Create an entry; the ids of its resources are derived, a lost race is a validation error."""
    if not _is_entry(data_dict.get("type")):
        return next_action(context, data_dict)
    # a context used before still holds the entry made then
    context.pop("package", None)
    refuse_odd(data_dict)
    tk.check_access("package_create", context, data_dict)
    prepared = _prepared(context, data_dict, None)
    publication.settle(context, prepared, None)
    narrower.refuse(prepared, None)
    try:
        made = next_action(context, prepared)
    except IntegrityError as error:
        model.Session.rollback()
        broken = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        if broken not in ("package_pkey", "package_name_key"):
            raise
        message = tk._("The entry is being created by another request; look whether it exists")
        raise tk.ValidationError({"resource_code": [message]}) from None
    notices.tell(KINDS[data_dict.get("type") or "dataset"])
    return made


@contextmanager
def _compared_without_groups(context: Context, entry_id: str) -> Iterator[None]:
    """CKAN finds that nothing changed by comparing with what is shown: there without groups, too.

    What is shown stands in the context for this one update only; the next would find it stale.
    """
    given = context.pop("original_package", None)
    shown = given
    if not given or given.get("id") != entry_id:
        trusted = fresh_context(context, ignore_auth=True)
        shown = tk.get_action("package_show")(trusted, {"id": entry_id})
    context["original_package"] = {k: v for k, v in (shown or {}).items() if k != "groups"}
    try:
        yield
    finally:
        context.pop("original_package", None)
        if given:
            context["original_package"] = given


@tk.chained_action
def package_update(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.PackageUpdate:
    """Update an entry; resources without an id keep the one they have."""
    existence.require(context, existence.ENTRY, data_dict, "id", "name")
    stored = model.Package.get(data_dict.get("id") or data_dict.get("name"))
    if stored is None or not _is_entry(stored.type):
        return next_action(context, data_dict)
    tk.check_access("package_update", context, {"id": stored.id})
    prepared = _prepared(context, data_dict, stored)
    publication.settle(context, prepared, stored)
    narrower.refuse(prepared, stored)
    # what changes with the entry's class asks who read it before
    _mark(context, "sdopen_readers", dependents.readers_of(stored))
    with _compared_without_groups(context, stored.id):
        updated = next_action(context, prepared)
    notices.tell(KINDS[stored.type])
    if isinstance(updated, dict):
        complete_entry(updated)
    return updated


def _under_its_authority(data_dict: dict[str, Any], organization_id: str | None) -> dict[str, Any]:
    """The department's data with its governing organization as parent, whatever a client sent.

    CKAN lets an administrator of a parent act in its children (roles_that_cascade_to_sub_groups).
    """
    parent = governing(str(data_dict.get("region") or ""), organization_id)
    if parent is None:
        return {key: value for key, value in data_dict.items() if key != "groups"}
    # an id does where CKAN asks for a name
    return {**data_dict, "groups": [{"name": parent, "capacity": "public"}]}


def _mark(context: Context, name: str, value: Any) -> None:
    """Leave a note for those who act when the change is saved."""
    context.update({name: value})  # type: ignore[typeddict-item]


@tk.chained_action
def organization_create(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.OrganizationCreate:
    """Create a department under the data authority of its region."""
    # a context used before still holds the department made then
    context.pop("group", None)
    _mark(context, "sdopen_authority_of", department.regions_governed_anew(data_dict, None))
    governed = _under_its_authority(data_dict, data_dict.get("id"))
    parents = governed.pop("groups", [])
    created = next_action(context, governed)
    notices.tell("catalog")
    # CKAN 2.12 takes a parent or an id at creation, not both (no_loops_in_hierarchy)
    for parent in parents:
        member = {"id": context["id"], "object": parent["name"], "object_type": "group"}
        as_site = {"user": context["user"], "ignore_auth": True}
        tk.get_action("member_create")(as_site, {**member, "capacity": "public"})
    return created


@tk.chained_action
def organization_update(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.OrganizationUpdate:
    """Update a department; it stays under its data authority, a name that it loses is kept."""
    organization = model.Group.get(data_dict.get("id"))
    if organization is None:
        return next_action(context, data_dict)
    region = data_dict.get("region") or organization.extras.get("region", "")
    title = department.one_line(str(data_dict.get("title") or ""))
    names = department.names_after(data_dict.get("former_names"), organization, title)
    data_dict = {**data_dict, "region": region, "former_names": names}
    # whoever holds these elsewhere learns of it when all is saved (portal.departments.signals)
    told = [name for name in ("name", "description", "image_url") if name in data_dict]
    renamed = bool(title) and title != organization.title
    renamed |= any((data_dict[n] or "") != (getattr(organization, n) or "") for n in told)
    _mark(context, "sdopen_renamed", renamed)
    _mark(context, "sdopen_authority_of", department.regions_governed_anew(data_dict, organization))
    updated = next_action(context, _under_its_authority(data_dict, organization.id))
    notices.tell("catalog")
    return updated


@tk.side_effect_free
def sdopen_account_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show the account that asks.

    Returns:
        `{"name", "acts_for_authority"}`: the user's name, and whether it administers a data
        authority, that is, may create departments and publish for them.

    Raises:
        NotAuthorized: no account, or a token that is not valid any more.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_account_show`
    """
    tk.check_access("sdopen_account_show", context, data_dict)
    user = context["user"]
    return {"name": user, "acts_for_authority": acts_for_authority(user)}
