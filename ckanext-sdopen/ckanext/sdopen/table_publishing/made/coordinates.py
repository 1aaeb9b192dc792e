"""Which columns of a table hold the coordinates of its rows."""

import re
from collections.abc import Sequence

import ckan.plugins.toolkit as tk

from ckanext.sdopen.tables.columns import Column, Kind

_EAST = re.compile(r"经度$|^(lng|lon|longitude)$", re.IGNORECASE)
_NORTH = re.compile(r"纬度$|^(lat|latitude)$", re.IGNORECASE)


def pair(columns: Sequence[Column]) -> tuple[str, str] | None:
    """The columns of longitude and latitude in degrees; None where there are not two of them.

    >>> pair([Column("起点经度", Kind.NUMBER), Column("起点纬度", Kind.NUMBER)])
    ('起点经度', '起点纬度')
    """
    east, north = _first(columns, _EAST), _first(columns, _NORTH)
    return (east, north) if east and north else None


def require(columns: Sequence[Column]) -> tuple[str, str]:
    """The columns of longitude and latitude.

    Raises:
        ValidationError: there are not two of them.
    """
    found = pair(columns)
    if found is None:
        message = tk._("The table has no columns of longitude and latitude (经度, 纬度)")
        raise tk.ValidationError({"geojson": [message]})
    return found


def _first(columns: Sequence[Column], pattern: re.Pattern[str]) -> str:
    named = (
        column.name
        for column in columns
        if column.kind == Kind.NUMBER
        and (pattern.search(column.name) or pattern.search(column.title_en))
    )
    return next(named, "")
