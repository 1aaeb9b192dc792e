"""Sample answers of interfaces: one plausible value for each item, of nobody's."""

import re
from collections.abc import Callable

from ckanext.sdopen import codes
from ckanext.sdopen.identifiers.provider_code import check_character
from ckanext.sdopen.sample.entries.amounts import bounds
from ckanext.sdopen.sample.entries.items import data_type
from ckanext.sdopen.sample.entries.places import county_names, place, telephone
from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.tables.generating import vocabulary

Value = str | float | int


def _credit_code(entry: Entry) -> str:
    stem = f"91{entry.department.region}M00000002"
    right = check_character(stem)
    # the check character is wrong, so the code is nobody's
    return stem + ("0" if right != "0" else "1")


def _firm(entry: Entry) -> str:
    stem = codes.region(entry.department.region).name.removesuffix("市").removesuffix("省")
    brand = "".join(characters[0] for characters in vocabulary.brands())
    return f"{stem}{brand}{vocabulary.trades(entry.subject.name)[0]}有限公司"


def _county(entry: Entry) -> str:
    return county_names(entry.department.region)[0]


_TEXTS: tuple[tuple[str, Callable[[Entry], str]], ...] = (
    ("电话", lambda entry: telephone(entry.department.region, 1234)),
    ("统一社会信用代码|纳税人识别号", _credit_code),
    ("区县|县区|区域$|城市名称", _county),
    ("机关$|主管|部门$", lambda entry: entry.department.title),
    ("地址|位置|住所|地点|场所$", lambda entry: f"{_county(entry)}泉城路8号"),
    ("(文书号|文号)$", lambda entry: "〔2026〕第2号"),
    ("(编号|编码|代码|号)$", lambda entry: f"{entry.department.region}00000002"),
    ("月份$", lambda entry: "2026-09"),
    ("季度$", lambda entry: "2026年第3季度"),
    ("(年度|年份)$", lambda entry: "2025"),
    ("时间$", lambda entry: "09:00-17:00"),
    ("企业|单位|公司|商$|纳税人|相对人|主体|经营者|业户|旅行社", _firm),
)


def _number(entry: Entry, name: str) -> float | int:
    middle = place(entry.department.region)
    if name in ("经度", "纬度"):
        return middle.longitude if name == "经度" else middle.latitude
    low, high = bounds(name)
    drawn = (low + high) / 2
    return round(drawn) if data_type(name)[0] == "I" else round(drawn, 2)


def _text(entry: Entry, name: str) -> str:
    subject = entry.subject.name
    values = vocabulary.listed(subject, name)
    if values:
        return values[0]
    for pattern, make in _TEXTS:
        if re.search(pattern, name):
            return make(entry)
    values = vocabulary.listed_by_pattern(name)
    return values[0] if values else f"{_county(entry)}泉城{vocabulary.kind_of(name, subject)}"


def example(entry: Entry, name: str) -> Value:
    """A value of an item as the entry's tables might hold it."""
    kind = data_type(name)[0]
    if name == "数据更新日期":
        return str(entry.payload["updated_on"])
    if kind in "DT":
        return "2026-10-28" if kind == "D" else "2026-10-28 09:00:00"
    if kind == "L":
        return 1
    return _number(entry, name) if kind in "INYBF" else _text(entry, name)
