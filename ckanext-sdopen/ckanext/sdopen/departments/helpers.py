"""What the pages of departments ask for."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen import codes
from ckanext.sdopen.access.authority import governing
from ckanext.sdopen.language import language

__all__ = ["sdopen_department_facts", "sdopen_department_tree"]


def sdopen_department_tree() -> dict[str, Any]:
    """The part of the tree that the address of this page asks for; home where it asks wrongly."""
    asked = {name: tk.request.args.get(name, "") for name in ("region", "q")}
    if asked["region"] not in codes.regions():
        asked["region"] = ""
    found: dict[str, Any] = tk.get_action("sdopen_department_list")({}, asked)
    return found


def sdopen_department_facts(department: Mapping[str, Any]) -> list[dict[str, str]]:
    """{label, value, link} of what a department is, in the order of its page."""
    lang, region = language(), str(department.get("region") or "")
    known = codes.load("regions")
    names = [known.label(one, lang) for one in reversed(codes.path(region))] if region else []
    facts = [
        _fact(tk._("Region"), " ".join(names), _tree_address(region)),
        _fact(tk._("Level"), _label("region_level", department.get("level"), lang)),
        _fact(tk._("Kind of body"), _label("department_kind", department.get("kind"), lang)),
        _fact(tk._("Unified social credit code"), department.get("provider_code")),
        _fact(tk._("Former names"), "、".join(department.get("former_names") or [])),
        _fact(tk._("Telephone"), department.get("contact_phone")),
        _fact(tk._("E-mail"), department.get("contact_email")),
    ]
    if department.get("is_authority"):
        facts.insert(1, _fact(tk._("Role"), tk._("Data authority of its region")))
    above = model.Session.get(model.Group, governing(region, str(department["id"])) or "")
    if above:
        link = tk.url_for("organization.read", id=above.name)
        facts.insert(1, _fact(tk._("Data authority"), above.title, link))
    return [fact for fact in facts if fact["value"]]


def _fact(label: str, value: Any, link: str = "") -> dict[str, str]:
    return {"label": label, "value": str(value or ""), "link": link}


def _label(name: str, value: Any, lang: str) -> str:
    return codes.load(name).label(str(value), lang) if value else ""


def _tree_address(region: str) -> str:
    return str(tk.url_for("organization.index", region=region)) if region else ""
