"""Departments (organizations) and topics (groups): ids and names derived, regions known."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic.validators import group_name_validator
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.sdopen import codes, notices
from ckanext.sdopen.access import authority, caller
from ckanext.sdopen.departments import governing, lookups
from ckanext.sdopen.identifiers import ids, provider_code
from ckanext.sdopen.language import language
from ckanext.sdopen.standard import values
from ckanext.sdopen.standard.findings import WARNING, Finding

__all__ = [
    "sdopen_department_is_new",
    "sdopen_group_name_is_free",
    "sdopen_prepare_department",
    "sdopen_topic_name",
]

_BLANKS = re.compile(r"\s+")


def one_line(title: str) -> str:
    """A title without outer and double blanks."""
    return _BLANKS.sub(" ", title).strip()


def _text(data: FlattenDataDict, name: str) -> str:
    value = data.get((name,), tk.missing)
    return "" if value is tk.missing or value is None else str(value).strip()


def _refuse_odd_title(data: FlattenDataDict, errors: FlattenErrorDict) -> None:
    """CKAN would keep a list or an object as the text that Python makes of it."""
    if isinstance(data.get(("title",)), list | dict):
        errors[("title",)].append(tk._("The name must be a text, not a list or an object"))


def _derive(data: FlattenDataDict, region: str, context: Context) -> None:
    code = _text(data, "provider_code").upper()
    key = code if provider_code.is_valid(code) else _text(data, "title")
    derived: dict[str, Any] = {
        "id": ids.department_id(region, key),
        "name": ids.department_name(region, key),
    }
    # trusted code and system administrators may bring an id and a name of their own
    may_name = caller.is_trusted(context)
    for name, value in derived.items():
        if not (may_name and _text(data, name)):
            data[(name,)] = value


def _level_warnings(data: FlattenDataDict, region: str) -> Iterator[Finding]:
    """The level of a department is its region's, as a rule."""
    expected, levels = codes.region(region).level, codes.load("region_level")
    if _text(data, "level") not in ("", expected):
        params = {
            "label": levels.label(_text(data, "level"), language()),
            "expected": levels.label(expected, language()),
        }
        yield Finding("level_differs", "level", params, severity=WARNING)


def names_after(sent: Any, stored: model.Group, title: str) -> list[str]:
    """The former names of a department that is called `title` from now on.

    They are those sent, or those stored where none were sent, and the name that it loses.
    """
    known = stored.extras.get("former_names") if sent is None else sent
    names = [name for name in values.listed(known or []) or [] if name != title]
    if title and title != stored.title and stored.title not in names:
        names.append(stored.title)
    return names


def regions_governed_anew(data_dict: Mapping[str, Any], stored: model.Group | None) -> list[str]:
    """The regions that get, lose or change their data authority by a save."""
    before, after = (stored.extras if stored else {}), data_dict
    was = before.get("region", "") if before.get("is_authority") == "true" else ""
    marked = str(after.get("is_authority") or "").lower() == "true"
    becomes = str(after.get("region") or "") if marked else ""
    return [region for region in (was, becomes) if region] if was != becomes else []


def _is_marked(data: FlattenDataDict) -> bool:
    return _text(data, "is_authority").lower() == "true"


def _refuse_without_right(
    data: FlattenDataDict, errors: FlattenErrorDict, context: Context, region: str
) -> None:
    """Region and authority of a department are settled by the data authority above it alone."""
    stored: model.Group | None = context.get("group")
    known = stored.extras if stored else {}
    was, was_marked = known.get("region", region), known.get("is_authority") == "true"
    is_new_place = stored is None or was != region
    if context.get("ignore_auth") or (not is_new_place and _is_marked(data) == was_marked):
        return
    itself = [stored.id] if stored else []
    if all(authority.governs(context.get("user"), one, itself) for one in {was, region}):
        return
    field = "region" if is_new_place else "is_authority"
    message = tk._("Only the data authority above the department settles this; ask it")
    errors[(field,)].append(message)


def _refuse_second_authority(
    data: FlattenDataDict, errors: FlattenErrorDict, region: str, stored: model.Group | None
) -> None:
    """A region has one data authority."""
    if not _is_marked(data):
        return
    other = governing.other_authority(region, stored.id if stored else "")
    if other:
        named = f"{region} {codes.load('regions').label(region)}"
        message = tk._("The data authority of {region} is {title}; take the mark from it first")
        errors[("is_authority",)].append(message.format(region=named, title=other.title))


def _follow_region(data: FlattenDataDict, region: str, stored: model.Group | None) -> None:
    """Without a level of its own a department has that of its region, also after a move."""
    before = stored.extras.get("region", "") if stored else ""
    moved = before in codes.regions() and before != region
    if not _text(data, "level") or (moved and _text(data, "level") == codes.region(before).level):
        data[("level",)] = codes.region(region).level


def sdopen_prepare_department(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Check title and region; derive id, name and level; id and name stay on every later save.

    Stands on the field `id`: scheming runs `before_validators` of groups when they are shown, too.
    """
    stored: model.Group | None = context.get("group")
    _refuse_odd_title(data, errors)
    title = one_line(_text(data, "title"))
    if title or not stored:
        data[("title",)] = title
    if stored is None and not title:
        errors[("title",)].append(tk._("The department has no name; write its full official name"))
    region = _text(data, "region") or (stored.extras.get("region", "") if stored else "")
    if region not in codes.regions():
        message = tk._('"{region}" is no region; choose the one the department belongs to')
        errors[("region",)].append(message.format(region=region))
    elif stored is None and title:
        _derive(data, region, context)
    if region in codes.regions():
        data[("region",)] = region
        _follow_region(data, region, stored)
        notices.collect(_level_warnings(data, region))
        _refuse_without_right(data, errors, context, region)
        _refuse_second_authority(data, errors, region, stored)
    if stored:
        data[("id",)], data[("name",)] = stored.id, stored.name
    for name in ("provider_code", "kind", "is_authority", "contact_email", "former_names"):
        if data.get((name,)) == "":
            data[(name,)] = tk.missing
    if data.get(("name",)) in (None, "", tk.missing):
        data[("name",)] = tk.missing


def sdopen_department_is_new(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Refuse to create a department whose id exists."""
    if data.get(key) in (None, "", tk.missing):
        data.pop(key, None)
        raise tk.StopOnError
    if context.get("group"):
        return
    found = lookups.of_id(context, data[key])
    if found:
        message = tk._('The department "{title}" exists in this region; its address is {name}')
        errors[("title",)].append(message.format(title=found.title, name=found.name))
        raise tk.StopOnError


def sdopen_topic_name(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """A topic's name is its code; the title is the code's label unless another is given."""
    _refuse_odd_title(data, errors)
    name = _text(data, "name")
    topics = codes.load("topics")
    if name not in topics:
        message = tk._('"{name}" is no topic code; choose one of: {codes}')
        listed = ", ".join(code.value for code in topics)
        raise tk.Invalid(message.format(name=name, codes=listed))
    if not _text(data, "title"):
        data[("title",)] = topics.label(name)


def sdopen_group_name_is_free(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Refuse the name of another group, as CKAN's group_name_validator does."""
    looked = lookups.of(context)
    if looked is None or data[key] not in looked.asked:
        group_name_validator(key, data, errors, context)
        return
    found = looked.names.get(data[key])
    if found is not None and found is not context.get("group"):
        errors[key].append(tk._("Group name already exists in database"))
