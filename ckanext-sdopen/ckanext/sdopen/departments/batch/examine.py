"""The examination of the records of a batch: CKAN's own validation with our schemas, made once."""

from collections.abc import Sequence
from typing import Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.bulk.receipts import is_odd
from ckanext.sdopen.departments import validators
from ckanext.sdopen.departments.batch.group_types import Sort
from ckanext.sdopen.departments.batch.record import Candidate
from ckanext.sdopen.departments.lookups import LookedUp
from ckanext.sdopen.standard.findings import Finding

# members, entries and pictures are handed in apart
_APART = ("users", "packages", "image_upload", "clear_upload")
_TEXTS = ("id", "name", "type", "state")


class Examiner:
    """Examines records of one sort for one account, and puts what is sound into the groups."""

    def __init__(self, context: Context, sort: Sort, looked: LookedUp) -> None:
        self.sort = sort
        self.looked = looked
        self.user = str(context.get("user") or "")
        self.trusted = bool(context.get("ignore_auth"))
        self._schemas: dict[str, Any] = {}
        self._creates: bool | None = None
        self._taken: dict[str, int] = {}

    def _context(self, stored: model.Group | None) -> Context:
        context = Context(
            user=self.user,
            ignore_auth=self.trusted,
            session=model.Session,
            model=model,
        )
        if stored is not None:
            context["group"] = stored
        self.looked.put_into(context)
        return context

    def _allowed(self, stored: model.Group | None) -> bool:
        """Whether the account may create a group, or change the stored one."""
        if self.trusted:
            return True
        if stored is None and self._creates is not None:
            return self._creates
        verb = "update" if stored else "create"
        asked = {"id": stored.id} if stored else {"type": self.sort.group_type}
        try:
            tk.check_access(f"{self.sort.noun}_{verb}", self._context(stored), asked)
            allowed = True
        except tk.NotAuthorized:
            allowed = False
        if stored is None:
            self._creates = allowed
        return allowed

    def _twice(self, candidate: Candidate) -> int | None:
        """The position of the record before it that became the group which it means."""
        known = [str(candidate.stored.id)] if candidate.stored else []
        places = (self._taken.get(one) for one in (*known, *candidate.references))
        return next((place for place in places if place is not None), None)

    def admit(self, candidate: Candidate) -> None:
        """Refuse what is not for a batch, what nobody may write, and what stands in it twice."""
        record, stored = candidate.record, candidate.stored
        apart = [name for name in _APART if record.get(name)]
        twice = self._twice(candidate)
        if apart:
            message = tk._("A batch does not take this; hand it in apart")
            candidate.reject(dict.fromkeys(apart, message), "not_in_batches")
        elif stored is not None and stored.type != self.sort.group_type:
            candidate.reject({"type": tk._("Type cannot be updated")})
        elif twice is not None:
            message = tk._("The batch holds this twice; the first is record {number}")
            candidate.reject({"title": message.format(number=twice + 1)}, "record_twice")
        elif not self._allowed(stored):
            message = tk._("You may not create or change this")
            candidate.reject({"id": message}, "not_authorized")
        elif stored is not None and stored.state != model.State.ACTIVE and not record.get("state"):
            message = tk._("{title} was ended; send its state to have it again")
            candidate.reject({"title": message.format(title=stored.title)}, "ended")

    def _validated(self, stored: model.Group | None, data_dict: dict[str, Any]) -> tuple[Any, Any]:
        """(data, errors) as the action gets them; the schema is made for the first record."""
        plugin = lib_plugins.lookup_group_plugin(self.sort.group_type)
        verb = "update" if stored else "create"
        context = self._context(stored)
        if verb in self._schemas:
            found: tuple[Any, Any] = tk.navl_validate(data_dict, self._schemas[verb], context)
            return found
        schema = getattr(plugin, f"{verb}_group_schema")()
        found = lib_plugins.plugin_validate(
            plugin, context, data_dict, schema, f"{self.sort.noun}_{verb}"
        )
        # scheming has put the validators of its fields into it
        self._schemas[verb] = schema
        return found

    def examine(self, candidate: Candidate) -> None:
        """Examine a record; where it is sound, its group holds it from now on."""
        stored = candidate.stored
        record = {k: v for k, v in candidate.record.items() if k not in ("groups", *_APART)}
        if stored is None:
            data_dict = {**record, "type": self.sort.group_type}
            data_dict["is_organization"] = self.sort.is_organization
        else:
            data_dict = {**self.sort.changed(record, stored), "id": stored.id, "type": stored.type}
        data, errors = self._validated(stored, data_dict)
        if errors:
            candidate.reject(errors)
            return
        if self.sort.is_organization:
            candidate.regions = validators.regions_governed_anew(data_dict, stored)
        group = stored or model.Group()
        candidate.title_before = group.title or ""
        extras = {extra["key"]: extra["value"] for extra in data.get("extras", [])}
        changed, _ = group.from_dict({**data, "extras": extras})
        candidate.group, candidate.is_changed = group, bool(changed) or stored is None
        model.Session.add(group)
        self.looked.add(group)
        self._taken.update(dict.fromkeys((group.id, group.name), candidate.position))
        if candidate.regions:
            # another record's mark is judged by what stands in the database
            model.Session.flush()


def _fault(name: str, value: Any) -> str:
    """The code of what no validator catches about a value; empty where there is nothing."""
    if is_odd(name) or is_odd(value):
        return "text_unprintable"
    if name in _TEXTS and not isinstance(value, str | None):
        return "text_expected"
    if name == "description" and isinstance(value, list | dict):
        return "text_expected"
    if name == "extras":
        rows = isinstance(value, list) and all(isinstance(row, dict) for row in value)
        return "" if rows else "table_expected"
    return ""


def unreadable(records: Sequence[dict[str, Any]]) -> dict[int, Finding]:
    """{position: what is wrong} of the records that the database could not look for, or hold."""
    found: dict[int, Finding] = {}
    for place, record in enumerate(records):
        for name, value in record.items():
            if code := _fault(name, value):
                found.setdefault(place, Finding(code, name))
    return found
