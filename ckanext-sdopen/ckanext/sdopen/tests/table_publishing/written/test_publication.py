"""What clients write becomes a version when it is published; a setting says who reads it before."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.entries import gate
from ckanext.sdopen.jobs import leases
from ckanext.sdopen.jobs.model import jobs
from ckanext.sdopen.tables import history
from ckanext.sdopen.tables.columns import Kind
from ckanext.sdopen.tests.table_publishing.loading.corpus.handed_in import as_user, shown

RECORDS = (
    {
        "编号": "003",
        "name": "便民大药房",
        "人数": 7,
        "注册资本": "1200.5",
        "成立日期": "2021-03-04",
    },
    {"编号": "001", "name": "济南第一药店", "人数": 12, "注册资本": None, "成立日期": None},
)
SETTING = "ckanext.sdopen.tables.written_tables"


class _Reviewer:
    """A plugin that reviews: tables wait."""

    def decide(self, asked, permissions):
        return [gate.Verdict(gate.PENDING) if one.act == gate.TABLE else None for one in asked]

    def keep_pending(self, asked, permissions):
        """Nothing."""


def publish(user, table):
    return call_action("sdopen_table_publish", as_user(user), resource_id=table)


def rows(user, table):
    asked = {"resource_id": table, "records_format": "lists", "sort": "编号"}
    return [row[1:] for row in call_action("datastore_search", as_user(user), **asked)["records"]]


def test_the_working_copy_becomes_a_version_by_the_items(write, officer, worked):
    table = write(RECORDS)
    job = publish(officer, table)
    assert publish(officer, table) == job
    assert worked() == 1
    found = history.current(table)
    assert [(one.name, one.kind) for one in found.version.columns] == [
        ("编号", Kind.TEXT),
        ("名称", Kind.TEXT),
        ("人数", Kind.INTEGER),
        ("注册资本", Kind.NUMBER),
        ("成立日期", Kind.DATE),
    ]
    asked = {"resource_id": table, "query": {"ask": "rows"}}
    answer = call_action("sdopen_table_query", as_user(None), **asked)
    assert answer["rows"][0][1:] == ["001", "济南第一药店", 12, None, None]
    told = shown(officer, {"id": table})
    assert (told["written"], told["load"]["state"], told["last"]["number"]) == (True, "done", 1)


def test_what_is_written_later_is_read_live_and_published_with_the_next_version(
    write, officer, worked, monkeypatch
):
    table = write(RECORDS, primary_key="编号")
    publish(officer, table)
    worked()
    row = {"编号": "001", "name": "济南第一大药店"}
    call_action("datastore_upsert", as_user(officer), resource_id=table, records=[row])
    assert rows(None, table)[0][1] == "济南第一大药店"
    monkeypatch.setitem(tk.config, SETTING, "published")
    assert rows(None, table)[0][1] == "济南第一药店"
    assert rows(officer, table)[0][1] == "济南第一大药店"
    publish(officer, table)
    worked()
    assert rows(None, table)[0][1] == "济南第一大药店"
    assert history.current(table).number == 2


def test_a_table_that_was_never_published_is_for_its_editors_where_the_setting_says_so(
    write, officer, portal_app, monkeypatch
):
    table = write(RECORDS)
    monkeypatch.setitem(tk.config, SETTING, "published")
    with pytest.raises(tk.ObjectNotFound, match="not published"):
        rows(None, table)
    assert len(rows(officer, table)) == 2
    for address in ("/datastore/dump/{}", "/api/3/action/datastore_info?id={}"):
        assert portal_app.get(address.format(table)).status_code == 404


def test_values_that_break_the_items_are_findings_as_in_a_file(write, officer, worked):
    wrong = [{"编号": f"{n:03}", "name": "x" * 60, "人数": 1} for n in range(5)]
    table = write(wrong)
    publish(officer, table)
    worked()
    assert history.current(table) is None
    told = shown(officer, {"id": table})
    assert "5 行中有 5 行有问题" in told["last"]["refused"]
    assert {one["rule"] for one in told["last"]["summary"]["counts"]} == {"too_long"}


def test_types_that_no_item_declares_are_those_of_the_database(write, officer, worked):
    fields = [
        {"id": "编号", "type": "text"},
        {"id": "代码", "type": "text"},
        {"id": "时间", "type": "timestamptz"},
        {"id": "是否", "type": "bool"},
        {"id": "附件", "type": "json"},
        {"id": "标签", "type": "_text"},
    ]
    row = {"编号": "1", "代码": "12", "时间": "2026-01-02T00:00:00Z", "是否": True}
    more = {"附件": {"a": 1}, "标签": ["甲", "乙"]}
    table = write([{**row, **more}], fields)
    publish(officer, table)
    worked()
    kinds = [one.kind for one in history.current(table).version.columns][1:]
    assert kinds == [Kind.TEXT, Kind.DATETIME, Kind.BOOLEAN, Kind.TEXT, Kind.TEXT]
    query = {"ask": "rows", "fields": ["代码", "时间", "附件", "标签"]}
    answer = call_action("sdopen_table_query", as_user(None), resource_id=table, query=query)
    code, moment, nested, tags = answer["rows"][0][-4:]
    assert (code, moment[:19].replace("T", " ")) == ("12", "2026-01-02 08:00:00")
    assert (nested.replace(" ", ""), tags) == ('{"a":1}', '["甲","乙"]')


def test_who_may_not_change_the_entry_does_not_publish(write):
    table = write(RECORDS)
    with pytest.raises(tk.NotAuthorized):
        publish(None, table)


def test_nothing_to_publish_a_publication_under_way_and_a_gate_are_said(
    write, officer, catalog, worked, monkeypatch
):
    asked = {"package_id": catalog["id"], "name": "空", "url": "https://data.example/1.pdf"}
    empty = call_action("resource_create", as_user(officer), **asked)
    with pytest.raises(tk.ValidationError, match="datastore_create"):
        publish(officer, empty["id"])
    table = write(RECORDS)
    job = publish(officer, table)["job"]
    model.Session.execute(jobs.update().where(jobs.c.id == job).values(state="running"))
    model.Session.commit()
    with pytest.raises(tk.ValidationError, match="being published"):
        publish(officer, table)
    leases.cancel(job)
    publish(officer, table)
    monkeypatch.setattr(gate, "PluginImplementations", lambda _: [_Reviewer()])
    worked()
    assert history.current(table) is None
    assert "没有发布" in shown(officer, {"id": table})["last"]["refused"]


def test_no_client_runs_triggers(write, officer):
    table = write(RECORDS)
    with pytest.raises(tk.ValidationError, match="triggers"):
        call_action("datastore_run_triggers", as_user(officer), resource_id=table)


def test_a_client_removes_its_table_with_its_versions(write, officer, worked):
    table = write(RECORDS)
    publish(officer, table)
    worked()
    call_action("datastore_delete", as_user(officer), resource_id=table)
    model.Session.expire_all()
    assert history.current(table) is None
