"""信息资源格式: category, types, and the ways of sharing that fit them."""

from collections.abc import Iterator
from functools import cache

from ckanext.sdopen import codes
from ckanext.sdopen.standard.findings import Finding
from ckanext.sdopen.standard.rules.base import Entry, RuleInput
from ckanext.sdopen.standard.values import listed

SELF_DESCRIBING, DATABASE, SERVICE = "self_describing", "database", "service"
PLATFORM = "platform"
# 共享平台方式: a file is shared as a file, a database as database or interface (1272号)
_WAYS = {DATABASE: ("database", "interface"), SERVICE: ("interface",), SELF_DESCRIBING: None}
_FILE_ONLY = ("file",)


@cache
def _category_of() -> dict[str, str]:
    return {code.value: str(code.more.get("category", "")) for code in codes.load("format_types")}


def types_fit_category(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """格式类型 belongs to 格式分类; what the list does not know is described."""
    category = entry.get("format_category")
    types = listed(entry.get("format_types")) or []
    note = entry.get("format_note")
    unlisted = False
    for name in types:
        usual = _category_of().get(name.lower())
        if usual is None:
            unlisted = True
        elif category and usual != category and not note:
            params = {"value": name, "category": category, "usual": usual}
            yield Finding("format_type_unfit", "format_types", _labelled(params))
    if not note and category == SELF_DESCRIBING:
        yield Finding("format_note_missing", "format_note")
    elif not note and unlisted:
        known = _category_of()
        names = "、".join(name for name in types if name.lower() not in known)
        yield Finding("format_type_undescribed", "format_note", {"value": names})


def _labelled(params: dict[str, str]) -> dict[str, str]:
    known = codes.load("format_category")
    for name in ("category", "usual"):
        params[f"{name}_zh"] = known.label(params[name], "zh")
        params[f"{name}_en"] = known.label(params[name], "en")
    return params


def ways_fit_format(entry: Entry, facts: RuleInput) -> Iterator[Finding]:
    """Over the sharing platform a file is shared as a file, a database as database or interface."""
    category = str(entry.get("format_category") or "")
    if entry.get("sharing_method") != PLATFORM or not category:
        return
    fitting = _WAYS.get(category, _FILE_ONLY)
    if fitting is None:
        return
    known = codes.load("sharing_method_types")
    for way in listed(entry.get("sharing_method_types")) or []:
        if way in known and way not in fitting:
            yield Finding(
                "sharing_type_unfit",
                "sharing_method_types",
                {
                    "value_zh": known.label(way, "zh"),
                    "value_en": known.label(way, "en"),
                    "fitting_zh": "、".join(known.label(one, "zh") for one in fitting),
                    "fitting_en": ", ".join(known.label(one, "en") for one in fitting),
                },
            )
