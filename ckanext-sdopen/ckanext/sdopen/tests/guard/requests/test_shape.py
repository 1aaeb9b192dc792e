"""Depth, length and signs of a JSON value are found by one walk."""

import pytest

from ckanext.sdopen.guard.requests.shape import Flaw, Most, flaw, flaws

MOST = Most(nesting=3, elements=4)


def nested(depth: int):
    return [nested(depth - 1)] if depth else "x"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("目录", None),
        ({"标题": ["一", 1, 1.5, None, True, "😀"]}, Flaw.LONG),
        ({"标题": ["一", 1, 1.5, None]}, None),
        ("a\x00", Flaw.ZERO),
        ({"a": [{"b": "\x00"}]}, Flaw.ZERO),
        ({"a": {"\x00": 1}}, Flaw.ZERO),
        ("\ud83d", Flaw.SURROGATE),
        # two halves that JSON did not join are no sign either
        ({"a": ["\ud83d", "\ude00"]}, Flaw.SURROGATE),
        ({"\udc00": 1}, Flaw.SURROGATE),
        ([float("inf")], Flaw.NUMBER),
        ({"a": float("nan")}, Flaw.NUMBER),
        ([10**30, -(10**30)], None),
        (nested(3), None),
        (nested(4), Flaw.DEEP),
        ([[], {}, (), "x"], None),
        (range(5), None),
        (dict.fromkeys("abcd"), None),
        (dict.fromkeys("abcde"), Flaw.LONG),
        (tuple("abcde"), Flaw.LONG),
        (b"\x00", None),
    ],
)
def test_a_value_has_this_flaw(value, found):
    assert flaw(value, MOST) is found


def test_what_is_nested_beyond_pythons_own_bound_is_walked_without_an_error():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    assert flaw(deep, MOST) is Flaw.DEEP


def test_each_parameter_is_named_with_its_flaw():
    given = {"id": "x", "q": "a\x00", "extras": [{"a": "\ud800"}], "records": [1, 2, 3, 4, 5]}
    assert dict(flaws(given, MOST)) == {
        "q": Flaw.ZERO,
        "extras": Flaw.SURROGATE,
        "records": Flaw.LONG,
    }
    assert dict(flaws({"id": "x", "filters": nested(3)}, MOST)) == {}
    assert dict(flaws({"id": "x", "filters": nested(4)}, MOST)) == {"filters": Flaw.DEEP}


def test_a_name_that_cannot_be_written_is_told_as_it_was_sent():
    assert dict(flaws({"a\x00": 1}, MOST)) == {"a\\x00": Flaw.ZERO}
    assert dict(flaws({"a\ud800": 1}, MOST)) == {"a\\ud800": Flaw.SURROGATE}


def test_too_many_parameters_are_told_of_the_whole():
    assert dict(flaws(dict.fromkeys("abcde"), MOST)) == {"input": Flaw.LONG}
