"""Values that run on from row to row: days, counties, stations, and what follows from them."""

import datetime
import math
from collections.abc import Callable, Mapping, Sequence

Value = str | float | int
Made = Mapping[str, Value]
# (row number, counties, values made before in the row, a number from 0 to 1) → value
Series = Callable[[int, Sequence[str], Made, float], Value]

_LAST_DAY = datetime.date(2026, 10, 30)
_LAST_HOUR = datetime.datetime(2026, 10, 30, 23)
_STATIONS_EACH = 2
_LEVELS = ((50, "优"), (100, "良"), (150, "轻度污染"), (200, "中度污染"), (300, "重度污染"))
_PRICES = {
    "大白菜": 1.6,
    "黄瓜": 4.2,
    "西红柿": 5.1,
    "土豆": 2.8,
    "苹果": 7.4,
    "五花肉": 25.6,
    "鸡蛋": 9.2,
    "小麦": 2.5,
    "大葱": 3.3,
    "菠菜": 4.6,
}


def _day_of_counties(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    return (_LAST_DAY - datetime.timedelta(days=number // len(counties))).isoformat()


def _county(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    return counties[number % len(counties)]


def _season(day: str) -> float:
    """1 in the middle of January, -1 in the middle of July."""
    passed = datetime.date.fromisoformat(day[:10]).timetuple().tm_yday
    return math.cos((passed - 15) / 365 * 2 * math.pi)


def _air_index(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    # cold months are worse, a few days are bad
    return round(38 + 28 * share + 22 * (1 + _season(str(made["监测日期"]))) + 90 * share**9)


def _pollutant(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    if int(made["空气质量指数"]) <= 50:
        return "无"
    return "PM2.5" if _season(str(made["监测日期"])) > 0 else "臭氧"


def _level(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    index = int(made["空气质量指数"])
    return next((name for most, name in _LEVELS if index <= most), "严重污染")


def _concentration(factor: float) -> Series:
    def made_of(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
        return round(int(made["空气质量指数"]) * factor * (0.85 + 0.3 * share), 1)

    return made_of


def _stations(counties: Sequence[str]) -> int:
    return len(counties) * _STATIONS_EACH


def _station(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    here = number % _stations(counties)
    return f"{counties[here // _STATIONS_EACH]}{('国家', '区域')[here % _STATIONS_EACH]}气象站"


def _hour(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    passed = datetime.timedelta(hours=number // _stations(counties))
    return (_LAST_HOUR - passed).strftime("%Y-%m-%d %H:00:00")


def _temperature(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    moment = str(made["观测时间"])
    daily = -math.cos((int(moment[11:13]) - 3) / 24 * 2 * math.pi)
    return round(13.5 - 13.5 * _season(moment) + 4.5 * daily + 3 * (share - 0.5), 1)


def _hourly_rain(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    return round((share - 0.94) * 120, 1) if share > 0.94 else 0.0


def _kind_sold(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    return tuple(_PRICES)[number % len(_PRICES)]


def _market(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    return counties[number // len(_PRICES) % len(counties)] + "农产品批发市场"


def _market_day(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    passed = number // (len(_PRICES) * len(counties))
    return (_LAST_DAY - datetime.timedelta(days=passed)).isoformat()


def _price(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    return round(_PRICES[str(made["品种名称"])] * (0.8 + 0.4 * share), 2)


def _year_of_counties(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
    return f"{2026 - number // len(counties)}-01-01"


def _standard(first: int, rise: int) -> Series:
    def made_of(number: int, counties: Sequence[str], made: Made, share: float) -> Value:
        years = number // len(counties)
        return float(first - rise * years - number % len(counties) % 3 * 10)

    return made_of


SERIES: Mapping[str, Series] = {
    "环境空气质量日报/监测日期": _day_of_counties,
    "环境空气质量日报/区县名称": _county,
    "环境空气质量日报/空气质量指数": _air_index,
    "环境空气质量日报/首要污染物": _pollutant,
    "环境空气质量日报/PM2.5浓度": _concentration(0.55),
    "环境空气质量日报/PM10浓度": _concentration(0.95),
    "环境空气质量日报/二氧化硫浓度": _concentration(0.12),
    "环境空气质量日报/二氧化氮浓度": _concentration(0.35),
    "环境空气质量日报/臭氧浓度": _concentration(1.1),
    "环境空气质量日报/空气质量级别": _level,
    "自动气象站逐小时观测数据/站点名称": _station,
    "自动气象站逐小时观测数据/观测时间": _hour,
    "自动气象站逐小时观测数据/气温": _temperature,
    "自动气象站逐小时观测数据/小时降水量": _hourly_rain,
    "农产品批发市场价格/市场名称": _market,
    "农产品批发市场价格/品种名称": _kind_sold,
    "农产品批发市场价格/批发价格": _price,
    "农产品批发市场价格/采集日期": _market_day,
    "城乡居民最低生活保障标准/区县名称": _county,
    "城乡居民最低生活保障标准/执行日期": _year_of_counties,
    "城乡居民最低生活保障标准/城市低保标准": _standard(1_120, 45),
    "城乡居民最低生活保障标准/农村低保标准": _standard(930, 50),
}
