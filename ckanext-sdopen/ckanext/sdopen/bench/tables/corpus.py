"""A table of twelve columns as `sheets/` hands it on, in random order, with wrong cells or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.findings.records import Rule

# one row of so many has a wrong cell of each kind
EVERY = 1_000


@dataclass(frozen=True)
class Made:
    """A column, SQL of its values by the row's number `i`, its type in PostgreSQL, a wrong one."""

    column: Column
    sql: str
    postgres: str
    wrong: str = ""
    rule: Rule | None = None


def _column(name: str, kind: Kind = Kind.TEXT, *digits: int, key: bool = False) -> Column:
    length, scale = (*digits, None, None)[:2]
    return Column(name, kind, length, scale, nullable=not key, key=key, declared=True)


def _some(seed: int, most: int) -> str:
    """SQL of a number below `most` that looks like chance, and is the same in every run."""
    return f"(hash(i + {seed}) % {most})::BIGINT"


_DAY = f"DATE '2010-01-01' + ({_some(4, 5479)})::INT"
MADE: tuple[Made, ...] = (
    Made(_column("编号", Kind.TEXT, 50, key=True), "printf('SD%010d', i)", "text"),
    Made(
        _column("企业名称", Kind.TEXT, 60),
        f"concat('山东', ['鲁', '齐', '海', '岱'][1 + {_some(0, 4)}], '科技', {_some(1, 9973)}, "
        "'有限公司')",
        "text",
        "'" + "长" * 61 + "'",
        Rule.LENGTH,
    ),
    Made(
        _column("统一社会信用代码", Kind.TEXT, 18),
        f"printf('91370%012dX', {_some(2, 1000000000000)})",
        "text",
    ),
    Made(_column("登记日期", Kind.DATE), _DAY, "date", "'2024-02-30'", Rule.DATE),
    Made(
        _column("更新时间", Kind.DATETIME),
        f"({_DAY})::TIMESTAMP + to_seconds({_some(5, 86400)})",
        "timestamp",
        "'2024-01-05 25:00:00'",
        Rule.DATETIME,
    ),
    Made(
        _column("注册资本", Kind.NUMBER, 16, 2),
        f"{_some(6, 10**10)}::DECIMAL(16,2) / 100",
        "numeric(16,2)",
        "'12.345'",
        Rule.SCALE,
    ),
    Made(
        _column("员工数", Kind.INTEGER, 10), f"{_some(7, 5000)}", "bigint", "'12人'", Rule.INTEGER
    ),
    Made(
        _column("是否有效", Kind.BOOLEAN),
        f"{_some(8, 2)} = 0",
        "boolean",
        "'不详'",
        Rule.BOOLEAN,
    ),
    Made(
        _column("区县", Kind.TEXT, 50),
        f"['历下区', '市中区', '槐荫区', '天桥区', '历城区'][1 + {_some(9, 5)}]",
        "text",
    ),
    Made(
        _column("经度", Kind.NUMBER, 10, 6),
        f"printf('%.6f', 115 + ({_some(10, 7000000)}) / 1e6)",
        "numeric(10,6)",
        "'东经117度'",
        Rule.NUMBER,
    ),
    Made(
        _column("纬度", Kind.NUMBER, 10, 6),
        f"printf('%.6f', 34 + ({_some(11, 4000000)}) / 1e6)",
        "numeric(10,6)",
        "'123456.5'",
        Rule.RANGE,
    ),
    Made(
        _column("经营范围", Kind.TEXT, 2000),
        f"CASE WHEN i % 9 > 0 THEN concat('许可项目：药品零售；食品销售；', {_some(12, 10**6)}, "
        "'号备案；依法须经批准的项目，经批准后方可开展经营活动') END",
        "text",
    ),
)


def columns() -> dict[str, Column]:
    """The columns by their headings."""
    return {made.column.name: made.column for made in MADE}


def planted(rows: int) -> dict[tuple[str, str], int]:
    """{(rule, column): how many cells} of the wrong cells in so many rows."""
    wrong = [made for made in MADE if made.rule]
    return {
        (str(made.rule), made.column.name): len(range(number, rows, EVERY))
        for number, made in enumerate(wrong)
    }


def write(path: Path, rows: int, faulty: bool) -> None:
    """Write the normalised CSV of so many rows, every cell quoted but the empty ones."""
    places: Mapping[str, int] = {
        made.column.name: number for number, made in enumerate(m for m in MADE if m.rule)
    }
    listed = ", ".join(
        f'{_cell(made, places.get(made.column.name) if faulty else None)} AS "{made.column.name}"'
        for made in MADE
    )
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(
            f"COPY (SELECT i + 2 AS _row, {listed} FROM range({rows}) AS t(i) "  # noqa: S608 ours
            f"ORDER BY hash(i + 20)) TO '{path}' (FORMAT csv, HEADER, FORCE_QUOTE *, NULLSTR '')"
        )


def _cell(made: Made, place: int | None) -> str:
    plain = f"({made.sql})::VARCHAR"
    if place is None:
        return plain
    return f"CASE WHEN i % {EVERY} = {place} THEN {made.wrong} ELSE {plain} END"
