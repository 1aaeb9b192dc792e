"""Settings as the rules read them."""

import pytest

from ckanext.sdopen.guard.doctor.rules.portal import Portal


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:5000", True),
        ("http://[::1]:5000", True),
        ("http://localhost", True),
        ("http://data.example.cn", False),
        ("http://10.1.2.3", False),
        ("", False),
    ],
)
def test_an_address_that_only_this_machine_reaches_is_local(address, local):
    assert Portal({"ckan.site_url": address}).is_local is local


@pytest.mark.parametrize(
    ("written", "read"),
    [(True, True), ("true", True), ("on", True), (False, False), ("false", False), (None, False)],
)
def test_yes_and_no_are_read_however_they_are_written(written, read):
    assert Portal({"debug": written}).says("debug") is read


def test_what_is_no_number_counts_as_none():
    assert Portal({"a": "many"}).number("a") == Portal({}).number("a") == 0
    assert Portal({"a": "7"}).number("a") == 7
