"""Who may see an entry: all nine pairs of sharing and opening, and missing ones."""

import pytest

from ckanext.sdopen.access import visibility


def audience(sharing, opening) -> str:
    name = visibility.class_of(sharing, opening)
    seen_by = visibility.roles_that_see(visibility.PUBLISHED, name)
    if visibility.ANONYMOUS in seen_by:
        return "public"
    return "government" if visibility.GOVERNMENT in seen_by else "provider"


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
