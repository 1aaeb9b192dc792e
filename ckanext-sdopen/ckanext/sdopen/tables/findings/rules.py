"""The rules of cells as SQL of DuckDB: the value of a text, and which rule a bad one breaks.

A cast alone is no rule: DuckDB rounds 12.345 to DECIMAL(16,2) and 12.7 to BIGINT without a word,
and takes 1_000 for a number. So a cast counts where its text is the cell's own; every other cell
goes through its spellings (`spelling`), with digits counted.
"""

from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.findings import spelling
from ckanext.sdopen.tables.findings.records import Rule
from ckanext.sdopen.tables.findings.spelling import listed, quoted

# digits that a DOUBLE, and a BIGINT, hold exactly
_DOUBLE_DIGITS, _BIGINT_DIGITS = 15, 18
_FIRST, _LAST = "0001-01-01", "9999-12-31"
_WRONG = {
    Kind.NUMBER: Rule.NUMBER,
    Kind.INTEGER: Rule.INTEGER,
    Kind.DATE: Rule.DATE,
    Kind.DATETIME: Rule.DATETIME,
    Kind.BOOLEAN: Rule.BOOLEAN,
}


def value(column: Column, raw: str) -> str:
    """SQL of the typed value of a text of a column; NULL where the text breaks a rule."""
    typed = _typed(column, raw)
    allowed = _allowed(column, raw)
    return f"CASE WHEN {allowed} THEN {typed} END" if allowed else typed


def is_bad(column: Column, raw: str, typed: str) -> str:
    """SQL that tells whether a cell breaks a rule, by its text and the value that came of it."""
    if not column.nullable:
        return f"{typed} IS NULL"
    if column.kind == Kind.TEXT and not _allowed(column, raw):
        return "false"
    return f"{typed} IS NULL AND {raw} IS NOT NULL"


def broken(column: Column, raw: str) -> str:
    """SQL of the rule that a bad cell breaks."""
    empty = Rule.KEY_EMPTY if column.key else Rule.EMPTY
    cases = [f"WHEN {raw} IS NULL THEN '{empty}'"]
    if column.kind == Kind.TEXT and column.length:
        cases.append(f"WHEN length({raw}) > {column.length} THEN '{Rule.LENGTH}'")
    cases += _of_kind(column, raw)
    if column.codes:
        cases.append(f"WHEN {raw} NOT IN {listed(column.codes)} THEN '{Rule.CODE}'")
    return f"CASE {' '.join(cases)} ELSE '{_WRONG.get(column.kind, Rule.LENGTH)}' END"


def _allowed(column: Column, raw: str) -> str:
    tests = []
    if column.kind == Kind.TEXT and column.length:
        # bytes are counted without reading them
        within = f"(strlen({raw}) <= {column.length} OR length({raw}) <= {column.length})"
        tests.append(within)
    if column.codes:
        tests.append(f"{raw} IN {listed(column.codes)}")
    return " AND ".join(tests)


def _typed(column: Column, raw: str) -> str:
    if column.kind == Kind.TEXT:
        return raw
    text = spelling.canonical(column.kind, raw)
    if column.kind == Kind.BOOLEAN:
        plain = _word(raw, spelling.capitals(spelling.TRUE), spelling.capitals(spelling.FALSE))
        return f"CASE {plain} ELSE CASE {_word(text, spelling.TRUE, spelling.FALSE)} END END"
    cast = f"TRY_CAST({raw} AS {column.sql_type})"
    return (
        f"CASE WHEN {_is_canonical(column, raw, cast)} THEN {cast} ELSE {_read(column, text)} END"
    )


def _word(text: str, true: tuple[str, ...], false: tuple[str, ...]) -> str:
    return f"WHEN {text} IN {listed(true)} THEN true WHEN {text} IN {listed(false)} THEN false"


def _is_canonical(column: Column, raw: str, cast: str) -> str:
    """SQL that tells whether a cast took a text as it stands; the many cells end here."""
    if column.is_decimal:
        return f"starts_with(CAST({cast} AS VARCHAR), {raw})"
    if column.kind == Kind.NUMBER:
        within = f"abs({cast}) < {_bound(column, _DOUBLE_DIGITS)}"
        return f"{within} AND NOT contains({raw}, '_')"
    same = f"CAST({cast} AS VARCHAR) = {raw}"
    if column.kind == Kind.INTEGER:
        return f"{same} AND {cast} BETWEEN {_within(column)}"
    return f"{same} AND {cast} BETWEEN {_days(column)}"


def _read(column: Column, text: str) -> str:
    """SQL of the value of a text that is spelt otherwise."""
    cast = f"TRY_CAST({text} AS {column.sql_type})"
    if column.kind == Kind.INTEGER:
        whole = f"TRY_CAST(split_part({text}, '.', 1) AS BIGINT)"
        return f"CASE WHEN {_is_whole(text)} AND {whole} BETWEEN {_within(column)} THEN {whole} END"
    if column.kind != Kind.NUMBER:
        return f"CASE WHEN {cast} BETWEEN {_days(column)} THEN {cast} END"
    if column.is_decimal:
        return f"CASE WHEN {_is_number(text)} AND {_keeps_scale(column, text)} THEN {cast} END"
    bound = _bound(column, _DOUBLE_DIGITS)
    return f"CASE WHEN {_is_number(text)} AND abs({cast}) < {bound} THEN {cast} END"


def _of_kind(column: Column, raw: str) -> list[str]:
    """The cases of the rules that a text of a number, a day or a moment may break."""
    text = spelling.canonical(column.kind, raw)
    if column.kind == Kind.INTEGER:
        return [f"WHEN {_is_whole(text)} AND {_read(column, text)} IS NULL THEN '{Rule.RANGE}'"]
    if column.kind == Kind.NUMBER:
        cases = [f"WHEN NOT {_is_number(text)} THEN '{Rule.NUMBER}'"]
        if column.is_decimal:
            cases.append(f"WHEN NOT {_keeps_scale(column, text)} THEN '{Rule.SCALE}'")
        return [*cases, f"WHEN {_read(column, text)} IS NULL THEN '{Rule.RANGE}'"]
    if column.kind in (Kind.DATE, Kind.DATETIME):
        cast = f"TRY_CAST({text} AS {column.sql_type})"
        return [f"WHEN {cast} NOT BETWEEN {_days(column)} THEN '{Rule.RANGE}'"]
    return []


def _is_number(text: str) -> str:
    return f"regexp_full_match({text}, {quoted(spelling.NUMBER)})"


def _is_whole(text: str) -> str:
    return rf"regexp_full_match({text}, '-?\d+(\.0*)?')"


def _keeps_scale(column: Column, text: str) -> str:
    """SQL that tells whether a number has no more digits after its point than it may."""
    after = f"strlen(rtrim(split_part({text}, '.', 2), '0')) <= {column.scale}"
    # of one with an exponent the rounded value must be the value
    exact = f"TRY_CAST({text} AS {column.sql_type})::DOUBLE = TRY_CAST({text} AS DOUBLE)"
    return rf"CASE WHEN regexp_matches({text}, '[eE]') THEN {exact} ELSE {after} END"


def _bound(column: Column, most: int) -> str:
    return f"1e{min(column.length or most, most)}"


def _within(column: Column) -> str:
    greatest = 10 ** min(column.length or _BIGINT_DIGITS, _BIGINT_DIGITS) - 1
    return f"{-greatest} AND {greatest}"


def _days(column: Column) -> str:
    last = _LAST if column.kind == Kind.DATE else f"{_LAST} 23:59:59.999999"
    return f"{column.sql_type} '{_FIRST}' AND {column.sql_type} '{last}'"
