"""Actions for programs that prepare entries: check, code lists, templates."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.sdopen import codes, config
from ckanext.sdopen.access.authority import organization_named
from ckanext.sdopen.directory import neighbours
from ckanext.sdopen.entries.files import arriving
from ckanext.sdopen.entries.validation import identity, served_catalog
from ckanext.sdopen.language import language
from ckanext.sdopen.numbering.refusals import refuse
from ckanext.sdopen.standard import elements, profiles
from ckanext.sdopen.standard.check import check, judged
from ckanext.sdopen.standard.elements import KIND_OF_TYPE, Element
from ckanext.sdopen.standard.findings import Finding, as_dict, has_errors

__all__ = [
    "sdopen_catalog_check",
    "sdopen_codelist_list",
    "sdopen_codelist_show",
    "sdopen_template_show",
]


def _asked(data_dict: dict[str, Any]) -> list[Any]:
    """The entries to check: `entries`, or the one that the call itself is."""
    found = data_dict.get("entries")
    if found is None:
        return [{k: v for k, v in data_dict.items() if k != "profile"}]
    most = tk.config["ckanext.sdopen.catalog.check_limit"]
    if not isinstance(found, list):
        refuse("entries", tk._("Give a list of entries"))
    if len(found) > most:
        message = tk._("{count} entries, {most} at most in one call; send several")
        refuse("entries", message.format(count=len(found), most=most))
    return found


def _profile(data_dict: dict[str, Any], own: bool) -> profiles.Profile:
    name = str(data_dict.get("profile") or "")
    if not name:
        return config.profile(from_source=not own)
    if name not in profiles.names():
        listed = ", ".join(profiles.names())
        refuse("profile", tk._("Choose one of: {kinds}").format(kinds=listed))
    return profiles.profile(name).with_overrides(limits=config.limits())


def _among(context: Context, entry: Mapping[str, Any], kind: str) -> list[Finding]:
    """Findings among the directory's entries, for who may create entries of the provider."""
    try:
        organization = organization_named(str(entry.get("owner_org") or ""))
        tk.check_access("package_create", context, {"owner_org": organization.id})
    except (tk.ValidationError, tk.NotAuthorized):
        return []  # a missing provider is said already; others' entries are not told of
    region = str(organization.extras.get("region") or "")
    future = identity.future_id({**entry, "owner_org": organization.id}) or ""
    settled = {**entry, "owner_org": organization.id, "id": future}
    return neighbours.findings(settled, kind, region, is_new=True)


def _checked(context: Context, data_dict: dict[str, Any], entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        refuse("entries", tk._("Give each entry as an object"))
    kind = KIND_OF_TYPE.get(str(entry.get("type") or "dataset"), "")
    if not kind:
        refuse("type", tk._("Choose one of: {kinds}").format(kinds=", ".join(KIND_OF_TYPE)))
    own = not (entry.get("source_id") and entry.get("source_key"))
    profile = _profile(data_dict, own)
    items = served_catalog.readable_items(context, entry) if kind == "interface" else []
    found = check(entry, profile, kind, served_items=items)
    found += judged(arriving.address_findings(entry.get("resources")), profile.severities)
    if not has_errors(found):
        found += judged(_among(context, entry, kind), profile.severities)
    return {
        "valid": not has_errors(found),
        "findings": [as_dict(finding, language(), kind) for finding in found],
    }


@tk.side_effect_free
def sdopen_catalog_check(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Check entries as saving them would, without saving anything.

    Args:
        data_dict: one entry as `package_create` takes it, or `entries`, a list of them, at most
            `ckanext.sdopen.catalog.check_limit`; `profile`, a legal profile in place of the
            portal's (`guide_2017`, `regulation_2025`, `harvested`).

    Returns:
        `{"valid": whether all could be saved, "results": [{"valid", "findings": [{"code",
        "severity", "path": ["info_items", 3, "data_type"], "params", "message"}]}]}`, a result
        per entry in its order. Findings among the directory's own entries (duplicates, codes)
        are told to those only who may create entries of the provider.

    Raises:
        ValidationError: the call itself is wrong: no list, too many, no such type or profile.

    `curl $PORTAL/api/3/action/sdopen_catalog_check --json @entry.json`
    """
    tk.check_access("sdopen_catalog_check", context, data_dict)
    results = [_checked(context, data_dict, entry) for entry in _asked(data_dict)]
    return {"valid": all(result["valid"] for result in results), "results": results}


@tk.side_effect_free
def sdopen_codelist_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """List the code lists: `[{"name", "source", "count"}]`.

    `curl $PORTAL/api/3/action/sdopen_codelist_list`
    """
    tk.check_access("sdopen_codelist_list", context, data_dict)
    lists = [codes.load(name) for name in codes.names()]
    return [{"name": one.name, "source": one.source, "count": len(one)} for one in lists]


@tk.side_effect_free
def sdopen_codelist_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show a code list with the labels and other names of its values.

    Args:
        data_dict: `name` of the list.

    Returns:
        `{"name", "source", "codes": [{"value", "zh", "en", "aliases", …}]}` in official order.

    Raises:
        ObjectNotFound: no such list.

    `curl "$PORTAL/api/3/action/sdopen_codelist_show?name=update_cycle"`
    """
    tk.check_access("sdopen_codelist_show", context, data_dict)
    name = str(data_dict.get("name") or "")
    if name not in codes.names():
        raise tk.ObjectNotFound(tk._('There is no code list "{name}"').format(name=name[:60]))
    listed = codes.load(name)
    return {
        "name": name,
        "source": listed.source,
        "codes": [
            {
                "value": code.value,
                "zh": code.zh,
                "en": code.en,
                "aliases": list(code.aliases),
                **code.more,
            }
            for code in listed
        ],
    }


def _described(element: Element) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": element.name,
        "label": element.label(language()),
        "kind": element.kind,
        "required": element.required,
        "required_from_source": element.required_from_source,
    }
    if element.codes:
        described["codes"] = element.codes
    if element.parts:
        described["parts"] = [_described(part) for part in element.parts.values()]
    return described


@tk.side_effect_free
def sdopen_template_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show what an entry is made of: every element with its kind, code list and whether required.

    Args:
        data_dict: `kind`: `catalog` (default) or `interface`.

    Returns:
        `{"kind", "type", "elements": [{"name", "label", "kind", "required", "codes", "parts"}],
        "entry": an entry with every element, empty}`.

    Raises:
        ValidationError: no such kind.

    `curl "$PORTAL/api/3/action/sdopen_template_show?kind=interface"`
    """
    tk.check_access("sdopen_template_show", context, data_dict)
    kind = str(data_dict.get("kind") or "catalog")
    types = {record: package_type for package_type, record in KIND_OF_TYPE.items()}
    if kind not in types:
        refuse("kind", tk._("Choose one of: {kinds}").format(kinds=", ".join(types)))
    listed = list(elements.elements(kind).values())
    blank: dict[str, Any] = {"type": types[kind]}
    for element in listed:
        blank[element.name] = _blank(element)
    return {
        "kind": kind,
        "type": types[kind],
        "elements": [_described(element) for element in listed],
        "entry": blank,
    }


def _blank(element: Element) -> Any:
    if element.kind == elements.TABLE:
        return [{part.name: _blank(part) for part in element.parts.values()}]
    return [] if element.kind in ("codes", "words") else ""
