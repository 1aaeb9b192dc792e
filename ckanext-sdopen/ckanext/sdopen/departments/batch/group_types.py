"""What departments and topics do not have in common when they are written by the batch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ckan import model

from ckanext.sdopen import codes
from ckanext.sdopen.departments import validators
from ckanext.sdopen.identifiers import ids, provider_code

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Sort:
    """A sort of groups: how CKAN calls it, and how a record says which group it means.

    `named` gives the id or name of the group that a record means, empty where it does not tell,
    `called` the name that a new one gets; `changed` completes a record for the stored group, as
    the action does.
    """

    noun: str
    group_type: str
    named: Callable[[Record], str]
    called: Callable[[Record], str]
    changed: Callable[[Record, model.Group], dict[str, Any]]

    @property
    def is_organization(self) -> bool:
        """Whether CKAN keeps it as an organization."""
        return self.noun == "organization"


def _text(record: Record, name: str) -> str:
    value = record.get(name)
    return value.strip() if isinstance(value, str) else ""


def _department(derive: Callable[[str, str], str], record: Record) -> str:
    region, title = _text(record, "region"), validators.one_line(_text(record, "title"))
    code = _text(record, "provider_code").upper()
    key = code if provider_code.is_valid(code) else title
    return derive(region, key) if region in codes.regions() and key else ""


def _department_changed(record: Record, stored: model.Group) -> dict[str, Any]:
    region = record.get("region") or stored.extras.get("region", "")
    title = validators.one_line(str(record.get("title") or ""))
    names = validators.names_after(record.get("former_names"), stored, title)
    return {**record, "region": region, "former_names": names}


DEPARTMENT = Sort(
    "organization",
    "organization",
    partial(_department, ids.department_id),
    partial(_department, ids.department_name),
    _department_changed,
)
_topic = partial(_text, name="name")
TOPIC = Sort("group", "topic", _topic, _topic, lambda record, stored: {**record})
