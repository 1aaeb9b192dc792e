"""What a start decides by itself."""

import pytest

from ckanext.sdopen.services import kept
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.serving import wants_sample
from ckanext.sdopen.services.stack import Stack


@pytest.fixture
def stack(tmp_path, monkeypatch) -> Stack:
    for name in ("CKAN_SQLALCHEMY_URL", "CKAN_DATASTORE_WRITE_URL", "CKAN_DATASTORE_READ_URL"):
        monkeypatch.delenv(name, raising=False)
    return Stack(Layout(tmp_path / "var"), 5000)


@pytest.mark.parametrize(
    ("done", "said", "expected"),
    [
        ((), None, True),
        ((), False, False),
        (("sample", "served"), None, True),
        (("served",), None, False),
        (("served",), True, True),
    ],
)
def test_a_portal_that_served_without_the_sample_stays_without_it(stack, done, said, expected):
    stack.layout.make()
    for step in done:
        kept.State(stack.layout).done(step, "yes")
    assert wants_sample(stack, said) is expected


def test_somebody_s_own_database_gets_no_sample_unasked(tmp_path, monkeypatch):
    for name in ("CKAN_SQLALCHEMY_URL", "CKAN_DATASTORE_WRITE_URL", "CKAN_DATASTORE_READ_URL"):
        monkeypatch.setenv(name, "postgresql://u:p@db.example/ckan")
    stack = Stack(Layout(tmp_path / "var"), 5000)
    assert wants_sample(stack, None) is False
    assert wants_sample(stack, True) is True
