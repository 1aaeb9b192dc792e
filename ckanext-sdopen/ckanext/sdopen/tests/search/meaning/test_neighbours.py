"""Subjects that mean much the same as a question, within what the reader may read."""

import os
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.access import audience
from ckanext.sdopen.search.meaning import model, store
from ckanext.sdopen.search.meaning.neighbours import Neighbours, neighbours

NEAR = Neighbours((("a", 0.9), ("b", 0.85), ("c", 0.6)), middle=0.1, spread=0.1)


def test_only_what_stands_out_is_near_and_what_is_close_behind_it():
    assert list(NEAR.near(3, 1.0, 5.0)) == ["a", "b"]
    assert list(NEAR.near(1, 1.0, 5.0)) == ["a"]
    assert list(NEAR.near(3, 9.0, 5.0)) == ["a", "b", "c"]
    assert not NEAR.near(3, 1.0, 9.0)
    assert not Neighbours().near(3, 1.0, 0.0)


def test_strangers_are_not_near_however_they_stand_out():
    assert not Neighbours((("a", 0.4),), middle=0.0, spread=0.01).near(3, 1.0, 1.0)


@pytest.fixture(scope="module")
def subjects(clean_portal):
    """Three entries, one of them closed."""
    boss = {"user": factories.Sysadmin()["name"]}
    owner = call_action("organization_create", dict(boss), title="济南市城管局", region="370100")
    for title, opening in (
        ("公共厕所信息", "unconditional"),
        ("环境空气质量日报", "unconditional"),
        ("洗手间内部核查", "none"),
    ):
        closed = {"closing_basis": "《条例》第十五条", "sharing": "none"}
        more = closed if opening == "none" else {"sharing": "unconditional"}
        entry: dict[str, Any] = {
            "type": "dataset",
            "source_id": "meaning",
            "source_key": title,
            "title": title,
        }
        entry |= {"notes": title, "owner_org": owner["id"], "topics": ["geography"]}
        entry |= {"opening": opening, "update_cycle": "monthly", "format_types": ["csv"]}
        entry |= {"info_items": [{"name": "名称"}], "sharing_condition": "《条例》第十五条"}
        call_action("package_create", dict(boss), **entry, **more)


def test_meanings_are_compared_within_what_the_reader_reads(subjects, tmp_path, monkeypatch):
    monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path))
    if not model.is_wanted():
        pytest.skip("the optional package of the model is not installed")
    assert not neighbours("卫生间", audience.of_everybody()).listed
    model.load()
    assert store.refresh() == 3
    assert store.refresh() == 0
    found = neighbours("卫生间", audience.of_everybody())
    assert [name for name, _ in found.listed] == ["公共厕所", "环境空气质量日报"]
    everything = neighbours("卫生间", audience.filters(None))
    assert "洗手间内部核查" in dict(everything.listed)

    on_disk = []
    monkeypatch.setattr(os, "fsync", lambda number: on_disk.append(os.fstat(number).st_size))
    whole = store.path().read_bytes()
    for broken in (b"", b"no vectors", whole[: len(whole) // 2]):
        store.path().write_bytes(broken)
        assert not neighbours("卫生间", audience.of_everybody()).listed
        assert store.refresh() == 3
        # the whole file, before it takes its name
        assert on_disk.pop() == store.path().stat().st_size


def test_the_setting_switches_it_off(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.search.meaning", False)
    assert not model.is_wanted()
    assert not neighbours("卫生间", audience.of_everybody()).listed
