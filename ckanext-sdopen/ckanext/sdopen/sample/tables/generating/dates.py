"""Days and hours of things that are no periods."""

import re

from ckanext.sdopen.sample.tables.generating.outline import Outline
from ckanext.sdopen.sample.tables.generating.periods import LAST_DAY, LAST_HOUR
from ckanext.sdopen.sample.tables.generating.words import below, one_of, quoted

_YEARS = 315_000_000  # seconds in ten years
_HOURS = ("08:30-17:30", "09:00-17:00", "06:00-22:00", "08:00-20:00")


def day(outline: Outline, name: str) -> str:
    """A day of the last six years; of a row's days those that end something come last."""
    if name == "数据更新日期":
        return f"DATE {quoted(outline.updated_on)}"
    salt = outline.salt(name)
    begun = f"{LAST_DAY} - {below(2_200, 'u', outline.salt('begun'))}::INTEGER"
    if re.search("^有效期|截止|终止", name):
        return f"({LAST_DAY} + (30 + {below(1_500, 'u', salt)})::INTEGER)"
    if "结束" in name:
        return f"({begun} + (5 + {below(60, 'u', salt)})::INTEGER)"
    return f"({begun} + {below(5, 'u', salt)}::INTEGER)"


def moment(outline: Outline, name: str) -> str:
    """A moment of the last ten years; as the key of a table none comes twice."""
    salt = outline.salt(name)
    if name in outline.key:
        step = max(1, _YEARS // outline.rows)
        return f"({LAST_HOUR} - to_seconds(u * {step} + {below(step, 'u', salt)}))"
    begun = f"{LAST_HOUR} - to_hours({below(9_000, 'u', outline.salt('begun'))})"
    if "结束" in name:
        return f"({begun} + to_minutes(30 * (1 + {below(12, 'u', salt)})))"
    return f"({begun})"


def hours(outline: Outline, name: str) -> str:
    """Opening hours, or the hour of what happens once a day."""
    if not re.search("首班|末班|发车|高潮|低潮|试鸣|放号", name):
        return one_of(_HOURS, "u", outline.salt(name))
    hour, minute = below(17, "i", outline.salt(name)), below(6, "i", outline.salt(name) + 1)
    return f"(substr((106 + {hour})::VARCHAR, 2) || ':' || {minute}::VARCHAR || '0')"


def month(outline: Outline, name: str) -> str:
    """A month of the last ten years."""
    number = below(120, "u", outline.salt(name))
    return f"strftime(DATE '2026-10-01' - to_months({number}::INTEGER), '%Y-%m')"


def year(outline: Outline, name: str) -> str:
    """A year of the last ten."""
    return f"(2016 + {below(10, 'u', outline.salt(name))})::VARCHAR"
