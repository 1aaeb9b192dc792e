"""Loads of linked files, loads that the gate holds, and questions while the reader is away."""

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.breaker.table_reader import circuit
from ckanext.sdopen.entries import gate
from ckanext.sdopen.jobs import leases, queues
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.table_publishing.loading import kept, progress, settings
from ckanext.sdopen.tests.fetching.corpus.servers import OPEN, answer, serving
from ckanext.sdopen.tests.table_publishing.loading.corpus.handed_in import (
    ROWS,
    as_user,
    csv_of,
    entry,
    replace,
    rows_of,
    shown,
    upload,
)


class _Reviewer:
    """A plugin that reviews: all waits, and it notes what it was asked."""

    def __init__(self):
        self.asked = []

    def decide(self, asked, permissions):
        self.asked += asked
        return [gate.Verdict(gate.PENDING) if one.act == gate.TABLE else None for one in asked]

    def keep_pending(self, asked, permissions):
        assert [one.act for one in asked] == [gate.TABLE]

    def after_bulk(self, entry_ids):
        """Nothing."""


def test_a_linked_file_is_loaded_when_asked_and_nothing_inside_is_reached(
    officer, loaded, monkeypatch
):
    with serving(answer(csv_of())) as server:
        asked = {"name": "名录", "url": server.address("/名录.csv")}
        given = call_action("resource_create", as_user(officer), package_id=entry(1)["id"], **asked)
        assert loaded() == 0
        call_action("sdopen_table_load", as_user(officer), resource_id=given["id"])
        assert loaded() == 1
        assert OPEN in shown(officer, given)["last"]["refused"]
        assert server.requests == []
        monkeypatch.setitem(tk.config, "ckanext.sdopen.fetching.networks", [f"{OPEN}/32"])
        call_action("sdopen_table_load", as_user(officer), resource_id=given["id"])
        loaded()
    assert len(rows_of(None, given)) == 3
    assert shown(officer, given)["last"]["source"]["file"] == "名录.csv"


def test_what_the_gate_holds_is_not_published(officer, loaded, monkeypatch):
    given = upload(officer, entry(2)["id"], csv_of(ROWS[:1]), "名录.csv")
    loaded()
    replace(officer, given, csv_of(), "名录.csv")
    plugin = _Reviewer()
    monkeypatch.setattr(gate, "PluginImplementations", lambda _: [plugin])
    loaded()
    assert [one.record["resource_id"] for one in plugin.asked] == [given["id"]]
    assert "没有发布" in kept.last(given["id"]).refused["zh"]
    assert len(rows_of(None, given)) == 1


def test_who_may_not_change_the_entry_any_more_publishes_nothing(officer, loaded):
    given = upload(officer, entry(3)["id"], csv_of(), "名录.csv")
    account = model.User.get(officer["name"])
    account.state = model.State.DELETED
    model.Session.commit()
    try:
        loaded()
    finally:
        account = model.User.get(officer["id"])
        account.state = model.State.ACTIVE
        model.Session.commit()
    found = shown(officer, given)
    assert (found["version"], found["load"]["state"]) == (None, "failed")


def test_a_cancelled_load_publishes_nothing(officer, loaded, monkeypatch):
    given = upload(officer, entry(4)["id"], csv_of(), "名录.csv")
    job = shown(officer, given)["load"]["id"]
    real = progress.Progress.stage

    def cancelling(self, name, begin, end):
        if name == "making":
            assert leases.cancel(job)
        real(self, name, begin, end)

    monkeypatch.setattr(progress.Progress, "stage", cancelling)
    loaded()
    assert queues.find(job).state == State.CANCELLED
    assert shown(officer, given)["version"] is None
    settings.forget_work(job)


def test_while_the_reader_is_away_questions_are_answered_503(
    officer, loaded, portal_app, monkeypatch
):
    given = upload(officer, entry(5)["id"], csv_of(), "名录.csv")
    loaded()
    monkeypatch.setenv("SDOPEN_TABLES_URL", "http://127.0.0.1:9")
    address = f"/api/3/action/sdopen_table_query?resource_id={given['id']}"
    try:
        assert portal_app.get(address).status_code == 503
    finally:
        circuit.succeeded()
    monkeypatch.undo()
    assert portal_app.get(address).status_code == 200
