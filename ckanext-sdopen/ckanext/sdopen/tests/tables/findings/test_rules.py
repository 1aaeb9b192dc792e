"""The rules of cells, each by cells as departments write them."""

from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.findings import rules
from ckanext.sdopen.tables.findings.records import Rule, cell_sentence

MONEY = Column("金额", Kind.NUMBER, 16, 2)
RATE = Column("比率", Kind.NUMBER)
COUNT = Column("人数", Kind.INTEGER, 5)
DAY = Column("日期", Kind.DATE)
MOMENT = Column("时间", Kind.DATETIME)
FLAG = Column("有效", Kind.BOOLEAN)
NAME = Column("名称", length=3)
SEX = Column("性别", codes=("男", "女"))
MUST = Column("必填", nullable=False)
KEY = Column("编号", nullable=False, key=True)


def judged(column, text):
    """(value, the rule it breaks) of one cell."""
    sql = (
        f"SELECT v, CASE WHEN {rules.is_bad(column, 'r', 'v')} THEN {rules.broken(column, 'r')} END"
        f" FROM (SELECT r, {rules.value(column, 'r')} AS v FROM (SELECT ?::VARCHAR AS r))"
    )
    return duckdb.execute(sql, [text]).fetchone()


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        (MONEY, "12.34", Decimal("12.34")),
        (MONEY, "12", Decimal("12.00")),
        (MONEY, "1,234.50", Decimal("1234.50")),
        (MONEY, "１２．５", Decimal("12.50")),
        (MONEY, "12.3400", Decimal("12.34")),
        (MONEY, "1.5e2", Decimal("150.00")),
        (MONEY, "+.5", Decimal("0.50")),
        (MONEY, None, None),
        (RATE, "0.30000000000000004", 0.30000000000000004),
        (COUNT, "007", 7),
        (COUNT, "1,234.0", 1234),
        (DAY, "2024/1/5", date(2024, 1, 5)),
        (DAY, "2024年1月5日", date(2024, 1, 5)),
        (DAY, "20240105", date(2024, 1, 5)),
        (DAY, "2024-01-05 00:00:00", date(2024, 1, 5)),
        (MOMENT, "2024-01-05T08:30:05", datetime(2024, 1, 5, 8, 30, 5)),
        (MOMENT, "2024年1月5日8时5分", datetime(2024, 1, 5, 8, 5)),
        (MOMENT, "20240105083005", datetime(2024, 1, 5, 8, 30, 5)),
        (MOMENT, "2024/1/5", datetime(2024, 1, 5)),
        (MOMENT, "2024-01-05T08:30:05.25+08:00", datetime(2024, 1, 5, 8, 30, 5, 250_000)),
        (FLAG, "是", True),
        (FLAG, "False", False),
        (FLAG, "1", True),
        (NAME, "一二三", "一二三"),
        (SEX, "女", "女"),
    ],
)
def test_a_value_is_taken_however_it_is_spelt(column, text, value):
    assert judged(column, text) == (value, None)


@pytest.mark.parametrize(
    ("column", "text", "rule"),
    [
        (MONEY, "12.345", Rule.SCALE),
        (MONEY, "1e-12", Rule.SCALE),
        (MONEY, "123456789012345.00", Rule.RANGE),
        (MONEY, "12元", Rule.NUMBER),
        (MONEY, "1_2.3", Rule.NUMBER),
        (MONEY, "1,23", Rule.NUMBER),
        (MONEY, "", Rule.NUMBER),
        (RATE, "nan", Rule.NUMBER),
        (RATE, "1e400", Rule.RANGE),
        (RATE, "370102199001011234", Rule.RANGE),
        (COUNT, "12.7", Rule.INTEGER),
        (COUNT, "十二", Rule.INTEGER),
        (COUNT, "123456", Rule.RANGE),
        (Column("数", Kind.INTEGER), "99999999999999999999", Rule.RANGE),
        (DAY, "2024-02-30", Rule.DATE),
        (DAY, "infinity", Rule.DATE),
        (DAY, "2024-01-05 10:00:00", Rule.DATE),
        (DAY, "0000-01-01", Rule.RANGE),
        (MOMENT, "2024-01-05 25:00:00", Rule.DATETIME),
        (MOMENT, "2024-01-05T08:30:00Z", Rule.DATETIME),
        (FLAG, "2", Rule.BOOLEAN),
        (NAME, "一二三四", Rule.LENGTH),
        (SEX, "x", Rule.CODE),
        (MUST, None, Rule.EMPTY),
        (KEY, None, Rule.KEY_EMPTY),
    ],
)
def test_a_value_that_breaks_a_rule_is_none_and_the_rule_is_named(column, text, rule):
    assert judged(column, text) == (None, rule)


@pytest.mark.parametrize(
    "rule", [rule for rule in Rule if rule not in (Rule.WIDTH, *list(Rule)[-3:])]
)
@pytest.mark.parametrize("lang", ["zh_Hans_CN", "en"])
def test_every_rule_says_what_is_right_of_every_column(rule, lang):
    for column in (MONEY, RATE, COUNT, DAY, NAME, SEX, KEY):
        said = cell_sentence(rule, column, lang)
        assert column.name in said or rule == Rule.KEY_TWICE
        assert "{" not in said


def test_a_sentence_names_what_the_column_takes():
    assert "最多保留 2 位小数" in cell_sentence(Rule.SCALE, MONEY, "zh")
    assert "最多 3 个字" in cell_sentence(Rule.LENGTH, NAME, "zh")
    assert "男、女" in cell_sentence(Rule.CODE, SEX, "zh")
    assert "最多 14 位" in cell_sentence(Rule.RANGE, MONEY, "zh")
