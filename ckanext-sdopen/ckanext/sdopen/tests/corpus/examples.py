"""Departments, users and whole entries that the tests of records share."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.identifiers.ids import department_id
from ckanext.sdopen.identifiers.provider_code import check_character

CODE = "307001/000123"
# the elements of an entry that these read and no others
READ_BY = {
    "public": {"sharing": "unconditional", "opening": "unconditional"},
    "government": {"opening": "none", "closing_basis": "《政府信息公开条例》第十六条"},
    "provider": {
        "sharing": "none",
        "sharing_condition": "《统计法》第二十五条",
        "opening": "none",
        "closing_basis": "《统计法》第二十五条",
    },
}
PROVIDER_CODE = "11370000MB2845011" + check_character("11370000MB2845011")


def as_site() -> dict[str, Any]:
    """Trusted code of the portal."""
    return {"user": call_action("get_site_user")["name"]}


def department(title: str, region: str = "370000", **more: Any) -> dict[str, Any]:
    """A department, made once for all tests of a module."""
    found = model.Group.get(department_id(region, more.get("provider_code", title)))
    if found:
        return call_action("organization_show", id=found.id)
    return call_action("organization_create", as_site(), title=title, region=region, **more)


def editor_of(organization: dict[str, Any], capacity: str = "editor") -> dict[str, Any]:
    """A user who works in a department."""
    user = factories.User()
    member = {"id": organization["id"], "username": user["name"], "role": capacity}
    call_action("organization_member_create", **member)
    return user


def authority(region: str = "370000") -> dict[str, Any]:
    """A user who publishes: an administrator of the data authority of a region."""
    organization = department(f"{region} 大数据局", region, is_authority=True)
    return editor_of(organization, "admin")


def catalog(owner_org: str, **more: Any) -> dict[str, Any]:
    """The payload of a cataloguer's own catalog with every required element.

    Its title names its code: a provider has no two catalogs of one title.
    """
    return {
        "type": "dataset",
        "title": f"全省定点零售药店名录{more.get('resource_code', '')}",
        "resource_code": CODE,
        "notes": "全省纳入医保定点管理的零售药店名称、地址与联系电话。",
        "owner_org": owner_org,
        "topics": ["medical", "health"],
        "format_category": "spreadsheet",
        "format_types": ["xlsx", "csv"],
        "info_items": [
            {"name": "药店名称", "data_type": "C", "data_length": "100", "primary_key": True},
            {"name": "地址", "data_type": "C", "data_length": "200", "nullable": True},
        ],
        "sharing": "unconditional",
        "sharing_method": "platform",
        "sharing_method_types": ["file"],
        "opening": "unconditional",
        "update_cycle": "monthly",
        **more,
    }


def harvested(owner_org: str, **more: Any) -> dict[str, Any]:
    """The payload of an entry that came from a source without a code."""
    return {
        "type": "dataset",
        "title": "佛山市企业名录",
        "notes": "企业名称、地址。",
        "owner_org": owner_org,
        "topics": ["other"],
        "opening": "unconditional",
        "sharing": "unconditional",
        "update_cycle": "other",
        "source_id": "foshan",
        "source_key": "10086",
        **more,
    }


def interface(owner_org: str, **more: Any) -> dict[str, Any]:
    """The payload of a cataloguer's own interface with every required element."""
    return {
        "type": "interface",
        "title": f"定点零售药店查询接口{more.get('resource_code', '')}",
        "resource_code": CODE,
        "notes": "按名称查询定点零售药店。",
        "owner_org": owner_org,
        "topics": ["medical"],
        "sharing": "unconditional",
        "opening": "unconditional",
        "update_cycle": "monthly",
        "service_path": "/gateway/api/1/pharmacies",
        "http_method": "GET",
        "request_params": [{"name": "name", "type": "string", "required": True}],
        **more,
    }


def created(payload: dict[str, Any], user: dict[str, Any] | None = None) -> dict[str, Any]:
    """Create an entry, as a user with all checks, or as trusted code."""
    context = {"user": user["name"], "ignore_auth": False} if user else as_site()
    return call_action("package_create", context, **payload)


def shown(reference: str) -> dict[str, Any]:
    """An entry as trusted code reads it."""
    return call_action("package_show", as_site(), id=reference)


def updated(
    entry: dict[str, Any], user: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """Send an entry back with changes."""
    context = {"user": user["name"], "ignore_auth": False} if user else as_site()
    return call_action("package_update", context, **{**entry, **changes})


def errors_of(payload: dict[str, Any]) -> dict[str, Any]:
    """The errors of an entry that must be refused."""
    try:
        call_action("package_create", as_site(), **payload)
    except tk.ValidationError as error:
        return error.error_dict
    raise AssertionError("the entry was not refused")
