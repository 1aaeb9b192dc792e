"""Who may see an entry: all nine pairs of sharing and opening, and missing ones."""

import pytest

from ckanext.sdopen.catalog.classes import audience


@pytest.mark.parametrize(
    ("sharing", "opening", "expected"),
    [
        ("unconditional", "unconditional", "public"),
        ("conditional", "unconditional", "public"),
        ("none", "unconditional", "public"),
        ("unconditional", "conditional", "public"),
        ("conditional", "conditional", "public"),
        ("none", "conditional", "public"),
        ("unconditional", "none", "government"),
        ("conditional", "none", "government"),
        ("none", "none", "provider"),
        (None, None, "provider"),
        ("nonsense", "nonsense", "provider"),
    ],
)
def test_audience(sharing, opening, expected):
    assert audience(sharing, opening) == expected
