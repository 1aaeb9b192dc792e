"""What is wrong in the staged rows: rows to leave out, counts, the first findings, all as CSV."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.findings.records import (
    CellFinding,
    ColumnFinding,
    Counted,
    Rule,
    Summary,
    cell_sentence,
)
from ckanext.sdopen.tables.findings.sentences import say
from ckanext.sdopen.tables.findings.spelling import quoted
from ckanext.sdopen.tables.making.engine import Engine
from ckanext.sdopen.tables.making.staging import ROW, SHOWN

# with a byte-order mark, so that a spreadsheet opens the file as UTF-8
_HEADINGS = ("\ufeff行号", "列", "规则", "值", "说明", "Explanation")
# what a spreadsheet takes for a formula, unless it is a number
_FORMULA, _NUMBER = r"^[-=+@\t\r]", r"[-+]?\d+(\.\d+)?"


def judge(engine: Engine, columns: Sequence[Column]) -> None:
    """Make the tables `found` of all findings and `left_out` of the rows that stay out.

    A row stays out whose key is empty, wrong or there before, and one that is no row at all.
    """
    engine.run(
        f"CREATE TEMP TABLE found AS SELECT {ROW}, one.place, one.rule, one.value "
        f"FROM (SELECT {ROW}, unnest(bad) AS one FROM staged WHERE bad IS NOT NULL)"
    )
    keys = [number for number, column in enumerate(columns) if column.key]
    places = ", ".join(map(str, keys)) or "NULL"
    engine.run(
        f"CREATE TEMP TABLE left_out AS SELECT DISTINCT {ROW} FROM found WHERE place IN ({places})"
    )
    if keys:
        _find_doubled(engine, keys)
    engine.run(
        "INSERT INTO found SELECT DISTINCT "
        "coalesce(TRY_CAST(regexp_extract(csv_line, '^\"?(\\d+)', 1) AS BIGINT), line), "
        f"-1, '{Rule.WIDTH}', left(csv_line, {SHOWN}) FROM reject_errors"
    )


def _find_doubled(engine: Engine, keys: Sequence[int]) -> None:
    """Leave out the rows whose key a row above them has."""
    names = ", ".join(f"v{number}" for number in keys)
    kept = f"FROM staged WHERE {ROW} NOT IN (SELECT {ROW} FROM left_out)"
    engine.run(
        "CREATE TEMP TABLE doubled AS "
        f"SELECT {names}, min({ROW}) AS above {kept} GROUP BY {names} HAVING count(*) > 1"
    )
    shown = f"concat_ws(' + ', {', '.join(f'v{number}::VARCHAR' for number in keys)})"
    engine.run(
        f"INSERT INTO found SELECT {ROW}, {keys[0]}, '{Rule.KEY_TWICE}', "
        f"left({shown}, {SHOWN}) FROM staged JOIN doubled USING ({names}) WHERE {ROW} > above"
    )
    engine.run(f"INSERT INTO left_out SELECT {ROW} FROM found WHERE rule = '{Rule.KEY_TWICE}'")


def summary(
    engine: Engine, columns: Sequence[Column], of_columns: tuple[ColumnFinding, ...]
) -> Summary:
    """The findings counted by rule and column."""
    counted = engine.run(
        "SELECT rule, place, count(*) FROM found GROUP BY ALL ORDER BY 3 DESC, 2, 1"
    )
    bad, wide = engine.run(f"SELECT count(DISTINCT {ROW}), count(*) FILTER (place < 0) FROM found")[
        0
    ]
    staged, left_out = engine.run(
        "SELECT (SELECT count(*) FROM staged), (SELECT count(*) FROM left_out)"
    )[0]
    counts = tuple(Counted(Rule(rule), _name(columns, place), n) for rule, place, n in counted)
    return Summary(staged + wide, left_out + wide, bad, counts, of_columns)


def first(engine: Engine, columns: Sequence[Column]) -> tuple[CellFinding, ...]:
    """The first findings in the order of rows and columns, as many as are kept one by one."""
    rows = engine.run(
        f"SELECT {ROW}, place, rule, value FROM found ORDER BY 1, 2, 3 LIMIT {engine.limits.marked}"
    )
    return tuple(
        CellFinding(row, _name(columns, place), Rule(rule), value)
        for row, place, rule, value in rows
    )


def write_csv(engine: Engine, columns: Sequence[Column], path: Path) -> None:
    """Write all findings to a CSV (UTF-8 with a mark), each with its sentence in both languages."""
    engine.run(
        "CREATE TEMP TABLE said (place INTEGER, rule VARCHAR, name VARCHAR, zh VARCHAR, en VARCHAR)"
    )
    for said in _said(engine, columns):
        engine.run("INSERT INTO said VALUES (?, ?, ?, ?, ?)", said)
    risky = f"regexp_matches(value, {quoted(_FORMULA)})"
    number = f"regexp_full_match(value, {quoted(_NUMBER)})"
    safe = f"CASE WHEN {risky} AND NOT {number} THEN chr(39) || value ELSE value END"
    shown = (f"{ROW}", "name", "rule", safe, "zh", "en")
    named = ", ".join(f'{sql} AS "{name}"' for sql, name in zip(shown, _HEADINGS, strict=True))
    engine.run(
        f"COPY (SELECT {named} FROM found JOIN said USING (place, rule) "
        f"ORDER BY {ROW}, place, rule) TO {quoted(str(path))} (FORMAT csv, HEADER)"
    )


def _said(engine: Engine, columns: Sequence[Column]) -> Iterator[tuple[int, str, str, str, str]]:
    for place, rule in engine.run("SELECT DISTINCT place, rule FROM found"):
        if place < 0:
            yield place, rule, "", say(rule, "zh"), say(rule, "en")
        else:
            zh, en = (cell_sentence(Rule(rule), columns[place], lang) for lang in ("zh", "en"))
            yield place, rule, columns[place].name, zh, en


def _name(columns: Sequence[Column], place: int) -> str:
    return columns[place].name if place >= 0 else ""
