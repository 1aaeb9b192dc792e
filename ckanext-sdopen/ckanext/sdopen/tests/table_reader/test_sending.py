"""Files that the reader sends: CSV and lines of JSON, whole or ended early."""

import csv
import io
import json
import time
from itertools import islice

import pytest

from ckanext.sdopen.tables import reader_client
from ckanext.sdopen.tables.query.refusals import BadQuery, Busy, TooLarge, UnknownColumn
from ckanext.sdopen.tests.table_reader.corpus.versions import ROWS, written

pytestmark = pytest.mark.usefixtures("asked")
ODD = """
SELECT unnest(['=1+1', '-1.5', '+86', '@x', 'a,"b"', 'l1\nl2', '', NULL, '\t=x']) AS "=名" """


def sent(readable, form="csv", *, safe=True, **question) -> str:
    with reader_client.export(readable, question, form, safe=safe) as blocks:
        return b"".join(blocks).decode()


def test_a_csv_file_holds_every_row_in_its_order(table):
    rows = list(csv.reader(io.StringIO(sent(table.readable))))
    assert rows[0][:3] == ["_id", "统一社会信用代码", "企业名称"]
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(1, ROWS + 1)]
    assert rows[2][4:8] == ["2015-01-02", "1979.75", "31", "2020-01-01 00:00:01"]


def test_filtered_sorted_and_chosen_columns_as_lines_of_json(table):
    question = {
        "q": "便民",
        "filters": [{"column": "_id", "op": "lte", "value": 200}],
        "sort": [{"column": "人数", "descending": True}],
        "fields": ["企业名称", "人数"],
    }
    lines = [json.loads(line) for line in sent(table.readable, "jsonl", **question).splitlines()]
    numbers = [line["人数"] for line in lines]
    assert len(lines) == 38
    assert numbers == sorted(numbers, reverse=True)
    assert set(lines[0]) == {"企业名称", "人数"}


def odd(table):
    from ckanext.sdopen.tables.query.known import Column

    other = written(table.folder, ODD)
    return reader_client.Readable(other.hash, (Column("=名", "text"),))


def test_what_a_spreadsheet_would_compute_is_marked_and_numbers_stay(table):
    rows = list(csv.reader(io.StringIO(sent(odd(table), fields=["=名"]), newline="")))
    values = [row[0] if row else "" for row in rows]
    expected = ["'=名", "'=1+1", "-1.5", "+86", "'@x", 'a,"b"', "l1\nl2", "", "", "'\t=x"]
    assert values == expected


def test_whoever_wants_the_values_as_they_are_gets_them_with_empty_and_missing_apart(table):
    text = sent(odd(table), safe=False, fields=["=名"])
    assert text.splitlines()[0] == "=名"
    assert '\n=1+1\n-1.5\n+86\n@x\n"a,""b"""\n"l1\nl2"\n""\n\n\t=x\n' in text


def test_a_refusal_comes_before_the_first_byte(table):
    with pytest.raises(UnknownColumn):
        sent(table.readable, fields=["没有"])
    with pytest.raises(BadQuery):
        sent(table.readable, ask="count")


def test_a_long_table_is_not_sorted_while_it_is_sent(table):
    from ckanext.sdopen.tables.query.known import Column

    long = written(table.folder, "SELECT range AS n FROM range(200001)")
    readable = reader_client.Readable(long.hash, (Column("n", "integer"),))
    with pytest.raises(TooLarge) as refused:
        sent(readable, sort=[{"column": "n", "descending": True}])
    assert refused.value.code == "too_many_to_sort"


def test_files_that_are_left_early_leave_the_pipe_clean_for_the_next(table):
    for _ in range(6):
        assert patiently(lambda: begun(table.readable)).startswith("_id,统一".encode())
    assert len(patiently(lambda: sent(table.readable)).splitlines()) == ROWS + 1


def begun(readable) -> bytes:
    """The first block of a file that is left then."""
    with reader_client.export(readable, {}) as blocks:
        return b"".join(islice(blocks, 1))


def patiently(asked):
    """What is asked for once the reader has ended the files that were left before."""
    # only a reader that never ends them reaches it
    last = time.monotonic() + 300
    while True:
        try:
            return asked()
        except Busy:
            assert time.monotonic() < last
            time.sleep(0.05)
