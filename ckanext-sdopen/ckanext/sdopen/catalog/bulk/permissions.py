"""What an account may do, asked once per department and verb and not once per record."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import Context

from ckanext.sdopen.catalog import facts, publication, readers, visibility
from ckanext.sdopen.catalog.authority import governs
from ckanext.sdopen.catalog.bulk.candidates import Known
from ckanext.sdopen.catalog.bulk.directory import Directory


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

    def creates(self, package_type: str, owner_org: str) -> bool:
        """Whether the account creates entries of a type in a department."""
        key = ("create", package_type, owner_org)
        asked = {"type": package_type, "owner_org": owner_org}
        return self._asked(key, "package_create", asked)

    def updates(self, known: Known) -> bool:
        """Whether the account changes an entry; entries of one kind are asked for once."""
        region = str(known.extras.get("region") or "")
        key: tuple[Any, ...] = (
            "update",
            known.type,
            known.owner_org,
            region,
            known.state,
            bool(known.extras.get("opening")),
        )
        if tk.asbool(tk.config.get("ckan.auth.allow_dataset_collaborators")):
            key = (*key, known.id)
        return self._asked(key, "package_update", {"id": known.id})

    def takes_over(self, owner_org: str) -> bool:
        """Whether the account may give an entry to a department (CKAN's owner_org_validator)."""
        if self.trusted or (self.account is not None and self.account.sysadmin):
            return True
        key = ("owner", owner_org)
        if key not in self._known:
            self._known[key] = self.account is not None and bool(
                authz.has_user_permission_for_group_or_org(owner_org, self._user, "create_dataset")
            )
        return self._known[key]

    def reads(self, catalog: model.Package) -> bool:
        """Whether the account reads a catalog that an interface is to serve."""
        return self._asked(("read", catalog.id), "package_show", {"id": catalog.id})

    def sees(self, known: Known, directory: Directory) -> bool:
        """Whether the account reads a stored entry."""
        if self.trusted or (self.account is not None and self.account.sysadmin):
            return True
        row = {**known.extras, **known.package}
        catalog = directory.catalog(known.extras.get("catalog"))
        of_entry = facts.of_values(row, catalog)
        return visibility.ENTRY in readers.parts(self.context, of_entry)

    def publishes(self, region: str) -> bool:
        """Whether the account publishes entries of a region."""
        if self.trusted:
            return True
        key = ("publish", region)
        if key not in self._known:
            self._known[key] = governs(self._user, region)
        return self._known[key]

    def withdraws(self, known: Known) -> bool:
        """Whether the account withdraws an entry."""
        if self.trusted:
            return True
        region = str(known.extras.get("region") or "")
        key = ("withdraw", region, known.owner_org)
        if key not in self._known:
            self._known[key] = publication.withdraws(self._user, known)
        return self._known[key]

    def user_id(self) -> str | None:
        """The id of the account, None for nobody."""
        return self.account.id if self.account else None
