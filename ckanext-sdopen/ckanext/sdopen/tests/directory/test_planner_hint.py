"""The hint to PostgreSQL's planner holds for one transaction, and a setting turns it off."""

import pytest
from ckan import model
from sqlalchemy import text

from ckanext.sdopen.directory.planner_hint import by_index

SETTING = "ckanext.sdopen.directory.planner_hint"


def planner() -> list[str]:
    return [
        str(model.Session.execute(text(f"SHOW {name}")).scalar_one())
        for name in ("enable_seqscan", "jit")
    ]


@pytest.fixture(autouse=True)
def own_transaction():
    model.Session.rollback()
    yield
    model.Session.rollback()


def test_statements_go_by_index_until_the_transaction_ends():
    usual = planner()
    by_index()
    assert planner() == ["off", "off"]
    model.Session.rollback()
    assert planner() == usual
    assert usual[0] == "on"


def test_the_setting_leaves_the_planner_alone(monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, SETTING, False)
    usual = planner()
    by_index()
    assert planner() == usual
