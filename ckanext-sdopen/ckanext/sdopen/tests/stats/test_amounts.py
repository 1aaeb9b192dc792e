"""Numbers as people say them."""

import pytest

from ckanext.sdopen.stats.amounts import spoken


@pytest.mark.parametrize(
    ("number", "chinese", "english"),
    [
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (10_000, "1 万", "10,000"),
        (48_005, "4.8 万", "48,005"),
        (253_000_000, "2.53 亿", "253 million"),
        (12_345_678_900, "123.46 亿", "12.35 billion"),
    ],
)
def test_a_number_is_said_in_the_units_of_its_language(number, chinese, english):
    assert spoken(number) == chinese
    assert spoken(number, "en") == english
