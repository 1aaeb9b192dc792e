"""Which items of a subject tell its records apart: the declared key."""

import re
from functools import cache

from ckanext.sdopen.sample.entries.items import data_type, names_of
from ckanext.sdopen.sample.records import Subject

# items that say of when a record is; a subject that has one is a series
_PERIOD = re.compile(
    r"^(预报|监测|观测|采集|采价|统计|普查|年报|计划|补贴|发震|发生|试鸣|作业)"
    r"(日期|时间|月份|季度|年度|年份|学期)$|^(年度|学年度|旬次|时间|日期)$"
)
# items whose values go on without end: names, numbers, places, organizations
_OPEN_ENDED = re.compile(
    r"(名称|名|企业|单位|机构|公司|监测点|站点|点位|网点|路段|线路|地点|位置|区域|对象|项目"
    r"|号|编号|编码|代码|机关)$"
)
_FEW = re.compile(
    r"^(区县|城市|行业|作物|险种|税种|病种|系列|指标|能源|品种|矿种)名称$"
    r"|机关$|^(计量|储量)单位$|信号$"
)
_REPORTED_BY = re.compile(r"^(填报|发布|编制)机关$")
# what no rule finds
_KEYS = {
    "环境空气质量日报": ("监测日期", "区县名称"),
    "自动气象站逐小时观测数据": ("站点名称", "观测时间"),
    "农产品批发市场价格": ("市场名称", "品种名称", "采集日期"),
    "城乡居民最低生活保障标准": ("区县名称", "执行日期"),
}


@cache
def period_of(subject: Subject) -> str:
    """The item that says of when a record of a series is; empty where the subject is none.

    >>> from ckanext.sdopen.sample.entries.vocabulary import subjects
    >>> next(period_of(one) for one in subjects() if one.name == "火灾形势统计")
    '统计月份'
    """
    if subject.name in _KEYS:
        return next(name for name in _KEYS[subject.name] if data_type(name)[0] in "DT")
    return next((name for name in subject.items if _PERIOD.search(name)), "")


def is_open_ended(name: str) -> bool:
    """Whether an item has a value of its own for any number of records."""
    return bool(_OPEN_ENDED.search(name)) and not _FEW.search(name)


def reporter_of(subject: Subject) -> str:
    """The item of who reported a record; empty where there is none."""
    return next((name for name in names_of(subject) if _REPORTED_BY.search(name)), "")


@cache
def key_of(subject: Subject) -> tuple[str, ...]:
    """The items that tell any number of records of a subject apart, none where no items can.

    A name or number alone; in a series with the period; what few values have (months, counties)
    with the one who reports.
    """
    if subject.name in _KEYS:
        return _KEYS[subject.name]
    first, period = subject.items[0], period_of(subject)
    if first == period and data_type(first)[0] == "T":
        return (first,)
    if is_open_ended(first):
        return (first, period) if period else (first,)
    named = next((name for name in subject.items if is_open_ended(name)), "") if period else ""
    unit = named or reporter_of(subject)
    return tuple(dict.fromkeys(name for name in (first, period, unit) if name)) if unit else ()
