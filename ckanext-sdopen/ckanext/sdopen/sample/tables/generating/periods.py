"""Periods of series: days, hours, months, quarters, years, counted backwards from the last."""

import re
from collections.abc import Callable
from dataclasses import dataclass

# the last day and hour of which there is data
LAST_DAY = "DATE '2026-10-30'"
LAST_HOUR = "TIMESTAMP '2026-10-30 23:00:00'"
_MONTH = "(DATE '2026-10-01' - to_months(({t})::INTEGER))"


@dataclass(frozen=True)
class _Kind:
    """A kind of period: how many of them a table holds, and the expression of the t-th."""

    most: int
    text: Callable[[str], str]


def _month(t: str) -> str:
    return f"strftime({_MONTH.format(t=t)}, '%Y-%m')"


def _quarter(t: str) -> str:
    # the last one is the third of 2026
    number = f"(2026 * 4 + 2 - {t})"
    return f"(({number} // 4)::VARCHAR || '年第' || ({number} % 4 + 1)::VARCHAR || '季度')"


def _school_year(t: str) -> str:
    return f"((2025 - {t})::VARCHAR || '-' || (2026 - {t})::VARCHAR || '学年')"


def _term(t: str) -> str:
    return f"({_school_year(f'({t} // 2)')} || '第' || (2 - {t} % 2)::VARCHAR || '学期')"


def _ten_days(t: str) -> str:
    month = _MONTH.format(t=f"({t} // 3)")
    return f"(strftime({month}, '%Y年%m月') || ['下旬', '中旬', '上旬'][{t} % 3 + 1])"


_KINDS = (
    (r"普查(年份|年度)$", _Kind(3, lambda t: f"(2020 - 10 * ({t}))::VARCHAR")),
    (r"执行日期$", _Kind(12, lambda t: f"make_date((2026 - ({t}))::INTEGER, 1, 1)")),
    (r"日期$", _Kind(1_096, lambda t: f"({LAST_DAY} - ({t})::INTEGER)")),
    (r"时间$", _Kind(8_760, lambda t: f"({LAST_HOUR} - to_hours({t}))")),
    (r"月份$", _Kind(120, _month)),
    (r"季度$", _Kind(40, _quarter)),
    (r"学年度$", _Kind(10, _school_year)),
    (r"学期$", _Kind(20, _term)),
    (r"旬次$", _Kind(360, _ten_days)),
    (r"(年度|年份)$", _Kind(10, lambda t: f"(2025 - ({t}))::VARCHAR")),
)


def _kind(name: str) -> _Kind:
    return next(kind for pattern, kind in _KINDS if re.search(pattern, name))


def most(name: str) -> int:
    """How many periods a table holds before it tells of more things."""
    return _kind(name).most


def period(name: str, t: str) -> str:
    """The t-th period back, as the item of the name has it."""
    return _kind(name).text(t)
