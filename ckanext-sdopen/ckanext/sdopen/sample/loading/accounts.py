"""Demo accounts of the sample province; their passwords are generated once and kept in a file."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.guard.accounts.rules import passwords as rules
from ckanext.sdopen.sample.entries.departments import AUTHORITY, department
from ckanext.sdopen.sample.entries.places import PROVINCE

_CITY = "370100"
_DEPARTMENT = "shichang"


@dataclass(frozen=True)
class Role:
    """A demo account: its user name, role, and what it is in which department."""

    name: str
    role: str
    role_zh: str
    capacity: str = ""
    key: str = ""
    region: str = PROVINCE


ROLES = (
    Role("citizen", "citizen", "公众"),
    Role("cataloguer", "cataloguer", "编目员", "editor", _DEPARTMENT),
    Role("reviewer", "department reviewer", "部门审核员", "admin", _DEPARTMENT),
    Role("authority", "data authority of the province", "省数据主管部门", "admin", AUTHORITY),
    Role(
        "authority_jinan", "data authority of a city", "市数据主管部门", "admin", AUTHORITY, _CITY
    ),
    Role("sysadmin", "system administrator", "系统管理员"),
)


def _stored_passwords(path: Path) -> dict[str, str]:
    """{user name: password} of the accounts that the file holds already, weak ones left out."""
    try:
        kept = {one["name"]: str(one["password"]) for one in json.loads(path.read_text("utf-8"))}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    policy = rules.Policy()
    return {name: kept[name] for name in kept if not rules.faults(kept[name], name, policy)}


def _write(path: Path, passwords: dict[str, str]) -> None:
    listed = [
        {
            "role": role.role,
            "role_zh": role.role_zh,
            "name": role.name,
            "password": passwords[role.name],
            "department": department(role.key, role.region).title if role.key else "",
        }
        for role in ROLES
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    # never readable by others, not even for a moment
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(listed, file, ensure_ascii=False, indent=1)
    part.replace(path)


def _make_user(role: Role, password: str, context: Context) -> None:
    user = model.User.get(role.name)
    if user is None:
        values = {
            "name": role.name,
            "fullname": role.role_zh,
            "email": f"{role.name}@localhost.localdomain",
            "password": password,
        }
        tk.get_action("user_create")(Context(**context), values)
        user = model.User.get(role.name)
    elif not user.validate_password(password):
        user.password = password
    user.sysadmin = role.name == "sysadmin"
    model.Session.commit()


def make(path: Path, context: Context) -> list[dict[str, str]]:
    """Make the accounts that are missing and set the passwords that the file holds.

    Returns:
        `asdict` of each role with its password, as the file lists them.
    """
    kept = _stored_passwords(path)
    passwords = {role.name: kept.get(role.name) or rules.generated() for role in ROLES}
    _write(path, passwords)
    for role in ROLES:
        _make_user(role, passwords[role.name], context)
        if role.key:
            member = {
                "id": department(role.key, role.region).id,
                "object": role.name,
                "object_type": "user",
                "capacity": role.capacity,
            }
            tk.get_action("member_create")(Context(**context), member)
    return [asdict(role) | {"password": passwords[role.name]} for role in ROLES]
