"""The guess without a declaration: what may be a code stays as it is written."""

import duckdb
import pytest

from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.typing import guess


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["007", "12"], Kind.TEXT),
        (["370102199001011234", "370102199001011235"], Kind.TEXT),
        (["370102", "370103"], Kind.TEXT),
        (["12", "十二"], Kind.TEXT),
        (["20240105", "20240106"], Kind.TEXT),
        (["2024-01", "2024-02"], Kind.TEXT),
        (["0531-81919001"], Kind.TEXT),
        ([None, None], Kind.TEXT),
        (["12", None, "-3456"], Kind.INTEGER),
        (["1,234.50", "3"], Kind.NUMBER),
        (["2024-1-5", "2024年1月5日"], Kind.DATE),
        (["2024-01-05 08:30", "2024-01-05T08:30:00"], Kind.DATETIME),
        (["是", "否"], Kind.BOOLEAN),
        (["1", "0"], Kind.INTEGER),
    ],
)
def test_a_column_is_what_all_its_values_are(values, kind):
    assert guess.likely(Column("列"), values).kind == kind


@pytest.mark.parametrize(
    ("kind", "text", "breaks"),
    [
        (Kind.INTEGER, "12", False),
        (Kind.INTEGER, "012", True),
        (Kind.DATE, "2024-02-30", True),
        (Kind.NUMBER, "1e5", True),
        (Kind.NUMBER, None, False),
    ],
)
def test_one_value_of_another_kind_breaks_the_guess(kind, text, breaks):
    test = guess.breaks(Column("列", kind), "r")
    assert duckdb.execute(f"SELECT {test} FROM (SELECT ?::VARCHAR AS r)", [text]).fetchone()[0] == (
        breaks
    )
