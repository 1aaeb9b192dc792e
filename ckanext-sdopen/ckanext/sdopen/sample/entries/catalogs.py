"""A catalog of the sample: every element of the standard, from an edition and its number."""

import datetime
import hashlib
from typing import Any

from ckanext.sdopen import codes
from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.sample.entries.abstracts import AbstractParts, abstract
from ckanext.sdopen.sample.entries.classes import Classes, classes_of
from ckanext.sdopen.sample.entries.departments import department
from ckanext.sdopen.sample.entries.items import closed_items, info_items
from ckanext.sdopen.sample.entries.keys import key_of
from ckanext.sdopen.sample.entries.places import place_name
from ckanext.sdopen.sample.entries.plan import Edition
from ckanext.sdopen.sample.entries.shares import Shares
from ckanext.sdopen.sample.entries.vocabulary import departments
from ckanext.sdopen.sample.records import Department, Entry

_FIRST_DAY = datetime.date(2018, 1, 22)
_LAST_DAY = datetime.date(2026, 10, 30)
_SPAN = (_LAST_DAY - _FIRST_DAY).days
# how old the data of a cycle may be
_DUE_DAYS = {
    "realtime": 1,
    "daily": 2,
    "weekly": 9,
    "monthly": 38,
    "quarterly": 110,
    "semiannual": 210,
    "annual": 430,
}
# 基础信息资源: topic → (项, library)
_BASE = {
    "credit": ("03", "public_credit"),
    "statistics": ("04", "macro_economy"),
    "geography": ("05", "spatial_geography"),
    "business_registration": ("02", "legal_entities"),
}
# 主题信息资源, for every third catalog of these topics
_THEME = {
    "transport": ("03", "transport"),
    "environment": ("04", "ecology"),
    "social_security": ("05", "social_security"),
    "medical": ("06", "medical_health"),
    "health": ("06", "medical_health"),
    "quality": ("07", "market_supervision"),
    "finance": ("08", "financial_supervision"),
    "work_safety": ("01", "emergency"),
    "agriculture": ("12", "agriculture"),
}
_FORMATS = (
    ("database", ("mysql",)),
    ("database", ("oracle",)),
    ("spreadsheet", ("xlsx", "csv")),
    ("spreadsheet", ("xls",)),
    ("database", ("dm",)),
    ("electronic_file", ("pdf",)),
)
_CONDITIONS = (
    "用于行政许可和监督检查时可申请共享，不得用于其他用途",
    "需说明使用事由并经提供单位同意",
    "限业务协同使用，按约定的范围和期限共享",
)
_BASES = (
    "含有敏感个人信息，依据《中华人民共和国个人信息保护法》第二十八条不予共享",
    "涉及正在办理的案件，依据《中华人民共和国行政处罚法》不予共享",
    "涉及企业商业秘密，依据《中华人民共和国政府信息公开条例》第十五条不予共享",
)
_CLOSED = (
    "含有个人信息，依据《中华人民共和国个人信息保护法》不予开放",
    "涉及商业秘密，依据《中华人民共和国政府信息公开条例》第十五条不予开放",
    "属于内部管理信息，依据《中华人民共和国政府信息公开条例》第十六条不予开放",
)
_USES = ("administrative_basis", "work_reference", "data_verification", "business_cooperation")


def pick(number: int, salt: str, count: int) -> int:
    """A number below `count`, the same for the same number and salt."""
    digest = hashlib.sha256(f"{salt}:{number}".encode()).digest()
    return int.from_bytes(digest[:6], "big") % count


def title_of(edition: Edition) -> str:
    """The title: 济南市公共厕所信息, with its year in yearly editions."""
    year = f"（{edition.year}年）" if edition.year else ""
    return f"{place_name(edition.region)}{edition.subject.name}{year}"


def _resource_code(number: int, edition: Edition) -> tuple[str, str]:
    """(信息资源代码, library); the sequence number is the catalog's own, never used twice."""
    topic = edition.subject.topic
    detail = f"{list(departments()).index(edition.subject.department) + 1:03d}"
    category, (division, library) = "3", ("07", "")
    if topic in _BASE:
        category, (division, library) = "1", _BASE[topic]
    elif topic in _THEME and number % 3 == 0:
        category, (division, library) = "2", _THEME[topic]
    return f"{category}{division}{detail}/{number + 1:06d}", library


def _classification(code: str) -> dict[str, str]:
    """类, 项, 目 as the code holds them: digit, two digits, three digits."""
    return {"category": code[0], "division": code[1:3], "subject": code[3:6]}


def _abstract(number: int, edition: Edition, provider: Department) -> str:
    cycle = codes.load("update_cycle").label(edition.subject.update_cycle, "zh")
    parts = AbstractParts(place_name(edition.region), edition.subject, provider.title, cycle)
    return abstract(parts, pick(number, "abstract", 2))


def _days(number: int, cycle: str, tabled: bool) -> tuple[str, str]:
    """(发布日期, 数据更新时间): nine of ten are updated in time, tables on the last day."""
    released = _FIRST_DAY + datetime.timedelta(days=pick(number, "released", _SPAN))
    longest = (_LAST_DAY - released).days
    if pick(number, "overdue", 10):
        longest = min(longest, _DUE_DAYS.get(cycle, longest))
    age = 0 if tabled else pick(number, "updated", longest + 1)
    return released.isoformat(), (_LAST_DAY - datetime.timedelta(days=age)).isoformat()


def _sharing(number: int, classes: Classes) -> dict[str, Any]:
    if classes.sharing == "none":
        return {"sharing": "none", "sharing_condition": _BASES[pick(number, "basis", len(_BASES))]}
    values: dict[str, Any] = {
        "sharing": classes.sharing,
        "sharing_method": "platform",
        "usage_requirements": [_USES[pick(number, "use", len(_USES))]],
    }
    if classes.sharing == "conditional":
        values["sharing_condition"] = _CONDITIONS[pick(number, "condition", len(_CONDITIONS))]
    return values


def _opening(number: int, classes: Classes) -> dict[str, Any]:
    if classes.opening == "none":
        return {"opening": "none", "closing_basis": _CLOSED[pick(number, "closed", len(_CLOSED))]}
    if classes.opening == "conditional":
        level = ("real_name", "review")[pick(number, "level", 2)]
        condition = "申请人说明用途并承诺遵守数据安全要求后开放"
        return {"opening": "conditional", "opening_condition": condition, "opening_level": level}
    return {"opening": "unconditional"}


def _closed(number: int, edition: Edition, classes: Classes, tabled: bool) -> frozenset[str]:
    """Items that an open catalog does not open; a catalog with files has opened them all."""
    if classes.opening == "none" or tabled:
        return frozenset()
    subject = edition.subject
    return closed_items(subject, key_of(subject), lambda name: pick(number, name, 1000) / 1000)


def _format(number: int, classes: Classes, tabled: bool) -> dict[str, Any]:
    chosen = 2 if tabled else pick(number, "format", len(_FORMATS))
    category, types = _FORMATS[chosen]
    values: dict[str, Any] = {"format_category": category, "format_types": list(types)}
    if classes.sharing != "none":
        ways = ["interface", "database"] if category == "database" else ["file"]
        values["sharing_method_types"] = ways
    return values


def _tags(edition: Edition) -> list[dict[str, str]]:
    topic = codes.load("topics").label(edition.subject.topic, "zh")
    stem = edition.subject.name.removesuffix("信息").removesuffix("名录").removesuffix("名单")
    place = codes.region(edition.region).name.removesuffix("省").removesuffix("市")
    return [{"name": tag} for tag in dict.fromkeys((topic, stem[:100], place)) if len(tag) > 1]


def catalog(province: Shares, number: int, edition: Edition, rank: int) -> Entry:
    """The catalog of an edition; `rank` decides its classes, `number` all else."""
    tabled = province.is_tabled(number)
    classes = classes_of(rank, province.open_catalogs, province.catalogs, tabled)
    provider = department(edition.subject.department, edition.region)
    code, library = _resource_code(number, edition)
    released, updated = _days(number, edition.subject.update_cycle, tabled)
    is_open = classes.opening != "none"
    records = province.records(rank, number) if is_open else 50 + pick(number, "records", 400_000)
    payload: dict[str, Any] = {
        "type": "dataset",
        "title": title_of(edition),
        "resource_code": code,
        "region": provider.region,
        **_classification(code),
        "owner_org": provider.id,
        "inner_department": ("业务管理处", "数据管理科", "政策法规科", "信息中心")[
            pick(number, "office", 4)
        ],
        "provider_code": provider.provider_code,
        "notes": _abstract(number, edition, provider),
        "topics": [edition.subject.topic],
        "tags": _tags(edition),
        "update_cycle": edition.subject.update_cycle,
        "released_on": released,
        "updated_on": updated,
        "record_count": records,
        "file_count": int(is_open),
        "interface_count": province.interfaces_at(rank),
        "info_items": info_items(
            edition.subject, key_of(edition.subject), _closed(number, edition, classes, tabled)
        ),
        "data_level": _level(classes),
        "contact_name": "数据开放服务岗",
        "contact_phone": provider.contact_phone,
        **({"library": library} if library else {}),
        **(
            {"update_cycle_note": "按工作需要"}
            if edition.subject.update_cycle == "irregular"
            else {}
        ),
        **_sharing(number, classes),
        **_opening(number, classes),
        **_format(number, classes, tabled),
        **_census(records, is_open, classes),
    }
    entry_id = ids.entry_id("catalog", provider.region, code)
    name = ids.entry_name("catalog", provider.region, code)
    return Entry(entry_id, name, "catalog", provider, edition.subject, payload)


def _level(classes: Classes) -> str:
    """数据级别: the narrower the classes, the higher."""
    if classes.opening != "none":
        return "general_1" if classes.opening == "unconditional" else "general_2"
    return "general_3" if classes.sharing != "none" else "general_4"


def _census(records: int, is_open: bool, classes: Classes) -> dict[str, Any]:
    """The six census numbers: gigabytes, ten thousands of records; 0 where not shared or open."""
    stored, counted = round(records * 2e-7, 3), round(records / 10_000, 2)
    shared = classes.sharing != "none"
    return {
        "census_stored_gb": stored,
        "census_records_wan": counted,
        "census_shared_gb": stored if shared else 0,
        "census_shared_records_wan": counted if shared else 0,
        "census_open_gb": stored if is_open else 0,
        "census_open_records_wan": counted if is_open else 0,
    }
