"""Departments and users of the contract's plays: the same ids whenever the portal is emptied."""

import uuid
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.tests.corpus.examples import PROVIDER_CODE, as_site, department

AUTHORITY, EDITOR, SITE = "contract-authority", "contract-editor", ""


@dataclass(frozen=True)
class Cast:
    """Ids of the departments; `names` stand for the ids of users."""

    bureau: str
    other: str
    city: str
    elsewhere: str
    names: dict[str, str]


def _user(name: str) -> str:
    user = model.User(
        id=str(uuid.uuid5(uuid.NAMESPACE_DNS, name)), name=name, email=f"{name}@example.org"
    )
    model.Session.add(user)
    model.Session.commit()
    return str(user.id)


def _join(user_id: str, organization: dict[str, Any], role: str) -> None:
    member = {"id": organization["id"], "username": user_id, "role": role}
    call_action("organization_member_create", as_site(), **member)


def assemble() -> Cast:
    """Make the departments and users on an empty portal."""
    authority = department("山东省大数据局", "370000", is_authority=True)
    bureau = department("山东省医疗保障局", "370000", provider_code=PROVIDER_CODE)
    other = department("山东省统计局", "370000")
    city = department("济南市气象局", "370100")
    elsewhere = department("佛山市统计局", "440600")
    chief, editor = _user(AUTHORITY), _user(EDITOR)
    _join(chief, authority, "admin")
    for organization in (bureau, other):
        _join(editor, organization, "editor")
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    site_id = str(model.User.get(site).id)
    return Cast(
        bureau["id"],
        other["id"],
        city["id"],
        elsewhere["id"],
        {chief: f"user {AUTHORITY}", editor: f"user {EDITOR}", site_id: "user site"},
    )
