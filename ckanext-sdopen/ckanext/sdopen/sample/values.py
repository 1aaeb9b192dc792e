"""Plausible values of an item in row n of an entry's table; no real person, firm or number."""

import datetime
import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import yaml

from ckanext.sdopen import codes
from ckanext.sdopen.catalog.provider_code import check_character
from ckanext.sdopen.sample.items import data_type
from ckanext.sdopen.sample.records import Entry

# words of invented roads and firms, and items whose values come from a list
_CHOICES: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("choices.yaml").read_text(encoding="utf-8")
)
_ROADS, _BRANDS, _TRADES = (_CHOICES[name] for name in ("roads", "brands", "trades"))
_BASE_DAY = datetime.date(2026, 1, 1)
_HOURS = ("08:30-17:30", "09:00-17:00", "全天", "06:00-22:00", "08:00-20:00")


@lru_cache(maxsize=64)
def _place(region: str) -> tuple[str, tuple[str, ...]]:
    """(name, names of the counties) of a region; a county is its own."""
    name = codes.region(region).name
    below = [r.name for r in codes.regions().values() if r.parent == region and not r.historical]
    return name, tuple(below) or (name,)


Draw = Callable[[int], int]


def _draws(entry_id: str, name: str, row: int) -> Draw:
    """Numbers below what is asked, the same for the same entry, item and row; six at most."""
    digest = hashlib.blake2b(f"{entry_id}{name}{row}".encode(), digest_size=48).digest()
    taken = 0

    def draw(count: int) -> int:
        nonlocal taken
        taken += 8
        return int.from_bytes(digest[taken - 8 : taken], "big") % count

    return draw


def _road(county: str, draw: Draw) -> str:
    return f"{county}{_ROADS[draw(len(_ROADS))]}路{1 + draw(260)}号"


def company(city: str, draw: Draw) -> str:
    """A firm that does not exist: place, invented brand, trade."""
    brand = _BRANDS[draw(400) // 20] + ("", "盛", "隆", "通", "兴")[draw(5)]
    return f"{city.removesuffix('市')}{brand}{_TRADES[draw(144) // 12]}有限公司"


def _credit_code(region: str, draw: Draw) -> str:
    stem = f"91{region}MA{draw(10**7):07d}"
    return stem + check_character(stem)


def _coordinate(name: str, draw: Draw) -> float:
    # inside the province: 114.8–122.7 E, 34.4–38.4 N
    low, span = (116.0, 5.0) if name == "经度" else (35.0, 2.4)
    return round(low + span * draw(1_000_000) / 1_000_000, 6)


def _quantity(name: str, draw: Draw) -> float | int:
    kind = data_type(name)[0]
    bounds = (
        (r"浓度", 5, 150),
        (r"指数$", 20, 160),
        (r"最低气温|气温|水温", -4, 34),
        (r"湿度", 25, 98),
        (r"率$|增速|涨跌", 1, 98),
        (r"价格|票价", 2, 60),
        (r"风速", 0, 14),
        (r"降水量", 0, 30),
        (r"床位数|泊位数|蹲位数|车桩数量", 6, 400),
        (r"人数|件数|户数", 3, 4000),
        (r"教师数", 20, 180),
        (r"班级数", 6, 60),
        (r"面积", 80, 9000),
        (r"余氯|浑浊度", 0, 1),
        (r"低保标准", 700, 1200),
        (r"藏书量", 20000, 900000),
        (r"存栏量", 200, 20000),
    )
    low, high = next(((a, b) for pattern, a, b in bounds if re.search(pattern, name)), (1, 900))
    drawn = low + (high - low) * draw(10_000) / 10_000
    return round(drawn) if kind == "I" else round(drawn, 2)


def _day(name: str, row: int, draw: Draw) -> str:
    if name.startswith("有效期"):
        return (_BASE_DAY + datetime.timedelta(days=300 + draw(1500))).isoformat()
    if re.match(r"监测|预报|统计|采集|日期", name):
        return (_BASE_DAY + datetime.timedelta(days=row % 300)).isoformat()
    return (_BASE_DAY - datetime.timedelta(days=draw(2200))).isoformat()


def _moment(row: int) -> str:
    start = datetime.datetime(2026, 1, 1)
    return (start + datetime.timedelta(hours=row // 12)).strftime("%Y-%m-%d %H:00:00")


def _named(name: str, entry: Entry, row: int, county: str, city: str, draw: Draw) -> str:
    """The name of a place, a firm or a thing of the kind that the item's name says."""
    kind = re.sub(r"(名称|名)$", "", name) or "单位"
    if re.search(r"企业|单位|公司|商|纳税人|相对人|开发|机关|主体|经营者", kind):
        return company(city, draw)
    if kind in ("站点", "站台", "监测站点"):
        return f"{county}{_ROADS[draw(len(_ROADS))]}站"
    kind = {"机构": "服务中心", "馆": "图书馆", "场所": "活动中心", "公厕": "公共厕所"}.get(
        kind, kind
    )
    return f"{county}{_ROADS[draw(len(_ROADS))]}{kind}{'' if row < 60 else row // 60}"


def _rules(name: str, entry: Entry, row: int, draw: Draw) -> str | float | int:
    city, counties = _place(entry.department.region)
    county = counties[draw(len(counties))]
    kind = data_type(name)[0]
    choices = _CHOICES.get(f"{entry.subject.name}/{name}") or _CHOICES.get(name)
    if choices:
        return choices[draw(len(choices))]
    if name == "区县名称":
        return counties[row % len(counties)]
    if name in ("经度", "纬度"):
        return _coordinate(name, draw)
    if name == "统一社会信用代码":
        return _credit_code(entry.department.region, draw)
    if kind == "D":
        return _day(name, row, draw)
    if kind == "T":
        return _moment(row)
    if kind in "INBY":
        return _quantity(name, draw)
    if re.search(r"时间$", name):
        return _HOURS[draw(len(_HOURS))]
    if re.search(r"电话", name):
        return f"0531-5555{draw(10_000):04d}"
    if re.search(r"地址|位置|住所|地点|经营场所", name):
        return _road(county, draw)
    if re.search(r"(编号|编码|代码|证号|号|文号)$", name):
        return f"{entry.department.region}{row + 1:08d}"
    if re.search(r"月份$", name):
        return f"{2026 - row // 12 % 10}-{row % 12 + 1:02d}"
    if re.search(r"(年度|年份)$", name):
        return str(2016 + row % 10)
    if re.search(r"(所在|所属)", name):
        return county
    if re.search(r"机关$|主管", name):
        return entry.department.title
    if re.search(r"企业$|单位$", name):
        return company(city, draw)
    if name == "检验机构":
        return f"{city}食品药品检验研究院"
    return _named(name, entry, row, county, city, draw)


def value(name: str, row: int, entry: Entry) -> str | float | int:
    """The value of an item in a row; the same for the same seed, entry, item and row."""
    return _rules(name, entry, row, _draws(entry.id, name, row))
