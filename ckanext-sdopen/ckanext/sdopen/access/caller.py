"""The caller of an action and what he sees of an entry."""

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import Context

from ckanext.sdopen.access import entry_facts, labels, visibility


def is_trusted(context: Context | Mapping[str, Any]) -> bool:
    """Whether no rule of visibility stops the caller: trusted code, or a system administrator."""
    return bool(context.get("ignore_auth")) or authz.is_sysadmin(context.get("user"))


def alone(context: Context | Mapping[str, Any]) -> Context:
    """A context that names the caller and nothing else, for another action."""
    kept = ("user", "auth_user_obj", "ignore_auth")
    return Context({name: context[name] for name in kept if name in context})  # type: ignore[typeddict-item]


def user_of(context: Context | Mapping[str, Any]) -> model.User | None:
    """The account that calls; None for nobody, and for one that was deleted."""
    user = context.get("auth_user_obj")
    name = context.get("user")
    if name is None and user is None:
        # a page or an API call whose context is still empty
        name = getattr(tk.g, "user", "") if tk.request else ""
    if user is None or user.is_anonymous or (name and user.name != name):
        user = model.User.get(name) if name else None
    return user if user is not None and user.is_active else None


def parts(context: Context | Mapping[str, Any], entry: entry_facts.EntryFacts) -> frozenset[str]:
    """The parts of an entry that the caller sees; see schemas/visibility.yaml."""
    if is_trusted(context):
        return frozenset(visibility.PARTS)
    seen = _of_roles(entry, user_of(context))
    return seen & _of_roles(entry.catalog, user_of(context)) if entry.catalog else seen


def _of_roles(entry: entry_facts.EntryFacts, user: model.User | None) -> frozenset[str]:
    return visibility.parts(entry.state, entry.class_name, labels.roles(entry, user))


def parts_by_labels(entry: entry_facts.EntryFacts, held: Sequence[str]) -> frozenset[str]:
    """The parts of an entry that somebody with these labels sees."""
    roles = labels.roles_of_labels(entry, held)
    seen = visibility.parts(entry.state, entry.class_name, roles)
    return seen & parts_by_labels(entry.catalog, held) if entry.catalog else seen


def sees(
    context: Context | Mapping[str, Any], entry: model.Package, part: str = visibility.ENTRY
) -> bool:
    """Whether the caller sees a part of a stored entry; packages of others follow CKAN's rule."""
    if is_trusted(context):
        return True
    if entry_facts.is_entry(entry):
        return part in parts(context, entry_facts.of_row(entry))
    own = set(labels.all_user_labels(user_of(context)))
    return bool(own.intersection(labels.entry_labels(entry)))
