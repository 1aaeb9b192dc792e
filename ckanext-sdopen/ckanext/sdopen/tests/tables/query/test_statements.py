"""The SQL of questions: what it is made of, and what does not bind."""

import duckdb
import pytest

from ckanext.sdopen.tables.query.known import Column, Known
from ckanext.sdopen.tables.query.query import Bounds, Query
from ckanext.sdopen.tables.query.refusals import BadQuery, QueryError, as_dict, from_dict
from ckanext.sdopen.tables.query.source import Source
from ckanext.sdopen.tables.query.statements import statement
from ckanext.sdopen.tests.table_reader.corpus.versions import written

OPEN, SECRET = Column("名", "text"), Column("密", "text")


@pytest.mark.parametrize(
    "question",
    [
        {"fields": ["密"]},
        {"filters": [{"column": "密", "value": "x"}]},
        {"sort": [{"column": "密"}]},
        {"ask": "values", "values": {"column": "密"}},
    ],
)
def test_even_a_question_that_knew_a_hidden_column_would_not_bind(tmp_path, question):
    table = written(tmp_path, "SELECT '甲' AS 名, '乙' AS 密")
    forged = Query.of(question, Known((OPEN, SECRET)), Bounds())
    made = statement(forged, Source(Known((OPEN,))), str(table.path))
    with duckdb.connect() as database, pytest.raises(duckdb.BinderException):
        database.execute(made.sql, made.values)


def test_a_name_with_quotes_is_a_name_and_a_value_is_bound(tmp_path):
    odd = Column('a"; DROP TABLE t; --', "text")
    name = odd.name.replace('"', '""')
    table = written(tmp_path, f"SELECT 'x''y' AS \"{name}\"")
    question = {"filters": [{"column": odd.name, "value": "x'y"}], "q": "x'"}
    made = statement(
        Query.of(question, Known((odd,)), Bounds()), Source(Known((odd,))), str(table.path)
    )
    assert "x'y" not in made.sql
    with duckdb.connect() as database:
        assert database.execute(made.sql, made.values).fetchall() == [(1, "x'y", 1)]


def test_an_unfiltered_page_is_a_span_of_numbers_and_a_filtered_one_a_limit():
    source = Source(Known((OPEN,)))
    bare = statement(Query.of({"offset": 1000}, source.columns, Bounds()), source, "p")
    assert bare.sql.endswith('WHERE "_id" BETWEEN ? AND ?')
    assert bare.values == ("p", 1001, 1101)
    filtered = statement(Query.of({"q": "甲", "offset": 7}, source.columns, Bounds()), source, "p")
    assert filtered.sql.endswith("LIMIT 101 OFFSET 7")
    assert "ORDER BY" not in filtered.sql


@pytest.mark.parametrize(
    "columns",
    [
        [{"name": "_id", "kind": "text"}],
        [{"name": "_ID", "kind": "text"}],
        [{"name": "a\0", "kind": "text"}],
        [{"name": "", "kind": "text"}],
        [{"name": "\ud800", "kind": "text"}],
        [{"name": "a", "kind": "blob"}],
        {"name": "a"},
        ["a"],
    ],
)
def test_odd_descriptions_of_columns_are_refused(columns):
    with pytest.raises(BadQuery):
        Known.of(columns)


def test_an_error_comes_back_as_it_was_said():
    with pytest.raises(QueryError) as refused:
        Query.of({"sort": [{"column": "\ud800"}]}, Known((OPEN,)), Bounds())
    back = from_dict(as_dict(refused.value))
    assert type(back) is type(refused.value)
    assert back.sentence("zh") == refused.value.sentence("zh")
    assert back.sentence("zh").encode()
