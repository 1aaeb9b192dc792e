"""The end of a run of bulk writes."""

from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from ckanext.sdopen.bulk import commit_actions
from ckanext.sdopen.tests.corpus.examples import authority

pytestmark = pytest.mark.usefixtures("clean_portal")


def waited(monkeypatch: pytest.MonkeyPatch, wait: Any) -> float:
    """The seconds that a caller who asks for these is kept waiting at most."""
    asked: list[float] = []
    monkeypatch.setattr(
        commit_actions.drainer, "drain_until", lambda _, most: asked.append(most) or 0
    )
    user = authority()["name"]
    answer = tk.get_action("sdopen_bulk_commit")({"user": user}, {"wait": wait})
    assert answer["searchable"] is True
    return asked[0]


@pytest.mark.parametrize(
    ("wait", "most"),
    [(0, 0), (None, 60), ("10", 10), (60, 60), (61, 60), (10**12, 60), ("9" * 5000, 60)],
)
def test_nobody_waits_longer_than_the_portal_lets(monkeypatch, wait, most):
    assert waited(monkeypatch, wait) == most


@pytest.mark.parametrize("wait", [-1, "1.5", "soon", "²", True, [1]])
def test_a_wait_that_is_no_number_of_seconds_is_refused(monkeypatch, wait):
    with pytest.raises(tk.ValidationError) as refused:
        waited(monkeypatch, wait)
    assert list(refused.value.error_dict) == ["wait"]
