"""The figures of a search over judged queries."""

import pytest

from ckanext.sdopen.search.judging import Judged, SearchAnswer, figures, judge, load


def test_figures_count_the_first_ten_the_empty_and_the_wrong():
    queries = [
        Judged("a", "short", ("x",)),
        Judged("b", "short", ("y",)),
        Judged("c", "typo", ("z",)),
    ]
    answers = {
        "a": SearchAnswer(("1", "x"), 2),
        "b": SearchAnswer((*map(str, range(10)), "y"), 11),
        "c": SearchAnswer((), 0),
    }
    measured = figures(judge(queries, lambda token: [token], answers.__getitem__))
    assert measured["success_at_10"] == round(1 / 3, 3)
    assert measured["zero_hit"] == round(1 / 3, 3)
    assert measured["precision"] == round((1 / 2 + 1 / 11) / 2, 3)


def test_a_query_that_no_entry_answers_is_an_error_of_the_set():
    with pytest.raises(ValueError, match="no entry answers"):
        judge([Judged("a", "short", ("x",))], lambda token: [], lambda query: SearchAnswer((), 0))


def test_a_wrong_line_is_named(tmp_path):
    path = tmp_path / "set.tsv"
    path.write_text("query\tkind\trelevant\tnote\nx\tshort\t\t\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        load(path)
