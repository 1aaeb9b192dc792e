"""Departments and topics by the batch leave what organization_create and group_create leave."""

import contextlib
import json
import threading
import time
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy import event, text

from ckanext.sdopen.departments.batch.group_types import DEPARTMENT
from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.tests.bulk.corpus.differences import differences
from ckanext.sdopen.tests.corpus.examples import (
    PROVIDER_CODE,
    as_site,
    catalog,
    created,
    department,
    editor_of,
)
from ckanext.sdopen.tests.corpus.portal import empty_portal

pytestmark = pytest.mark.usefixtures("clean_portal")

FIRST: list[dict[str, Any]] = [
    {"title": "山东省统计局", "region": "370000", "kind": "government"},
    {"title": "山东省大数据局", "region": "370000", "is_authority": True},
    {"title": "山东省医疗保障局", "region": "370000", "provider_code": PROVIDER_CODE},
    {"title": "  济南市  气象局 ", "region": "370100", "former_names": "市气象台，市气象站"},
    {"title": "济南市大数据局", "region": "370100", "is_authority": "true", "level": "city"},
    {"title": "历下区统计局", "region": "370102", "level": "", "contact_phone": "0531-1"},
    {"title": "佛山市统计局", "region": "440600", "description": "简介", "level": "province"},
    {
        "title": "青岛市水务局",
        "region": "370200",
        "contact_email": "a@example.org",
        "extras": [{"key": "旧编号", "value": "7"}],
        "image_url": "https://example.org/a.png",
        "no_such_field": "x",
    },
]
SECOND: list[dict[str, Any]] = [
    {**FIRST[0], "kind": "vertical", "description": "新的简介"},
    {**FIRST[2], "title": "山东省医保局"},
    {**FIRST[3], "contact_phone": "0531-2"},
    {**FIRST[4], "is_authority": False},
    {"title": "青岛市大数据局", "region": "370200", "is_authority": True},
    FIRST[5],
]
THIRD: list[dict[str, Any]] = [
    {"id": ids.department_id("370102", "历下区统计局"), "title": "历下区统计局"}
    | {"region": "370100"},
    {**FIRST[2], "title": "山东省医疗保障局", "former_names": ["省医保办"]},
    {"title": "山东省统计局", "region": "370000", "state": "deleted"},
]
WRONG: list[dict[str, Any]] = [
    {"region": "370100"},
    {"title": "某局"},
    {"title": "某局", "region": "999999"},
    {"title": "某局", "region": "370100", "provider_code": "123"},
    {"title": "某局", "region": "370100", "level": "village"},
    {"title": "某局", "region": "370100", "kind": "x", "contact_email": "x"},
    {"title": "另一个大数据局", "region": "370000", "is_authority": True},
    {"title": "某局", "region": "370100", "is_authority": "perhaps"},
    {"title": "某局", "region": "370100", "extras": [{"key": "", "value": "x"}]},
    {"title": ["某", "局"], "region": 370100},
]


def by_actions(records: list[dict[str, Any]], user: str) -> list[list[str]]:
    """organization_update where the department is there, else organization_create."""
    refused = []
    for record in records:
        reference = record.get("id") or DEPARTMENT.named(record)
        stored = model.Session.get(model.Group, reference) if reference else None
        action = "organization_update" if stored else "organization_create"
        more = {"id": stored.id} if stored else {}
        try:
            tk.get_action(action)({"user": user}, {**record, **more})
            refused.append([])
        except tk.ValidationError as error:
            refused.append(sorted(error.error_dict))
            model.Session.rollback()
        model.Session.remove()
    return refused


def bulk(records: list[dict[str, Any]], user: str, what: str = "department", **more: Any) -> dict:
    """The answer of a batch."""
    asked = {"records": records, **more}
    answer = tk.get_action(f"sdopen_{what}_bulk_upsert")({"user": user}, asked)
    model.Session.remove()
    return answer


def by_batch(records: list[dict[str, Any]], user: str) -> list[list[str]]:
    """The fields that the findings of each record name."""
    told = bulk(records, user)["records"]
    return [sorted({f["field"] for f in one.get("findings", ())}) for one in told]


ROWS = {
    "group": "SELECT g.id, to_jsonb(g) - ARRAY['created'] FROM \"group\" g",
    "member": """SELECT m.group_id, to_jsonb(m) - ARRAY['id'] FROM member m
        WHERE m.state = 'active' ORDER BY m.table_name, m.table_id""",
    "activity": """SELECT a.object_id, to_jsonb(a) - ARRAY['id', 'timestamp'] FROM activity a
        ORDER BY a.timestamp""",
}
RANDOM = {"created", "metadata_modified"}


def snapshot(user: str) -> dict[str, Any]:
    """All that is left of groups: rows, active members, activities, what is shown."""
    names = {model.User.get(user).id: user}
    left: dict[str, Any] = {}
    for name, query in ROWS.items():
        for group, row in model.Session.connection().exec_driver_sql(query):
            if name == "activity":
                data = json.loads(row["data"])
                data.get("group", {}).pop("created", None)
                row = {**row, "data": data}
            left.setdefault(group, {}).setdefault(name, []).append(row)
    for group in list(left):
        shown = call_action("organization_show", as_site(), id=group, include_users=True)
        left[group]["shown"] = {k: v for k, v in shown.items() if k not in RANDOM}
        left[group]["shown"]["users"] = [u["name"] for u in shown["users"]]
        left[group]["shown"]["groups"] = sorted(g["name"] for g in shown["groups"])
    told = json.dumps(left, ensure_ascii=False, sort_keys=True)
    for one, name in names.items():
        told = told.replace(one, name)
    model.Session.remove()
    return json.loads(told)


def chief() -> str:
    """A system administrator who may create departments."""
    user = model.User(name="chief", email="chief@example.org", sysadmin=True)
    model.Session.add(user)
    model.Session.commit()
    return "chief"


def played(apply: Any) -> tuple[Any, Any]:
    """(what was refused, what is left) of all records on an empty portal."""
    empty_portal()
    user = chief()
    refused = [apply(records, user) for records in (FIRST, SECOND, THIRD, WRONG)]
    return refused, snapshot(user)


def test_both_ways_leave_the_same_of_every_department():
    refused, left = played(by_actions)
    assert refused[:3] == [[[]] * len(some) for some in (FIRST, SECOND, THIRD)]
    refused_by_batch, left_by_batch = played(by_batch)
    unchanged = ids.department_id("370102", "历下区统计局")
    # a record that changes nothing leaves an activity by the action, nothing by the batch
    gone = left[unchanged]["activity"].pop(1)
    assert gone["activity_type"] == "changed organization"
    found = list(differences(left, left_by_batch))
    assert not found, "\n".join(found)
    assert all(refused[3][:7])
    assert refused_by_batch == refused


def test_a_batch_is_answered_in_order_and_again_the_same(clean_portal):
    empty_portal()
    user = chief()
    records = [FIRST[1], {"title": "某局"}, FIRST[0], FIRST[0]]
    answer = bulk(records, user, key="1", run="r")
    results = [one["result"] for one in answer["records"]]
    assert results == ["created", "rejected", "created", "conflict"]
    assert answer["counts"] == {
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "conflict": 1,
        "rejected": 1,
    }
    assert answer["records"][1]["findings"][0]["field"] == "region"
    assert bulk(records, user, key="1", run="r") == answer
    again = bulk(records[:1], user, key="2")
    assert again["counts"]["unchanged"] == 1
    with pytest.raises(tk.ValidationError) as refusal:
        bulk(records[:1], user, key="1")
    assert list(refusal.value.error_dict) == ["key"]


def test_rights_are_those_of_each_department():
    empty_portal()
    county = department("商河县大数据局", "370126", is_authority=True)
    authority = editor_of(county, "admin")["name"]
    other = department("某市水务局", "371300")
    told = bulk(
        [
            {"title": "商河县水务局", "region": "370126"},
            {"title": "某市气象局", "region": "371300"},
            {"id": other["id"], "title": "改名的局", "region": "371300"},
        ],
        authority,
    )["records"]
    assert [one["result"] for one in told] == ["created", "rejected", "rejected"]
    assert told[1]["findings"][0]["field"] == "region"
    assert told[2]["findings"][0]["code"] == "not_authorized"
    nobody = editor_of(other)["name"]
    told = bulk([{"title": "某市环保局", "region": "371300"}], nobody)["records"]
    assert told[0]["findings"][0]["code"] == "not_authorized"
    with pytest.raises(tk.NotAuthorized):
        bulk([{"title": "某市环保局", "region": "371300"}], "")


def test_what_is_odd_is_refused_alone():
    empty_portal()
    user = chief()
    odd = [
        {"title": "\x00", "region": "370000"},
        {**FIRST[1], "users": [{"name": "chief"}]},
        {"id": {"a": 1}, "name": [1], "title": "某局", "region": "370000"},
        {"id": 5, "title": "某局", "region": "370000"},
        {"title": "某局", "region": "370000", "description": "简\x00介"},
        {"title": "某局", "region": "370000", "extras": [{"key": "旧编号", "value": "\ud800"}]},
        {"title": "某局", "region": "370000", "旧\x00编号": "7"},
        {"title": ["某局"], "region": "370000"},
        {"title": {"zh": "某局"}, "region": "370000"},
        {"title": "某局", "region": "370000", "description": {"a": 1}},
        {"title": "某局", "region": "370000", "extras": {"旧编号": "7"}},
        {"title": "某局", "region": "370000", "extras": ["旧编号"]},
    ]
    told = bulk([*odd, FIRST[0]], user, key="1")["records"]
    assert [one["result"] for one in told] == ["rejected"] * len(odd) + ["created"]
    fields = [one["findings"][0]["field"] for one in told[:-1]]
    assert fields[:6] == ["title", "users", "id", "id", "description", "extras"]
    assert fields[6:] == ["旧\x00编号", "title", "title", "description", "extras", "extras"]


def test_two_new_departments_of_one_id_or_name_are_one_conflict_and_no_loss():
    empty_portal()
    user, own = chief(), "0ab0ae7e-94f2-4b1a-8a9e-65a4ed9ff201"
    records = [
        {"title": "甲局", "region": "370100", "name": "one-name"},
        {"title": "乙局", "region": "370100", "name": "one-name"},
        {"title": "丙局", "region": "370100", "id": own},
        {"title": "丁局", "region": "370100", "id": own},
        {"title": "丙局", "region": "370100", "name": "another-name"},
        {"title": "丙局", "region": "370100"},
    ]
    told = bulk(records, user)["records"]
    results = [one["result"] for one in told]
    assert results == ["created", "conflict", "created", "conflict", "created", "conflict"]
    assert [one["findings"][0]["code"] for one in told[1::2]] == ["record_twice"] * 3


def test_a_name_that_another_department_bears_is_refused_as_by_the_action():
    empty_portal()
    user = chief()
    # its id is its own, its name that of its title
    record = {"title": "甲局", "region": "370100"}
    bulk([{**record, "id": "0ab0ae7e-94f2-4b1a-8a9e-65a4ed9ff201"}], user)
    refused = by_actions([record], user)
    assert refused == [["name"]]
    assert by_batch([record], user) == refused


def test_the_entries_of_a_renamed_department_wait_for_the_index():
    empty_portal()
    user = chief()
    bulk([FIRST[2]], user)
    entry = created(catalog(ids.department_id("370000", PROVIDER_CODE)))
    model.Session.execute(text("DELETE FROM sdopen_outbox"))
    model.Session.commit()
    bulk([{**FIRST[2], "title": "山东省医保局"}], user)
    waiting = model.Session.execute(text("SELECT entry_id FROM sdopen_outbox")).scalars().all()
    assert waiting == [entry["id"]]


def test_two_batches_at_the_same_moment_make_each_department_once(portal_app):
    empty_portal()
    user, counted, together = chief(), [], threading.Barrier(2)
    records = [{"title": f"第{n}处", "region": "370100"} for n in range(20)]

    def send(listed: list[dict[str, Any]]) -> None:
        with portal_app.flask_app.test_request_context():
            together.wait()
            counted.append(bulk(listed, user)["counts"])

    threads = [threading.Thread(target=send, args=(some,)) for some in (records, records[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one["created"] for one in counted) == [0, 20]
    assert sorted(one["unchanged"] for one in counted) == [0, 20]


def statements_of(records: list[dict[str, Any]], user: str) -> list[str]:
    """The statements of a batch that creates these, but for CKAN's own.

    CKAN looks for the package of every membership that is committed; the account it loads in a
    request once.
    """
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(model.meta.engine, "before_cursor_execute", note)
    try:
        assert bulk(records, user)["counts"]["created"] == len(records)
    finally:
        event.remove(model.meta.engine, "before_cursor_execute", note)
    own = ('FROM "user"', "FROM package")
    return [one for one in statements if not any(name in one for name in own)]


def test_the_statements_of_a_batch_do_not_grow_with_its_departments():
    empty_portal()
    user = chief()
    records = [{"title": f"第{n}处", "region": "370100"} for n in range(301)]
    bulk(records[:1], user)
    few = statements_of(records[1:51], user)
    began = time.process_time()
    many = statements_of(records[51:], user)
    seconds = time.process_time() - began
    assert len(many) == len(few) < 20
    # organization_create takes 50 ms of this process each, whatever else the machine does
    assert seconds < len(records) * 0.025


def test_topics_are_those_that_the_actions_make():
    wanted: list[Any] = []
    for way in ("action", "batch"):
        empty_portal()
        user = chief()
        for records in (
            [{"name": "ocean"}, {"name": "credit", "title": "信用体系"}, {"name": "weather"}],
            [{"name": "ocean", "title": "海洋与渔业", "description": "简介"}],
        ):
            if way == "batch":
                bulk(records, user, "topic")
                continue
            for record in records:
                stored = model.Group.get(record["name"])
                verb, more = ("update", {"id": stored.id}) if stored else ("create", {})
                asked = {**record, **more, "type": "topic"}
                with contextlib.suppress(tk.ValidationError):
                    tk.get_action(f"group_{verb}")({"user": user}, asked)
        wanted.append(_topics(user))
    assert list(wanted[0]) == ["credit", "ocean"]
    assert not list(differences(*wanted))


def _topics(user: str) -> dict[str, Any]:
    left: dict[str, Any] = {}
    for group in model.Session.query(model.Group).order_by(model.Group.name):
        shown = call_action("group_show", as_site(), id=group.id, include_users=True)
        random = {*RANDOM, "id", "users"}
        left[group.name] = {k: v for k, v in shown.items() if k not in random}
        left[group.name]["users"] = [one["name"] for one in shown["users"]]
        kinds = "SELECT activity_type FROM activity WHERE object_id = %s ORDER BY timestamp"
        rows = model.Session.connection().exec_driver_sql(kinds, (group.id,))
        left[group.name]["activities"] = list(rows.scalars())
    model.Session.remove()
    return left


def test_the_packages_of_a_renamed_topic_wait_for_the_index():
    empty_portal()
    user = chief()
    bulk([{"name": "ocean"}], user, "topic")
    entry = created(catalog(department("某局")["id"]))
    member = {"id": "ocean", "object": entry["id"], "object_type": "package", "capacity": "public"}
    call_action("member_create", as_site(), **member)
    model.Session.execute(text("DELETE FROM sdopen_outbox"))
    model.Session.commit()
    bulk([{"name": "ocean"}], user, "topic")
    waiting = text("SELECT entry_id FROM sdopen_outbox")
    assert model.Session.execute(waiting).scalars().all() == []
    bulk([{"name": "ocean", "title": "海洋与渔业"}], user, "topic")
    assert model.Session.execute(waiting).scalars().all() == [entry["id"]]


def test_who_makes_no_topics_makes_none_by_the_batch():
    empty_portal()
    nobody = editor_of(department("某局"))["name"]
    told = bulk([{"name": "ocean"}], nobody, "topic")["records"]
    assert told[0]["findings"][0]["code"] == "not_authorized"
