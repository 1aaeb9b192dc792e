"""The department that a row of a book means, among those its user may write for."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model

from ckanext.sdopen import codes
from ckanext.sdopen.identifiers import entry_key
from ckanext.sdopen.language import language

_MOST_NAMED = 5
Entry = Mapping[str, Any]


class NoProvider(Exception):
    """No department, or none alone, is meant; the message says why and what to do."""


def future_id(region: str, read: Entry) -> str:
    """The id of a catalog of a book; empty where the write will say why it can have none."""
    try:
        found = entry_key.identities("catalog", region, read)
    except ValueError:
        return ""
    return found[0].id if found else ""


def region_of(department: model.Group) -> str:
    """The region of a department, six digits."""
    return str(department.extras.get("region") or "")


class Providers:
    """The departments that the entries of some rows name, looked up once."""

    def __init__(self, user_name: str, entries: Collection[Entry]) -> None:
        titles = {str(entry.get("owner_org")) for entry in entries}
        found = model.Session.query(model.Group).filter(
            model.Group.is_organization.is_(True),
            model.Group.state == model.State.ACTIVE,
            model.Group.title.in_(titles),
        )
        self._by_title: dict[str, list[model.Group]] = {}
        for group in found.order_by(model.Group.name):
            if authz.has_user_permission_for_group_or_org(group.id, user_name, "create_dataset"):
                self._by_title.setdefault(group.title, []).append(group)
        self._owners = self._stored_owners(entries)

    def _stored_owners(self, entries: Iterable[Entry]) -> dict[str, str]:
        """{id: its provider} of the stored entries that rows with a doubtful provider may mean."""
        ids = {
            future_id(region_of(one), entry)
            for entry in entries
            for one in self._named(entry)
            if len(self._named(entry)) > 1
        }
        rows = model.Session.query(model.Package.id, model.Package.owner_org)
        return dict(rows.filter(model.Package.id.in_(ids - {""})).tuples()) if ids else {}

    def _named(self, entry: Entry) -> list[model.Group]:
        return self._by_title.get(str(entry.get("owner_org")), [])

    def of(self, entry: Entry) -> model.Group:
        """The department of an entry.

        Of several with the same title it is the one with the row's 统一社会信用代码, else the one
        whose stored entry has the row's 信息资源代码.

        Raises:
            NoProvider: there is none for which the user may write, or it remains open which one.
        """
        candidates = self._named(entry)
        if not candidates:
            message = tk._("You may not write for the department {title}; is its name right?")
            raise NoProvider(message.format(title=str(entry.get("owner_org"))))
        if len(candidates) == 1:
            return candidates[0]
        for meant in (self._by_code(entry, candidates), self._by_entry(entry, candidates)):
            if len(meant) == 1:
                return meant[0]
        message = tk._(
            "Several departments are called {title}: {named}. Write the provider's code"
            " (统一社会信用代码) of the one that is meant into its column"
        )
        raise NoProvider(message.format(title=candidates[0].title, named=_named(candidates)))

    def _by_code(self, entry: Entry, candidates: list[model.Group]) -> list[model.Group]:
        code = str(entry.get("provider_code") or "").upper()
        if not code:
            return []
        return [g for g in candidates if str(g.extras.get("provider_code") or "").upper() == code]

    def _by_entry(self, entry: Entry, candidates: list[model.Group]) -> list[model.Group]:
        owners = self._owners
        return [g for g in candidates if owners.get(future_id(region_of(g), entry)) == g.id]


def _named(candidates: list[model.Group]) -> str:
    """Where the candidates are: 济南市历下区 370102, each with its own code where it has one."""
    named = []
    for group in candidates[:_MOST_NAMED]:
        parts = [_place(region_of(group)), str(group.extras.get("provider_code") or "")]
        named.append(" ".join(part for part in parts if part) or group.name)
    more = "……" if len(candidates) > _MOST_NAMED else ""
    return "；".join(named) + more


def _place(region: str) -> str:
    """A region with those that hold it, from the largest down."""
    if region not in codes.regions():
        return region
    labels = codes.load("regions")
    lang = language()
    glue = "" if lang.startswith("zh") else ", "
    return glue.join(labels.label(code, lang) for code in reversed(codes.path(region)))
