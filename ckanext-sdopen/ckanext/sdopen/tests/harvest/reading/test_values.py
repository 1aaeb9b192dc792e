"""Cells as real sources fill them."""

import datetime

import pytest

from ckanext.sdopen.harvest.reading.source import Column
from ckanext.sdopen.harvest.reading.values import Unusable, listed, text, transformed


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, ""),
        (43270.0, "43270"),
        (3.5, "3.5"),
        (" 全角　空格 ", "全角 空格"),
        ("有\x00控制\x1f符", "有控制符"),
        ("lone \ud800 surrogate", "lone surrogate"),
    ],
)
def test_a_cell_is_clean_text(cell, expected):
    assert text(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("['xls', 'csv']", ["xls", "csv"]),
        ("xls", ["xls"]),
        ("经营,组织，机关、代码", ["经营", "组织", "机关", "代码"]),
        (["a", " b ", ""], ["a", "b"]),
        ("[broken", ["[broken"]),
        ("[" * 5000 + "]" * 5000, ["[" * 5000 + "]" * 5000]),
    ],
)
def test_a_list_is_read_however_it_is_printed(cell, expected):
    assert listed(cell, Column("格式")) == expected


def test_of_two_dates_in_a_cell_the_latest_is_taken_and_told():
    value, notices = transformed(
        "2017-06-08 10:23:07 2017-08-02 23:23:16", Column("最后更新", as_="date")
    )
    assert value == "2017-08-02"
    assert [code for code, _ in notices] == ["several_dates"]


def test_two_moments_of_one_day_are_no_news():
    value, notices = transformed(
        "2017-09-12 09:00:59 2017-09-12 09:02:03", Column("最后更新", as_="date")
    )
    assert (value, notices) == ("2017-09-12", [])


@pytest.mark.parametrize("cell", ["2017年5月31日", "2017/5/31", datetime.date(2017, 5, 31)])
def test_dates_are_read_as_people_write_them(cell):
    assert transformed(cell, Column("日期", as_="date"))[0] == "2017-05-31"


@pytest.mark.parametrize(
    ("cell", "kind", "code"),
    [
        ("2017-02-31", "date", "not_a_date"),
        ("去年", "date", "not_a_date"),
        ("12万", "integer", "not_an_integer"),
        ("-3", "integer", "not_an_integer"),
        ("很开放", "code", "value_unknown"),
        ("", "code", "value_missing"),
        ("a.csv", "resources", "not_resources"),
        ([{"url": "http://a"}], "resources", "resource_columns"),
    ],
)
def test_a_cell_that_cannot_become_the_value_says_why(cell, kind, code):
    column = Column("列", as_=kind, codes="opening", fields={"url": "url", "name": "name"})
    with pytest.raises(Unusable) as caught:
        transformed(cell, column)
    assert caught.value.notice[0] == code


def test_a_value_in_no_list_takes_the_default_and_is_told():
    column = Column("更新频率", as_="code", codes="update_cycle", default="other")
    value, notices = transformed("3", column)
    assert value == "other"
    assert notices[0][0] == "value_defaulted"
    assert transformed("每季度", column) == ("quarterly", [])


def test_the_sources_own_words_come_before_the_code_list():
    column = Column("主题", as_="code", codes="topics", values={"科学教育": ["education"]})
    assert transformed("科学教育", column) == (["education"], [])
