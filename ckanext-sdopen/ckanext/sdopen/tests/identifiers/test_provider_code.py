"""The 统一社会信用代码 on two real codes."""

import pytest

from ckanext.sdopen.identifiers import provider_code


@pytest.mark.parametrize("code", ["9137130016829134XT", "91330000755918469E"])
def test_a_real_code_is_valid(code):
    assert provider_code.is_valid(code)


@pytest.mark.parametrize(
    "code",
    ["9137130016829134XU", "91330000755918496E", "913300007559184", "9137130016829134xt", ""],
)
def test_a_slip_of_the_pen_is_found(code):
    assert not provider_code.is_valid(code)


@pytest.mark.parametrize("position", range(17))
def test_a_wrong_digit_at_any_place_is_found(position):
    code = "91330000755918469E"
    other = "1" if code[position] != "1" else "2"
    assert not provider_code.is_valid(code[:position] + other + code[position + 1 :])
