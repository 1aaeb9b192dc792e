"""Actions on the other codes of an entry (机构改革)."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.access.authority import the_user_id
from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.numbering import aliases, numbers
from ckanext.sdopen.numbering.refusals import refuse

__all__ = ["sdopen_code_alias_create", "sdopen_code_alias_list"]


def sdopen_code_alias_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Let another code lead to an entry, after a re-coding; its address answers 301.

    Args:
        data_dict: `id` or name of the entry; `code`; `reason`.

    Returns:
        `{"code", "name": the address that now leads to the entry, "entry": its own name}`.

    Raises:
        ValidationError: the code belongs to an entry or is an alias already; no reason is given.
        NotAuthorized: the caller is no data authority of the entry's region.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_code_alias_create -d '{"id":"…"}'`
    """
    entry = model.Package.get(str(data_dict.get("id") or ""))
    region = str(entry.extras.get("region") or "") if entry else ""
    tk.check_access("sdopen_code_alias_create", context, {"region": region})
    if entry is None or not region:
        raise tk.ObjectNotFound(tk._("Not found"))
    code = ids.normal_code(str(data_dict.get("code") or ""))
    reason = str(data_dict.get("reason") or "").strip()
    kind = ids.INTERFACE if entry.type == "interface" else ids.CATALOG
    if not reason:
        refuse("reason", tk._("Say why the entry bears another code"))
    name = _alias_name(kind, region, code)
    if model.Package.get(name) or model.Package.get(ids.entry_id(kind, region, code)):
        refuse("code", tk._('An entry with the code "{code}" exists').format(code=code))
    if not aliases.add(name, code, entry.id, the_user_id(context), reason[:500]):
        refuse("code", tk._('The code "{code}" leads to an entry already').format(code=code))
    numbers.use(kind, region, code, entry.id, entry.owner_org or "")
    model.repo.commit()
    return {"code": code, "name": name, "entry": entry.name}


def _alias_name(kind: str, region: str, code: str) -> str:
    try:
        return ids.entry_name(kind, region, code)
    except ValueError:
        refuse("code", tk._("Write a code like 307001/000123"))
        raise


@tk.side_effect_free
def sdopen_code_alias_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """List the other codes of an entry.

    Args:
        data_dict: `id` or name of the entry.

    Returns:
        `[{"code", "name", "created", "reason"}]`, oldest first.

    Raises:
        ObjectNotFound: no such entry, or none that the caller may read.

    `curl "$PORTAL/api/3/action/sdopen_code_alias_list?id=c-370000-307001-000123"`
    """
    tk.check_access("sdopen_code_alias_list", context, data_dict)
    entry = tk.get_action("package_show")(context, {"id": str(data_dict.get("id") or "")})
    return aliases.of_entry(entry["id"])
