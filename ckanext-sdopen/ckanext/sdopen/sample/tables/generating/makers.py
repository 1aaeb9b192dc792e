"""The maker of each item: by subject and name, by type, by a pattern of its name."""

import re
from collections.abc import Callable

from ckanext.sdopen.sample.entries.items import data_type
from ckanext.sdopen.sample.tables.generating import (
    dates,
    numbers,
    periods,
    places,
    quantities,
    vocabulary,
)
from ckanext.sdopen.sample.tables.generating.outline import Outline
from ckanext.sdopen.sample.tables.generating.series import SERIES
from ckanext.sdopen.sample.tables.generating.words import at, below, one_of, quoted

Maker = Callable[[Outline, str], str]


def _body(outline: Outline, name: str) -> str:
    """The department itself; where bodies tell rows apart, one of them each."""
    if name == outline.unit:
        return places.named(vocabulary.kind_of(name, ""))
    return quoted(outline.department)


def _county(outline: Outline, name: str) -> str:
    """The county; where areas tell rows apart and are more, a part of it."""
    if name == outline.unit and outline.things > len(outline.counties):
        return places.named("片区")
    return "county"


def _road_and(kind: str) -> Maker:
    def made(outline: Outline, name: str) -> str:
        return places.named(kind) if name == outline.unit else f"(road || {quoted(kind)})"

    return made


def _end(outline: Outline, name: str) -> str:
    return places.other_place(outline, name, "路口" if "线" not in name else "站")


def _named(outline: Outline, name: str) -> str:
    return places.named(vocabulary.kind_of(name, outline.subject.name))


def _institute(outline: Outline, name: str) -> str:
    return quoted(f"{outline.stem}市产品质量检验研究院")


# of items whose values are texts; the first pattern that fits
_MAKERS: tuple[tuple[str, Maker], ...] = (
    (r"网址|域名", numbers.address_on_web),
    (r"电话", places.phone),
    (r"统一社会信用代码|^纳税人识别号$", numbers.credit_code),
    (r"^区县名称$|^(所在|所属)(区县|县区)$|区域$|^城市名称$|^(所在地|驻地)$", _county),
    (r"^(所属|所在)乡镇$", _road_and("镇")),
    (r"^所在社区$", _road_and("社区")),
    (r"^所在小区$", _road_and("小区")),
    (r"^所在村$", _road_and("村")),
    (r"^所在林场$", _road_and("林场")),
    (r"^(所在道路|施工路段|参考位置)$", _road_and("路")),
    (r"^行政区划代码$|^上级代码$", numbers.division_code),
    (r"^(起点|终点|河段起点|河段终点|始发站|终点站|起点站|停靠站点|途经景区)$", _end),
    (r"^检验机构$", _institute),
    (r"机关$|主管|部门$|法院$|受理单位|认定单位|受理机构|归口单位", _body),
    (r"地址|位置|住所|地点|场所$|^监测点位$|海域$|水域$", places.address),
    (r"^案号$", numbers.case_number),
    (r"^标准编号$", numbers.standard_number),
    (r"^门牌号$", numbers.house_number),
    (r"(文书号|文号)$", numbers.document_number),
    (r"(编号|编码|代码|证号|号|识别号)$", numbers.code),
    (r"月份$", dates.month),
    (r"(年度|年份|^年度)$", dates.year),
    (r"时间$", dates.hours),
    (
        r"(额|量|值|吨位|装机|用地|基数.限|得分|工资|人口|车速|流速|强度|深度|震级|气压|能力"
        r"|性别比|年限|无机氮|总投入|经费|总量|指数|计划|教育|居住|通信|资料|饮用水|统招线|蓄积|工期"
        r"|期限|时限|比例|数额)$",
        quantities.written,
    ),
    (
        r"企业|单位|公司|商$|供应商|纳税人|相对人|开发|主体|经营者|业户|旅行社|权人|注册人"
        r"|备案人|采购人|招标人|抵押人|被执行人|检查对象|账户$",
        places.firm,
    ),
)


def _from_list(outline: Outline, name: str, values: tuple[str, ...]) -> str:
    """One of a list; where it tells rows apart, numbered after the first round."""
    if name != outline.unit:
        return one_of(values, "u", outline.salt(name))
    count = len(values)
    numbered = f"CASE WHEN u < {count} THEN '' ELSE '（' || (u // {count} + 1)::VARCHAR || '）' END"
    return f"({at(values, f'u % {count}')} || {numbered})"


def _text(outline: Outline, name: str) -> str:
    values = vocabulary.listed(outline.subject.name, name)
    if values:
        return _from_list(outline, name, values)
    for pattern, make in _MAKERS:
        if re.search(pattern, name):
            return make(outline, name)
    values = vocabulary.listed_by_pattern(name)
    return _from_list(outline, name, values) if values else _named(outline, name)


def _of_type(kind: str) -> Maker:
    if kind == "D":
        return dates.day
    if kind == "T":
        return dates.moment
    if kind == "L":
        return lambda outline, name: f"{below(2, 'u', outline.salt(name))} = 1"
    return quantities.quantity


def value(outline: Outline, name: str) -> str:
    """The expression of an item's values."""
    special = SERIES.get(f"{outline.subject.name}/{name}")
    if special:
        return special(outline, name)
    kind = data_type(name)[0]
    if name == outline.period and outline.key != (name,):
        return periods.period(name, "t")
    if kind in "CMG":
        return _text(outline, name)
    if name in ("经度", "纬度"):
        return places.coordinate(outline, name)
    return _of_type(kind)(outline, name)
