"""Items of series that hang together: an index and its level, a season and its warmth."""

from collections.abc import Callable, Mapping

from ckanext.sdopen.sample.tables.generating import periods
from ckanext.sdopen.sample.tables.generating.outline import Outline
from ckanext.sdopen.sample.tables.generating.words import at, quoted, share

Maker = Callable[[Outline, str], str]
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
_GOOD = f"u % {len(_PRICES)}"


def _period(outline: Outline) -> str:
    return periods.period(outline.period, "t")


def _season(outline: Outline) -> str:
    """1 in the middle of January, -1 in the middle of July."""
    return f"cos((dayofyear({_period(outline)}) - 15) / 365 * 2 * pi())"


def _air_index(outline: Outline, name: str) -> str:
    # cold months are worse, a few days are bad
    drawn = share("i", outline.salt("index"))
    return f"round(38 + 28 * {drawn} + 22 * (1 + {_season(outline)}) + 90 * pow({drawn}, 9))"


def _pollutant(outline: Outline, name: str) -> str:
    most = f"CASE WHEN {_season(outline)} > 0 THEN 'PM2.5' ELSE '臭氧' END"
    return f"CASE WHEN {_air_index(outline, name)} <= 50 THEN '无' ELSE {most} END"


def _level(outline: Outline, name: str) -> str:
    index = _air_index(outline, name)
    steps = " ".join(f"WHEN {index} <= {most} THEN {quoted(level)}" for most, level in _LEVELS)
    return f"CASE {steps} ELSE '严重污染' END"


def _concentration(factor: float) -> Maker:
    def made(outline: Outline, name: str) -> str:
        chance = share("i", outline.salt(name))
        return f"{_air_index(outline, name)} * {factor} * (0.85 + 0.3 * {chance})"

    return made


def _station(outline: Outline, name: str) -> str:
    return f"(county || {at(('国家', '区域'), f'u // {len(outline.counties)} % 2')} || '气象站')"


def _temperature(outline: Outline, name: str) -> str:
    daily = f"4.5 * -cos((hour({_period(outline)}) - 3) / 24 * 2 * pi())"
    chance = f"3 * ({share('i', outline.salt(name))} - 0.5)"
    return f"13.5 - 13.5 * {_season(outline)} + {daily} + {chance}"


def _hourly_rain(outline: Outline, name: str) -> str:
    return f"greatest(0, {share('i', outline.salt(name))} - 0.94) * 120"


def _market(outline: Outline, name: str) -> str:
    markets, number = len(outline.counties), f"(u // {len(_PRICES)})"
    again = f"CASE WHEN {number} < {markets} THEN '' ELSE ({number} // {markets})::VARCHAR END"
    county = at(outline.counties, f"{number} % {markets}")
    return f"({county} || '农产品批发市场' || {again})"


def _good(outline: Outline, name: str) -> str:
    return at(tuple(_PRICES), _GOOD)


def _price(outline: Outline, name: str) -> str:
    usual = f"[{', '.join(map(str, _PRICES.values()))}][{_GOOD} + 1]"
    return f"{usual} * (0.8 + 0.4 * {share('i', outline.salt(name))})"


def _standard(first: int, rise: int) -> Maker:
    return lambda outline, name: f"{first} - {rise} * t - c % 3 * 10"


SERIES: Mapping[str, Maker] = {
    "环境空气质量日报/空气质量指数": _air_index,
    "环境空气质量日报/首要污染物": _pollutant,
    "环境空气质量日报/PM2.5浓度": _concentration(0.55),
    "环境空气质量日报/PM10浓度": _concentration(0.95),
    "环境空气质量日报/二氧化硫浓度": _concentration(0.12),
    "环境空气质量日报/二氧化氮浓度": _concentration(0.35),
    "环境空气质量日报/臭氧浓度": _concentration(1.1),
    "环境空气质量日报/空气质量级别": _level,
    "自动气象站逐小时观测数据/站点名称": _station,
    "自动气象站逐小时观测数据/气温": _temperature,
    "自动气象站逐小时观测数据/小时降水量": _hourly_rain,
    "农产品批发市场价格/市场名称": _market,
    "农产品批发市场价格/品种名称": _good,
    "农产品批发市场价格/批发价格": _price,
    "城乡居民最低生活保障标准/城市低保标准": _standard(1_120, 45),
    "城乡居民最低生活保障标准/农村低保标准": _standard(930, 50),
}
