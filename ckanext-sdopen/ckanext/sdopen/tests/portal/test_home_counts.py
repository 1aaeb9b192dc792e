"""The counters of the home page are asked for once, however many visitors come."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from ckanext.sdopen.portal import home_counts


@pytest.fixture
def asked(monkeypatch, ckan_config):
    """How often the index was asked; each answer takes a moment."""
    noted: list[int] = []

    def slow() -> home_counts.Counts:
        noted.append(1)
        time.sleep(0.2)
        return home_counts.Counts(len(noted), 0, 0)

    monkeypatch.setattr(home_counts, "_asked", slow)
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.portal.counts_seconds", 60)
    home_counts.forget()
    yield noted
    home_counts.forget()


def test_visitors_who_come_together_wait_for_one_answer(asked):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: home_counts.public_counts(), range(8)))
    assert {one.catalogs for one in found} == {1}
    assert len(asked) == 1


def test_the_setting_says_how_long_they_are_kept(asked, monkeypatch, ckan_config):
    home_counts.public_counts()
    home_counts.public_counts()
    assert len(asked) == 1
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.portal.counts_seconds", 0)
    home_counts.forget()
    home_counts.public_counts()
    home_counts.public_counts()
    assert len(asked) == 3
