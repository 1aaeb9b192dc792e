"""Filters of a search as conditions on rows: what they say, and what they refuse to guess."""

import pytest
from sqlalchemy.dialects import postgresql

from ckanext.sdopen.search.without_index.row_filters import Unanswerable, conditions


def said(*filters):
    dialect = postgresql.dialect()
    how = {"literal_binds": True}
    return [str(one.compile(dialect=dialect, compile_kwargs=how)) for one in conditions(filters)]


@pytest.mark.parametrize(
    ("filter_", "condition"),
    [
        ("dataset_type:dataset", "sdopen_entry.kind IN ('catalog')"),
        ('+region:"370100"', "sdopen_entry.region IN ('370100')"),
        ('owner_org:("a" OR "b" OR c)', "sdopen_entry.owner_org IN ('a', 'b', 'c')"),
        ('-opening:"none"', "(sdopen_entry.opening NOT IN ('none'))"),
        ('catalog:"say \\"x\\""', "sdopen_entry.serves IN ('say \"x\"')"),
        ("+capacity:public", "sdopen_entry.private IS false"),
        ("+state:(active OR draft)", "true"),
        ("+state:draft", "false"),
        ("*:*", "true"),
        ('name:{"a" TO *]', "package.name > 'a'"),
        (
            "metadata_modified:[2026-01-02T03:04:05+08:00 TO *]",
            "sdopen_entry.modified >= '2026-01-01 19:04:05'",
        ),
    ],
)
def test_a_filter_is_one_condition(filter_, condition):
    assert said(filter_) == [condition]


def test_clauses_side_by_side_all_hold():
    found = said('+dataset_type:interface AND region:"1"  sharing:"none"', 'id:"x"')
    assert found == [
        "sdopen_entry.kind IN ('interface')",
        "sdopen_entry.region IN ('1')",
        "sdopen_entry.sharing IN ('none')",
        "sdopen_entry.id IN ('x')",
    ]


@pytest.mark.parametrize(
    "filter_",
    [
        'library:"population"',
        "region:37*",
        'region:"1" OR region:"2"',
        '(region:"1")',
        'region:("1" "2")',
        'region:("1" OR "2)',
        "region:()",
        'region:("1" AND "2")',
        "metadata_modified:[NOW-1DAY TO *]",
        "region:[1 TO 2]",
        "plain words",
        'region:"1" +',
    ],
)
def test_what_rows_cannot_answer_is_not_guessed(filter_):
    with pytest.raises(Unanswerable):
        conditions([filter_])
