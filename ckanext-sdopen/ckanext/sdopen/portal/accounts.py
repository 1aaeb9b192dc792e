"""The account of the harvest scripts: a data authority of the portal's own region, with a token."""

import os
from pathlib import Path

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.access.authority import authorities
from ckanext.sdopen.guard.accounts.rules import passwords
from ckanext.sdopen.identifiers.ids import department_id, department_name

HARVEST_USER = "harvest"
_AUTHORITY_TITLE = "公共数据开放主管部门"


def _as_site() -> Context:
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": site_user["name"], "ignore_auth": True}


def _authority() -> str:
    """The portal's data authority; an empty portal gets one, to be renamed by its operators."""
    region = tk.config["ckanext.sdopen.portal.region"]
    found = authorities().get(region)
    if found:
        return found
    tk.get_action("organization_create")(
        _as_site(),
        {
            "id": department_id(region, _AUTHORITY_TITLE),
            "name": department_name(region, _AUTHORITY_TITLE),
            "title": _AUTHORITY_TITLE,
            "region": region,
            "level": "province",
            "is_authority": "true",
        },
    )
    return department_id(region, _AUTHORITY_TITLE)


def _is_used(department: model.Group) -> bool:
    """Whether a department has entries, another name, or members that we did not make."""
    ours = (HARVEST_USER, _as_site()["user"])
    entries = model.Session.query(model.Package.id).filter_by(owner_org=department.id)
    people = (
        model.Session.query(model.Member.id)
        .join(model.User, model.User.id == model.Member.table_id)
        .filter(
            model.Member.group_id == department.id,
            model.Member.state == model.State.ACTIVE,
            model.User.name.not_in(ours),
        )
    )
    renamed = department.title != _AUTHORITY_TITLE
    return renamed or entries.first() is not None or people.first() is not None


def make_way(region: str) -> None:
    """Remove the data authority of the harvest account where nobody uses it; another comes."""
    own = department_id(region, _AUTHORITY_TITLE)
    if authorities().get(region) == own and not _is_used(model.Group.get(own)):
        tk.get_action("organization_purge")(_as_site(), {"id": own})


def follow_authority() -> None:
    """Let the harvest account act for the portal's data authority where it is in no department."""
    user = model.User.get(HARVEST_USER)
    found = authorities().get(tk.config["ckanext.sdopen.portal.region"])
    if user is not None and found and not user.get_groups("organization"):
        _appoint(found)


def _appoint(authority: str) -> None:
    member = {
        "id": authority,
        "object": HARVEST_USER,
        "object_type": "user",
        "capacity": "admin",
    }
    tk.get_action("member_create")(_as_site(), member)


def harvest_token() -> str:
    """Make the harvest account where it is missing, and a new API token for it."""
    if not model.User.get(HARVEST_USER):
        tk.get_action("user_create")(
            _as_site(),
            {
                "name": HARVEST_USER,
                "fullname": "收割账号",
                "email": f"{HARVEST_USER}@localhost.localdomain",
                "password": passwords.generated(),
            },
        )
    _appoint(_authority())
    token = tk.get_action("api_token_create")(
        _as_site(), {"user": HARVEST_USER, "name": "scripts/harvest"}
    )
    return token["token"]


def write_secret(path: Path, secret: str) -> None:
    """Write a secret to a file that only its owner reads, never a moment otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret + "\n")
    part.replace(path)
