"""Versions of normalised files: what is in them, what is left out, what is said of it."""

import csv
import hashlib
from datetime import date
from decimal import Decimal

import pytest

from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.findings.records import CellFinding, Counted, Rule
from ckanext.sdopen.tables.making.errors import TooLarge, Unreadable
from ckanext.sdopen.tests.tables.corpus.normalised import write

KEY = Column("编号", key=True, nullable=False, declared=True)
MONEY = Column("金额", Kind.NUMBER, 16, 2, declared=True)
DAY = Column("日期", Kind.DATE, declared=True)
COLUMNS = (KEY, MONEY, DAY)


def test_a_version_holds_typed_rows_in_the_order_of_the_key_numbered_from_one(bench):
    made = bench.make(COLUMNS, [("b", "1,234.50", "2024年1月5日"), ("a", None, "2024-02-01")])
    assert bench.rows() == [
        (1, "a", None, date(2024, 2, 1)),
        (2, "b", Decimal("1234.50"), date(2024, 1, 5)),
    ]
    assert made.version.hash == hashlib.sha256(bench.part.read_bytes()).hexdigest()
    assert (made.version.rows, made.version.bytes) == (2, bench.part.stat().st_size)
    assert made.version.columns == COLUMNS
    assert made.summary.bad_rows == 0


def test_without_a_key_rows_stay_in_the_order_of_the_source(bench):
    bench.make([Column("名称", declared=True)], [("c",), ("a",), ("b",)])
    assert bench.rows() == [(1, "c"), (2, "a"), (3, "b")]


def test_the_same_file_makes_the_same_version(bench):
    rows = [(str(n), "1.5", "2024-01-05") for n in range(30_000)]
    assert bench.make(COLUMNS, rows).version.hash == bench.make(COLUMNS, rows[::-1]).version.hash


def test_the_layout_is_that_of_the_marks(bench):
    bench.make(COLUMNS, [(f"{n:06}", "1.5", "2024-01-05") for n in range(50_000)])
    groups = bench.rows(
        f"SELECT row_group_num_rows, stats_min, stats_max FROM parquet_metadata('{bench.part}') "
        "WHERE path_in_schema = '_id'"
    )
    assert groups == [(20480, "1", "20480"), (20480, "20481", "40960"), (9040, "40961", "50000")]
    codecs = f"SELECT DISTINCT compression FROM parquet_metadata('{bench.part}')"
    assert bench.rows(codecs) == [("ZSTD",)]


def test_a_bad_cell_is_empty_and_found_with_the_row_of_the_source(bench):
    made = bench.make(COLUMNS, [("a", "12.345", "2024-01-05"), ("b", "1", "2024-02-30")])
    assert bench.rows() == [(1, "a", None, date(2024, 1, 5)), (2, "b", Decimal(1), None)]
    assert made.first == (
        CellFinding(2, "金额", Rule.SCALE, "12.345"),
        CellFinding(3, "日期", Rule.DATE, "2024-02-30"),
    )
    assert made.summary.counts == (Counted(Rule.SCALE, "金额", 1), Counted(Rule.DATE, "日期", 1))


def test_a_row_with_a_bad_key_is_left_out_and_the_first_of_two_stays(bench):
    rows = [("b", "1", None), (None, "2", None), ("a", "3", None), ("b", "4", None)]
    made = bench.make(COLUMNS, rows)
    assert bench.rows("SELECT 编号, 金额 FROM t") == [("a", Decimal(3)), ("b", Decimal(1))]
    assert (made.summary.rows, made.summary.left_out, made.summary.bad_rows) == (4, 2, 2)
    assert made.first == (
        CellFinding(3, "编号", Rule.KEY_EMPTY, None),
        CellFinding(5, "编号", Rule.KEY_TWICE, "b"),
    )


def test_a_key_of_two_columns_is_there_twice_where_both_are(bench):
    year = Column("年", Kind.INTEGER, key=True, nullable=False, declared=True)
    made = bench.make((KEY, year), [("a", "1"), ("a", "2"), ("a", "01")])
    assert [one.value for one in made.first] == ["a + 1"]


def test_a_row_of_another_width_is_left_out_and_found(bench):
    path = write(bench.folder / "rows.csv", ["编号", "金额", "日期"], [("a", "1", None)])
    with path.open("a", encoding="utf-8") as file:
        file.write('"7","b"\n"8","c","1","2024-01-05","x"\n"9","d",,\n')
    made = bench.of(path, COLUMNS)
    assert bench.rows("SELECT 编号 FROM t") == [("a",), ("d",)]
    assert [(one.row, one.rule) for one in made.first] == [(7, Rule.WIDTH), (8, Rule.WIDTH)]
    assert (made.summary.rows, made.summary.left_out) == (4, 2)


def test_all_findings_stand_in_a_csv_with_sentences_and_without_formulas(bench):
    bench.make(COLUMNS, [("a", "=1+1", None), ("b", "-3.456", None)], marked=1)
    with bench.found.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[:4] for row in rows] == [
        ["行号", "列", "规则", "值"],
        ["2", "金额", "not_number", "'=1+1"],
        ["3", "金额", "wrong_scale", "-3.456"],
    ]
    assert "应为数字" in rows[1][4]
    assert "must be a number" in rows[1][5]


def test_only_so_many_findings_are_kept_one_by_one_and_all_are_counted(bench):
    made = bench.make(COLUMNS, [(str(n), "x", None) for n in range(100)], marked=10)
    assert (len(made.first), made.summary.bad_cells) == (10, 100)


@pytest.mark.parametrize(("bad", "stands"), [(10, True), (11, False)])
def test_too_many_bad_rows_make_no_version(bench, bad, stands):
    rows = [(str(n), "x" if n < bad else "1", None) for n in range(100)]
    made = bench.make(COLUMNS, rows, bad_percent=10)
    assert bool(made.version) == bench.part.exists() == stands
    assert made.summary.bad_rows == bad


def test_a_file_without_rows_makes_no_version(bench):
    assert bench.make(COLUMNS, []).version is None


def test_columns_that_are_not_asked_for_are_not_read(bench):
    secret = "370102199001011234"
    path = write(bench.folder / "rows.csv", ["编号", "身份证号"], [("a", secret)])
    bench.of(path, [KEY])
    written = bench.part.read_bytes()
    assert "身份证号".encode() not in written
    assert secret.encode() not in written


def test_undeclared_columns_are_guessed_over_all_their_values(bench):
    columns = [Column("编码"), Column("数"), Column("late")]
    rows = [(f"{n:05}", str(n), str(n) if n < 2_500 else "n/a") for n in range(3_000)]
    made = bench.make(columns, rows)
    assert [one.kind for one in made.version.columns] == [Kind.TEXT, Kind.INTEGER, Kind.TEXT]
    assert bench.rows("SELECT 编码, 数, late FROM t WHERE _id = 3000") == [("02999", 2999, "n/a")]


def test_odd_texts_and_names_come_through_as_they_are(bench):
    name = "a\"b'; DROP TABLE x --，\n列"
    rows = [('x"y',), ("NULL",), ("",), ("多\n行",), ("\U00020000",)]
    bench.make([Column(name, declared=True)], rows)
    assert [text for _, text in bench.rows()] == [row[0] for row in rows]
    assert bench.rows(f"SELECT name FROM parquet_schema('{bench.part}')")[2] == (name,)


def test_a_file_that_is_no_normalised_one_is_named(bench):
    path = bench.folder / "rows.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(Unreadable, match="无法读取"):
        bench.of(path, COLUMNS)


def test_a_table_beyond_its_room_is_named_and_leaves_nothing_behind(bench):
    rows = [(f"{n:09}", "1.5", "2024-01-05") for n in range(400_000)]
    with pytest.raises(TooLarge):
        bench.make(COLUMNS, rows, memory=16, temporary=1)
    assert list((bench.folder / "temporary").iterdir()) == []


class Told(Exception):
    """The watch ends the making."""


def test_a_watch_ends_the_making_at_once_and_leaves_no_temporary_file(bench):
    shares = []

    def watch(share):
        shares.append(share)
        if share >= 0.1:
            raise Told

    with pytest.raises(Told):
        bench.make(COLUMNS, [(f"{n:09}", "1.5", "2024-01-05") for n in range(300_000)], watch)
    assert shares == sorted(shares)
    assert list((bench.folder / "temporary").iterdir()) == []
    assert not bench.part.exists()
