"""Whole numbers as parameters: one reading and one sentence for all actions."""

import re
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from ckanext.sdopen import parameters, paths
from ckanext.sdopen.parameters import whole_number

PACKAGE = Path(paths.__file__).parent
# actions whose numbers are read there, by a parameter that is out of their bounds
ASKED: dict[str, dict[str, Any]] = {
    "tag_autocomplete": {"q": "药", "limit": "-1"},
    "format_autocomplete": {"q": "csv", "limit": "many"},
    "resource_search": {"query": "name:药", "offset": -1},
    "sdopen_change_list": {"limit": 0},
    "dcat_catalog_show": {"page": "zero"},
    "sdopen_code_list": {"prefix": "307001", "limit": 1001},
    "sdopen_bulk_commit": {"wait": True},
    "organization_list": {"sort": "package_count desc", "offset": "x"},
}


@pytest.mark.parametrize(
    ("value", "number"),
    [(7, 7), ("7", 7), (" 7 ", 7), (0, 0), ("0", 0), (None, 5), ("", 5), ("007", 7)],
)
def test_a_number_is_read_from_a_number_or_a_text(value, number):
    assert whole_number({"limit": value}, "limit", 5) == number


def test_a_missing_one_is_the_default():
    assert whole_number({}, "offset", 3) == 3


@pytest.mark.parametrize(
    "value", [-1, "-1", "1.5", 1.5, "x", "²", "٣", True, [1], {"a": 1}, "1e3", 101, "9" * 5000]
)
def test_anything_else_is_refused_in_one_sentence_at_its_name(value):
    with pytest.raises(tk.ValidationError) as refused:
        whole_number({"limit": value}, "limit", 5, least=1, most=100)
    assert refused.value.error_dict == {"limit": ["Give a whole number from 1 to 100"]}


@pytest.mark.parametrize("value", [101, "9" * 5000])
def test_who_asks_for_more_than_there_may_be_gets_the_most(value):
    assert whole_number({"limit": value}, "limit", 5, most=100, capped=True) == 100


@pytest.mark.usefixtures("clean_db")
@pytest.mark.parametrize("action", ASKED)
def test_every_action_says_the_same(action: str) -> None:
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    with pytest.raises(tk.ValidationError) as refused:
        tk.get_action(action)({"user": site["name"]}, ASKED[action])
    [(name, [sentence])] = refused.value.error_dict.items()
    assert name in ASKED[action]
    assert re.fullmatch(r"Give a whole number from \d+ to \d+", sentence)


def test_no_other_module_has_a_sentence_for_whole_numbers():
    found = {
        path
        for path in PACKAGE.rglob("*.py")
        if "tests" not in path.parts
        and re.search(r"_\(\s*['\"](Give|Write) a whole number", path.read_text(encoding="utf-8"))
    }
    assert found == {Path(parameters.__file__)}
