"""Actions on the 信息资源代码: numbers, aliases, the classification."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen import codes
from ckanext.sdopen.access.authority import organization_named, the_user_id
from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.identifiers.resource_code import is_prefix, parsed
from ckanext.sdopen.numbering import numbers
from ckanext.sdopen.numbering.allocation import prefix_for
from ckanext.sdopen.numbering.numbers import STATES, Series
from ckanext.sdopen.numbering.refusals import refuse
from ckanext.sdopen.parameters import whole_number

__all__ = ["sdopen_code_allocate", "sdopen_code_list", "sdopen_code_void"]


def _kind(data_dict: dict[str, Any]) -> str:
    kind = str(data_dict.get("kind") or ids.CATALOG)
    if kind not in ids.KINDS:
        refuse("kind", tk._("Choose one of: {kinds}").format(kinds=", ".join(ids.KINDS)))
    return kind


def asked_region(data_dict: dict[str, Any]) -> str:
    """The region that a call names, else the portal's."""
    region = str(data_dict.get("region") or tk.config["ckanext.sdopen.portal.region"])
    if region not in codes.regions():
        refuse("region", tk._('"{region}" is no region').format(region=region))
    return region


def sdopen_code_allocate(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take the next numbers under a prefix for a department.

    Args:
        data_dict: `owner_org`, id or name of the department; `prefix`, digits before the stroke,
            not needed where the department has one only; `count` (1); `kind` (`catalog`).

    Returns:
        `{"codes": ["307001/000124"], "prefix", "region", "kind"}`, lowest first.

    Raises:
        ValidationError: no such department or prefix, or more at once than
            `ckanext.sdopen.catalog.allocation_limit`.
        NotAuthorized: the caller may not create entries of the department.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_code_allocate -d @department.json`
    """
    organization = organization_named(str(data_dict.get("owner_org") or ""))
    tk.check_access("sdopen_code_allocate", context, {"owner_org": organization.id})
    kind, region = _kind(data_dict), str(organization.extras.get("region") or "")
    prefix = prefix_for(data_dict, organization.id)
    count = whole_number(
        data_dict, "count", 1, most=tk.config["ckanext.sdopen.catalog.allocation_limit"]
    )
    series = Series(kind, region, prefix)
    taken = numbers.allocate(series, max(count, 1), organization.id, the_user_id(context))
    model.repo.commit()
    return {"codes": taken, "prefix": prefix, "region": region, "kind": kind}


def sdopen_code_void(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Make an allocated number void; it is listed and never issued again.

    Args:
        data_dict: `code`; `region` (the portal's); `kind` (`catalog`); `reason`.

    Returns:
        `{"code", "state": "void"}`.

    Raises:
        ValidationError: the number is not allocated, or no reason is given.
        NotAuthorized: the caller is no data authority of the region.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_code_void -d @number.json`
    """
    region = asked_region(data_dict)
    tk.check_access("sdopen_code_void", context, {"region": region})
    code = parsed(str(data_dict.get("code") or ""))
    reason = str(data_dict.get("reason") or "").strip()
    if code is None:
        refuse("code", tk._("Write a code like 307001/000123"))
    if not reason:
        refuse("reason", tk._("Say why the number is given up"))
    series = Series(_kind(data_dict), region, code.prefix)
    if not numbers.void(series, code.number, the_user_id(context), reason[:500]):
        model.Session.rollback()
        refuse("code", tk._("This number is not allocated: it is in use, void, or was never taken"))
    model.repo.commit()
    return {"code": str(data_dict["code"]), "state": numbers.VOID}


@tk.side_effect_free
def sdopen_code_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the numbers taken under a prefix, void ones included.

    Args:
        data_dict: `prefix`; `region` (the portal's); `kind` (`catalog`); `state`, one of
            allocated, used, void (all); `after`, the number to go on after (0); `limit` (100).

    Returns:
        `{"numbers": [{"code", "number", "state", "organization_id", "changed", "reason"}],
        "next": number to go on after, or null}`.

    Raises:
        ValidationError: no such prefix or state.
        NotAuthorized: the caller belongs to no department.

    `curl -H "Authorization: $TOKEN" "$PORTAL/api/3/action/sdopen_code_list?prefix=307001"`
    """
    tk.check_access("sdopen_code_list", context, data_dict)
    prefix = str(data_dict.get("prefix") or "")
    if not is_prefix(prefix):
        refuse("prefix", tk._('"{prefix}" is no prefix like 307001').format(prefix=prefix))
    state = str(data_dict.get("state") or "")
    if state and state not in STATES:
        refuse("state", tk._("Choose one of: {kinds}").format(kinds=", ".join(STATES)))
    limit = whole_number(data_dict, "limit", 100, most=1000) or 100
    after = whole_number(data_dict, "after", 0, most=10**15)
    series = Series(_kind(data_dict), asked_region(data_dict), prefix)
    found = numbers.listed(series, [state] if state else STATES, after, limit)
    going_on = found[-1]["number"] if len(found) == limit else None
    return {"numbers": list(found), "next": going_on}
