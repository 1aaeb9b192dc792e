"""How many entries each step of a search finds is counted once for all pages of it."""

import pytest

from ckanext.sdopen.search import ladder, probe, vocabulary
from ckanext.sdopen.search.tiers.admission import Counted


@pytest.fixture
def asked(monkeypatch, ckan_config):
    """The filters under which steps were counted."""
    noted: list[list[str]] = []

    def count(built, filters):
        noted.append(list(filters))
        return [Counted(7, {})] * len(built.steps)

    monkeypatch.setattr(probe, "_asked", count)
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.search.step_seconds", 60)
    probe.forget()
    yield noted
    probe.forget()


def built(text):
    known = vocabulary.current()
    return ladder.build(text, known.synonyms, known.sounds)


def test_the_same_search_of_the_same_audience_is_counted_once(asked):
    found = [probe.found(built("低保"), ["+permission_labels:public"]) for _ in range(3)]
    assert found[0] == found[2]
    assert (found[0].step, found[0].exact) == ("named", 7)
    assert len(asked) == 1


def test_another_audience_or_another_search_is_counted_anew(asked):
    probe.found(built("低保"), ["a"])
    probe.found(built("低保"), ["b"])
    probe.found(built("医保"), ["a"])
    assert asked == [["a"], ["b"], ["a"]]


def test_findings_live_as_long_as_the_setting_says(asked, monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.search.step_seconds", 0)
    probe.found(built("低保"), ["a"])
    probe.found(built("低保"), ["a"])
    assert len(asked) == 2
