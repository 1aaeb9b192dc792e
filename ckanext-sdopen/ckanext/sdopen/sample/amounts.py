"""Plausible quantities: bounds by the name of an item, the first pattern that fits."""

import re
from functools import cache

from ckanext.sdopen.sample.items import data_type

_BOUNDS = (
    (r"^招聘人数|岗位数量", 1, 20),
    (r"^最低气温", -10, 15),
    (r"^最高气温", 5, 36),
    (r"气温|水温", -4, 34),
    (r"湿度", 25, 98),
    (r"率$|增速|涨跌|普及率|覆盖率", 1, 98),
    (r"门票", 10, 150),
    (r"票价", 1, 60),
    (r"批发价格|零售价格", 1, 40),
    (r"价格", 200, 20_000),
    (r"注册资本", 100_000, 50_000_000),
    (r"金额|资金|收入|支出|投资", 10_000, 5_000_000),
    (r"风速", 0, 14),
    (r"降水量", 0, 12),
    (r"蹲位数|车桩数量|快充桩数量|慢充桩数量", 2, 40),
    (r"泊位数", 20, 800),
    (r"床位数", 10, 900),
    (r"预售面积", 2_000, 60_000),
    (r"套数", 20, 600),
    (r"藏书量", 20_000, 900_000),
    (r"存栏量", 200, 20_000),
    (r"可容纳人数", 300, 20_000),
    (r"在园幼儿数", 60, 540),
    (r"学生数", 200, 2_600),
    (r"教师数", 20, 180),
    (r"班级数", 6, 60),
    (r"招生人数", 40, 700),
    (r"律师人数", 3, 60),
    (r"家庭医生团队数", 2, 20),
    (r"终端数量", 30, 300),
    (r"人数|件数|户数", 3, 4_000),
    (r"面积", 80, 90_000),
    (r"余氯", 0.05, 1.2),
    (r"浑浊度", 0.05, 0.9),
    (r"菌落总数", 0, 60),
    (r"城市低保标准", 900, 1_150),
    (r"农村低保标准", 700, 950),
)
_OTHER = (1, 900)


@cache
def _bounds(name: str) -> tuple[float, float]:
    return next(((a, b) for pattern, a, b in _BOUNDS if re.search(pattern, name)), _OTHER)


def quantity(name: str, share: float) -> float | int:
    """The quantity at `share` (0 to 1) of the range that an item of the name has."""
    low, high = _bounds(name)
    drawn = low + (high - low) * share
    return round(drawn) if data_type(name)[0] == "I" else round(drawn, 2)
