"""What an account may do, asked once per department and verb and not once per record."""

from functools import cached_property
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins import IAuthFunctions, PluginImplementations
from ckan.types import Context

from ckanext.sdopen.access import caller, entry_facts, labels, visibility
from ckanext.sdopen.access.authority import governing_of
from ckanext.sdopen.bulk.examining.lookups import Directory
from ckanext.sdopen.bulk.record import Known
from ckanext.sdopen.ckan_seams.group_permissions import departments_of
from ckanext.sdopen.optional_plugins import is_ours


def _asked_by_others(verb: str) -> bool:
    """Whether another plugin has a say in who does this: then it is asked for each department."""
    return any(
        verb in plugin.get_auth_functions()
        for plugin in PluginImplementations(IAuthFunctions)
        if not is_ours(plugin)
    )


class Permissions:
    """The answers of CKAN's and our auth functions for one account during one batch."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.trusted = bool(context.get("ignore_auth"))
        self._user = str(context.get("user") or "")
        self.account = model.User.get(self._user) if self._user else None
        self._known: dict[tuple[Any, ...], bool] = {}

    def _asked(self, key: tuple[Any, ...], action: str, data_dict: dict[str, Any]) -> bool:
        if self.trusted:
            return True
        if key not in self._known:
            own = Context(user=self._user, auth_user_obj=self.context.get("auth_user_obj"))
            try:
                tk.check_access(action, own, data_dict)
                self._known[key] = True
            except tk.NotAuthorized:
                self._known[key] = False
        return self._known[key]

    @cached_property
    def _governs(self) -> Any:
        return governing_of(self._user)

    @cached_property
    def _writable(self) -> frozenset[str]:
        """The departments in which the account creates entries."""
        return departments_of(self.account, "create_dataset")

    @cached_property
    def _administered(self) -> frozenset[str]:
        return departments_of(self.account, "admin")

    @cached_property
    def _labels(self) -> list[str]:
        is_active = self.account is not None and self.account.is_active
        return labels.all_user_labels(self.account if is_active else None)

    @cached_property
    def _is_decided_here(self) -> bool:
        return not (_asked_by_others("package_create") or _asked_by_others("package_update"))

    @cached_property
    def _shown_here(self) -> bool:
        return not _asked_by_others("package_show")

    @property
    def is_sysadmin(self) -> bool:
        """Whether no rule stops the account."""
        return self.account is not None and self.account.is_active and self.account.sysadmin

    def creates(self, package_type: str, owner_org: str) -> bool:
        """Whether the account creates entries of a type in a department."""
        if self._is_decided_here:
            return self.trusted or self.is_sysadmin or owner_org in self._writable
        key = ("create", package_type, owner_org)
        asked = {"type": package_type, "owner_org": owner_org}
        return self._asked(key, "package_create", asked)

    def updates(self, known: Known) -> bool:
        """Whether the account changes an entry; entries of one kind are asked for once."""
        region = str(known.extras.get("region") or "")
        if self._is_decided_here and entry_facts.is_ours(known.type) and self.publishes(region):
            return True
        key: tuple[Any, ...] = (
            "update",
            known.type,
            known.owner_org,
            region,
            known.state,
        )
        if tk.asbool(tk.config.get("ckan.auth.allow_dataset_collaborators")):
            key = (*key, known.id)
        return self._asked(key, "package_update", {"id": known.id})

    def takes_over(self, owner_org: str) -> bool:
        """Whether the account may give an entry to a department (CKAN's owner_org_validator)."""
        return self.trusted or self.is_sysadmin or owner_org in self._writable

    def reads(self, catalog: model.Package) -> bool:
        """Whether the account reads a catalog that an interface is to serve."""
        if self._shown_here and entry_facts.is_ours(catalog.type):
            return self._reads(entry_facts.of_row(catalog))
        return self._asked(("read", catalog.id), "package_show", {"id": catalog.id})

    def sees(self, known: Known, directory: Directory) -> bool:
        """Whether the account reads a stored entry."""
        catalog = directory.catalog(known.extras.get("catalog"))
        return self._reads(entry_facts.of_values({**known.extras, **known.package}, catalog))

    def _reads(self, entry: entry_facts.EntryFacts) -> bool:
        if self.trusted or self.is_sysadmin:
            return True
        return visibility.ENTRY in caller.parts_by_labels(entry, self._labels)

    def publishes(self, region: str) -> bool:
        """Whether the account publishes entries of a region."""
        return self.trusted or self._governs(region)

    def withdraws(self, known: Known) -> bool:
        """Whether the account withdraws an entry."""
        if self.publishes(str(known.extras.get("region") or "")) or self.is_sysadmin:
            return True
        return known.owner_org in self._administered

    def user_id(self) -> str | None:
        """The id of the account, None for nobody."""
        return self.account.id if self.account else None
