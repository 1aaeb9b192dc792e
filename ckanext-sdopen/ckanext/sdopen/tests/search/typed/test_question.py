"""What a person typed: signs part words, and four habits of librarians mean something."""

import pytest

from ckanext.sdopen.search.typed.question import Alternative, Question, read


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("水利?", "水利?"),
        ("水利 AND", "水利"),
        ("水利^2", "水利"),
        ("水利~", "水利"),
        ("<b>水利</b>&nbsp;", "水利"),
        ("http://data.example.com", "data.example.com"),
        ("2019-2020", "2019-2020"),
        ('"水利', '"水利'),
        ("不动产 && 登记", "不动产 登记"),
    ],
)
def test_signs_only_part_words(typed, words):
    assert read(typed) == Question((Alternative(words),))


@pytest.mark.parametrize("typed", ["", "AND", "???", "-", '""', "<script>alert(1)</script>", "“”"])
def test_what_has_no_word_asks_nothing(typed):
    assert not read(typed)


@pytest.mark.parametrize("typed", ['"水利工程"', "“水利工程”", "「水利工程」", "＂水利工程＂"])
def test_quotes_of_any_kind_hold_an_exact_phrase(typed):
    assert read(typed) == Question((Alternative("", ("水利工程",)),))


@pytest.mark.parametrize("typed", ["处罚 -地税", "处罚 －地税", "处罚 NOT 地税", '处罚 -"地税"'])
def test_a_leading_minus_leaves_out(typed):
    assert read(typed) == Question((Alternative("处罚"),), ("地税",))


def test_or_parts_alternatives_and_not_within_quotes():
    assert read('公交 OR "a OR b" | pm*') == Question(
        (Alternative("公交"), Alternative("", ("a OR b",)), Alternative("", (), ("pm",)))
    )
    assert read("OR 水利 OR") == read("水利")
