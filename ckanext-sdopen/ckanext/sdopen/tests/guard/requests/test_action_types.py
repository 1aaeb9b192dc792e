"""Which values fit which kind of parameter."""

from typing import Any

import pytest

from ckanext.sdopen.guard.requests.action_types import FITS, MOST_WHOLE, Kind, kinds, needed

EXAMPLES: dict[Kind, tuple[list[Any], list[Any]]] = {
    Kind.TEXT: (["", "a", "目录"], [1, 1.5, True, ["a"], {"a": 1}]),
    Kind.WORDS: (["", "a", 1, 1.5], [True, ["a"], {}]),
    Kind.TEXTS: (["a", ["a", "b"], [], ("a",), {"a"}], [1, [1], [["a"]], {"a": 1}]),
    Kind.LISTED: ([["a"], []], ["a", [1], {"a": 1}]),
    Kind.OBJECTS: ([[], [{"a": 1}]], [["a"], {}, "a"]),
    Kind.WHOLE: (
        [0, "0", " 10 ", MOST_WHOLE, str(MOST_WHOLE)],
        [-1, "-1", "", "ten", "1.5", 1.5, True, [1], 10**30, str(10**30), "٣", MOST_WHOLE + 1],
    ),
    Kind.NUMBER: ([-1, "-1", 0, "5"], ["--1", "-", 1.5, True, -(10**30), [1]]),
    Kind.MOMENT: (
        [0, 1.5, "1700000000", "2026-01-31", "2026-01-31T08:00:00", ""],
        [10**30, str(10**30), "1e400", "-1e12", True, ["2026"], {}],
    ),
    Kind.FLAG: (
        [True, False, 0, 1, "true", "False", "YES", " no ", "1"],
        ["", "maybe", [True], {}, 1.5],
    ),
    Kind.OBJECT: ([{}], ["{}", [], 1]),
    Kind.JSON: ([{}, "{}"], [[], 1]),
    Kind.FILTERS: ([{}, "{}", [], [{"a": 1}]], [[1], 1, True]),
    Kind.RESOURCE: ([{"package_id": "a"}], [{}, {"package_id": 1}, "a", []]),
    Kind.RESOURCES: (
        [[], [{}], [{"name": "表", "format": "CSV", "url": None}], [{"name": 2024}], "x", {"a": 1}],
        [[{"format": 1}], [{"url": ["a"]}], [{}, {"name": {}}], [{"created": str(10**30)}]],
    ),
    Kind.RELATION: (["child_of"], ["uncle_of", ["child_of"], 1]),
    Kind.JOB: (["a-b_1"], ["a b", "", 1, "任务"]),
}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_what_fits_a_kind_and_what_does_not(kind):
    fitting, others = EXAMPLES[kind]
    assert [value for value in fitting if not FITS[kind](value)] == []
    assert [value for value in others if FITS[kind](value)] == []


def test_every_kind_has_examples():
    assert set(EXAMPLES) == set(Kind)


def test_what_saves_a_record_takes_more_than_what_reads_one():
    assert kinds("package_list")["limit"] is Kind.WHOLE
    assert "limit" not in kinds("package_create")
    # a record's own fields may bear any name
    assert set(kinds("organization_create")) == set(kinds("group_create"))
    assert kinds("resource_create")["format"] is Kind.TEXT


def test_ours_read_their_numbers_themselves():
    assert "limit" not in kinds("sdopen_code_list")
    assert kinds("sdopen_code_list")["q"] is Kind.TEXT


def test_an_autocomplete_needs_words():
    assert needed("user_autocomplete") == ("q",)
    assert needed("package_list") == ()
