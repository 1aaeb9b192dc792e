"""Plausible values of a table's rows; no real person, firm or number.

Each item has a maker, chosen once by its name; a maker takes the row and gives the value. All
values of a row share its county, road and number, and some depend on others (level on index).
"""

import datetime
import random
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from ckanext.sdopen import codes
from ckanext.sdopen.catalog.provider_code import check_character
from ckanext.sdopen.sample.amounts import quantity
from ckanext.sdopen.sample.items import data_type, names_of
from ckanext.sdopen.sample.places import county_names, place, telephone
from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.series import SERIES

# words of invented roads and firms, and items whose values come from a list
_CHOICES: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("choices.yaml").read_text(encoding="utf-8")
)
_ROADS: list[str] = _CHOICES["roads"]
_BRANDS: list[str] = _CHOICES["brands"]
_CALLED: dict[str, str] = _CHOICES["called"]
_LAST_DAY = datetime.date(2026, 10, 30)
_HOURS = ("08:30-17:30", "09:00-17:00", "06:00-22:00", "08:00-20:00")

Value = str | float | int


class Row:
    """A row of a table: its number, and what all its values share."""

    def __init__(self, entry: Entry, number: int) -> None:
        self.entry = entry
        self.number = number
        self._random = random.Random(f"{entry.id}:{number}")  # noqa: S311 a sample, no secret
        self.county_number = self.below(len(county_names(entry.department.region)))
        self.road = self.of(_ROADS)
        self.made: dict[str, Value] = {}

    @property
    def region(self) -> str:
        """The region's code."""
        return self.entry.department.region

    @property
    def county(self) -> str:
        """The county in which the row's place lies."""
        return county_names(self.region)[self.county_number]

    def share(self) -> float:
        """A number from 0 to 1."""
        return self._random.random()

    def below(self, count: int) -> int:
        """A number from 0 to `count` - 1."""
        return int(self._random.random() * count)

    def of(self, listed: list[str] | tuple[str, ...]) -> str:
        """One of the list."""
        return listed[self.below(len(listed))]


Maker = Callable[[Row], Value]


def _stem(region: str) -> str:
    return codes.region(region).name.removesuffix("市").removesuffix("省")


@cache
def _trades(subject: str) -> list[str]:
    found = (trades for kind, trades in _CHOICES["trades_of"].items() if kind in subject)
    return next(found, _CHOICES["trades"])


def company(row: Row) -> str:
    """A firm that does not exist: place, invented brand, trade."""
    brand = row.of(_BRANDS) + row.of(("", "盛", "隆", "通", "兴"))
    return f"{_stem(row.region)}{brand}{row.of(_trades(row.entry.subject.name))}有限公司"


def _credit_code(row: Row) -> str:
    stem = f"91{row.region}MA{row.below(10**7):07d}"
    return stem + check_character(stem)


def _coordinate(row: Row, name: str) -> float:
    # a county lies within 0.12 degrees of the middle, its places within 0.02 of it
    middle = place(row.region)
    centre = middle.longitude if name == "经度" else middle.latitude
    step = row.county_number * (7 if name == "经度" else 5) % 25 - 12
    return round(centre + step / 100 + (row.share() - 0.5) / 25, 6)


def _day(row: Row, name: str) -> str:
    if re.search("^有效期|截止|终止", name):
        return (_LAST_DAY + datetime.timedelta(days=30 + row.below(1_500))).isoformat()
    if name == "数据更新日期":
        return str(row.entry.payload["updated_on"])
    if re.match(r"监测|统计|采集|采价|抽样", name):
        return (_LAST_DAY - datetime.timedelta(days=row.number % 330)).isoformat()
    return (_LAST_DAY - datetime.timedelta(days=row.below(2_200))).isoformat()


def _moment(row: Row) -> str:
    start = datetime.datetime(2026, 10, 30) - datetime.timedelta(hours=row.number)
    return start.strftime("%Y-%m-%d %H:00:00")


def _named(row: Row, kind: str) -> str:
    """The name of a place of a kind: county, road, what it is; numbered where they are many."""
    series = row.number // (len(_ROADS) * 3)
    return f"{row.county}{row.road}{kind}{series or ''}"


def _kind_of(name: str, subject: str) -> str:
    kind = re.sub(r"(名称|名)$", "", name) or "单位"
    return _CALLED.get(subject) or _CALLED.get(kind, kind)


_MAKERS: tuple[tuple[str, Callable[[Row, str], Value]], ...] = (
    (r"^(经度|纬度)$", _coordinate),
    (r"^统一社会信用代码$", lambda row, name: _credit_code(row)),
    (r"^区县名称$|^(所在|所属)(区县|县区)$", lambda row, name: row.county),
    (r"^(所属|所在)乡镇$", lambda row, name: f"{row.road}镇"),
    (r"^所在(社区|小区|村)$", lambda row, name: row.road + name[2:]),
    (r"^所在道路$", lambda row, name: f"{row.road}路"),
    (r"机关$|主管", lambda row, name: row.entry.department.title),
    (r"电话", lambda row, name: telephone(row.region, row.below(10_000))),
    (
        r"地址|位置|住所|地点|经营场所",
        lambda row, name: f"{row.county}{row.road}路{1 + row.below(260)}号",
    ),
    (r"(文书号|文号)$", lambda row, name: f"〔{2020 + row.number % 7}〕第{row.number + 1}号"),
    (r"(编号|编码|代码|证号|号)$", lambda row, name: f"{row.region}{row.number + 1:08d}"),
    (r"月份$", lambda row, name: f"{2026 - row.number // 12 % 10}-{row.number % 12 + 1:02d}"),
    (r"(年度|年份)$", lambda row, name: str(2016 + row.number % 10)),
    (r"时间$", lambda row, name: row.of(_HOURS)),
    (r"企业$|单位$", lambda row, name: company(row)),
    (r"^检验机构$", lambda row, name: f"{_stem(row.region)}市食品药品检验研究院"),
    (
        r"企业|单位|公司|商|纳税人|相对人|开发|主体|经营者|业户|旅行社",
        lambda row, name: company(row),
    ),
)


@lru_cache(maxsize=4096)
def _maker(subject: str, name: str) -> Maker:
    choices = _CHOICES.get(f"{subject}/{name}") or _CHOICES.get(name)
    if f"{subject}/{name}" in SERIES:
        series = SERIES[f"{subject}/{name}"]
        return lambda row: series(row.number, county_names(row.region), row.made, row.share())
    if choices:
        return lambda row: row.of(choices)
    kind = data_type(name)[0]
    if kind == "D":
        return lambda row: _day(row, name)
    if kind == "T":
        return _moment
    if kind == "L":
        return lambda row: row.below(2)
    if kind in "INYF":
        return lambda row: quantity(name, row.share())
    for pattern, make in _MAKERS:
        if re.search(pattern, name):
            return lambda row: make(row, name)
    called = _kind_of(name, subject)
    return lambda row: _named(row, called)


def row_of(entry: Entry, number: int) -> tuple[Value, ...]:
    """The values of row `number` of an entry, in the order of its items."""
    row = Row(entry, number)
    for name in names_of(entry.subject):
        row.made[name] = _maker(entry.subject.name, name)(row)
    return tuple(row.made.values())


def rows_of(entry: Entry, count: int) -> Iterator[tuple[Value, ...]]:
    """The first `count` rows of an entry."""
    return (row_of(entry, number) for number in range(count))
