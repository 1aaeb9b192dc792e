"""A wrong record never keeps the others of its batch out, whatever is wrong with it."""

import uuid
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from ckanext.sdopen.bulk.writing import statements
from ckanext.sdopen.entries.validation import resource_ids
from ckanext.sdopen.tests.bulk.corpus.sending import bulk, drained, results
from ckanext.sdopen.tests.corpus.examples import catalog

pytestmark = pytest.mark.usefixtures("clean_portal")


def record(bureau, number: int, **more):
    return catalog(bureau["id"], resource_code=f"307401/{number:06d}", **more)


def upload(resource_id: str) -> dict:
    return {"id": resource_id, "name": "名录", "url": "https://example.org/a", "url_type": "upload"}


def fields(answer, place: int) -> list[tuple]:
    found = answer["records"][place]["findings"]
    return [(one["field"], one["item"], one["part"]) for one in found]


def test_of_two_new_records_with_one_resource_the_second_is_refused(bureau, user):
    one, other = str(uuid.uuid4()), str(uuid.uuid4())
    answer = bulk(
        user,
        [
            record(bureau, 1, resources=[upload(one)]),
            record(bureau, 2, resources=[upload(other), upload(one)]),
            record(bureau, 3, resources=[upload(other)]),
        ],
    )
    # the id that the second does not get is free for the third
    assert results(answer) == ["created", "rejected", "created"], answer
    assert answer["records"][1]["findings"][0]["code"] == "resource_id_taken"


def test_a_record_with_one_resource_twice_is_refused(bureau, user):
    one = str(uuid.uuid4())
    answer = bulk(
        user, [record(bureau, 4, resources=[upload(one), upload(one)]), record(bureau, 5)]
    )
    assert results(answer) == ["rejected", "created"], answer


def test_two_codes_of_one_number_are_two_entries_as_they_are_singly(bureau, user):
    short = catalog(bureau["id"], resource_code="307401/6")
    answer = bulk(user, [record(bureau, 6), short, record(bureau, 7)])
    assert results(answer) == ["created"] * 3, answer
    number = text("SELECT entry_id FROM sdopen_number WHERE prefix = '307401' AND number = 6")
    # the last of them bears it
    borne = model.Session.execute(number).scalars().all()
    assert borne == [answer["records"][1]["id"]]


WRONG: dict[str, dict[str, Any]] = {
    "a size beyond all": {"size": 10**30},
    "a size of one bit too many": {"size": 2**63},
    "an id that is a list": {"id": ["x"]},
    "an id that is an object": {"id": {"a": 1}},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_resource_that_cannot_be_is_said_with_its_place(bureau, user, wrong):
    sound = {"url": "https://data.example.org/0.csv", "name": "甲"}
    odd = {"url": "https://data.example.org/1.csv", "name": "乙", **WRONG[wrong]}
    place = 30 + 2 * list(WRONG).index(wrong)
    both = [record(bureau, place, resources=[sound, odd]), record(bureau, place + 1)]
    answer = bulk(user, both)
    assert results(answer) == ["rejected", "created"], answer
    (part,) = WRONG[wrong]
    assert fields(answer, 0) == [("resources", 1, part)]
    with pytest.raises(tk.ValidationError) as refused:
        tk.get_action("package_create")({"user": user["name"], "ignore_auth": False}, both[0])
    assert set(refused.value.error_dict) == {"resources"}


@pytest.mark.parametrize("address", ["http://[x", "http://data.example.org：8080/1.csv"])
def test_an_address_that_cannot_be_read_is_left_out_and_said_with_its_place(bureau, user, address):
    sound = {"url": "https://data.example.org/0.csv", "name": "甲"}
    place = 60 + len(address)
    sent = record(bureau, place, resources=[sound, {"url": address, "name": "乙"}])
    answer = bulk(user, [sent])
    assert results(answer) == ["created"], answer
    assert fields(answer, 0) == [("resources", 1, "url")]
    entry_id = answer["records"][0]["id"]
    shown = tk.get_action("package_show")({"ignore_auth": True}, {"id": entry_id})
    assert [one["name"] for one in shown["resources"]] == ["甲"]
    context = {"user": user["name"], "ignore_auth": False}
    with pytest.raises(tk.ValidationError) as refused:
        tk.get_action("package_update")(context, {**sent, "id": entry_id})
    assert set(refused.value.error_dict["resources"][1]) == {"url"}


def test_a_large_number_in_an_element_of_no_schema_is_kept(bureau, user):
    file = {"url": "https://data.example.org/2.csv", "name": "甲", "of_theirs": 10**30}
    answer = bulk(user, [record(bureau, 20, resources=[file]), record(bureau, 21)])
    assert results(answer) == ["created", "created"], answer
    drained()
    entry_id = answer["records"][0]["id"]
    context = {"ignore_auth": True, "use_cache": False}
    shown = tk.get_action("package_show")(context, {"id": entry_id})
    assert shown["resources"][0]["of_theirs"] == 10**30


def test_what_nobody_thought_of_costs_the_guilty_record_only(bureau, user, monkeypatch):
    """As before there was a rule for it: the database itself refuses a size."""
    monkeypatch.setattr(resource_ids, "refuse_odd", lambda listed: None)
    odd = {"url": "https://data.example.org/1.csv", "name": "甲", "size": 2**63}
    sent = [record(bureau, 50 + n, tags=[{"name": "安全网"}]) for n in range(7)]
    for place in (2, 5):
        sent[place]["resources"] = [odd]
    answer = bulk(user, sent, key="net")
    wrong = ["created", "created", "rejected", "created", "created", "rejected", "created"]
    assert results(answer) == wrong
    assert answer["records"][2]["findings"][0]["code"] == "not_storable"
    drained()
    for one in answer["records"]:
        left = [
            model.Session.execute(text(query), {"id": one["id"]}).scalar()
            for query in (
                "SELECT count(*) FROM package WHERE id = :id",
                "SELECT count(*) FROM sdopen_entry WHERE id = :id",
                "SELECT count(*) FROM sdopen_number WHERE entry_id = :id",
                "SELECT count(*) FROM member WHERE table_id = :id AND state = 'active'",
                "SELECT count(*) FROM package_tag WHERE package_id = :id",
                "SELECT count(*) FROM activity WHERE object_id = :id",
            )
        ]
        assert set(left) == {1 if one["result"] == "created" else 0}
    # nothing of the first attempt stays in the way of the next
    for place in (2, 5):
        sent[place]["resources"] = [{**odd, "size": 1}]
    again = results(bulk(user, sent))
    assert [again[2], again[5]] == ["created", "created"]
    assert again.count("unchanged") == 5


def test_a_connection_that_is_lost_is_no_fault_of_a_record(bureau, user, monkeypatch):
    calls = []

    def lost(written, moment):
        calls.append(len(written))
        raise OperationalError("INSERT", {}, Exception("gone"))

    monkeypatch.setattr(statements, "write", lost)
    with pytest.raises(OperationalError):
        bulk(user, [record(bureau, 60), record(bureau, 61)])
    assert calls == [2]
