"""Bulk writes: what becomes of each record."""

import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.directory import outbox
from ckanext.sdopen.tests.bulk.corpus.records import CLOSED
from ckanext.sdopen.tests.bulk.corpus.sending import bulk, results, withdraw
from ckanext.sdopen.tests.corpus.counted import statements
from ckanext.sdopen.tests.corpus.examples import (
    authority,
    catalog,
    department,
    editor_of,
    interface,
)

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture
def bureau():
    return department("山东省医疗保障局")


def test_records_are_created_updated_and_left_alone(bureau):
    user = authority()
    first = catalog(bureau["id"], resource_code="307101/000001")
    made = bulk(user, [first])
    assert results(made) == ["created"], made
    assert made["way"] == "bulk"
    assert "way_reason" not in made
    assert results(bulk(user, [first])) == ["unchanged"]
    assert results(bulk(user, [{**first, "notes": "新的摘要，覆盖全省。"}])) == ["updated"]
    shown = call_action("package_show", id=made["records"][0]["id"])
    assert shown["notes"] == "新的摘要，覆盖全省。"
    assert outbox.length(10) == 1


def test_what_was_deleted_past_the_portal_is_there_again(bureau):
    user, entry = authority(), catalog(bureau["id"], resource_code="307104/000001")
    entry_id = bulk(user, [entry])["records"][0]["id"]
    model.Package.get(entry_id).state = "deleted"
    model.Session.commit()
    assert results(bulk(user, [entry])) == ["updated"]
    model.Session.expire_all()
    assert model.Package.get(entry_id).state == "active"


def test_a_cataloguer_writes_drafts(bureau):
    cataloguer = editor_of(bureau)
    made = bulk(cataloguer, [catalog(bureau["id"], resource_code="307101/000002")])
    assert results(made) == ["created"], made
    assert model.Package.get(made["records"][0]["id"]).state == "draft"


def test_a_cataloguer_does_not_change_what_is_published(bureau):
    entry = catalog(bureau["id"], resource_code="307101/000003")
    made = bulk(authority(), [entry])
    again = bulk(editor_of(bureau), [{**entry, "notes": "编目员的修改，覆盖全省。"}])
    assert results(again) == ["rejected"]
    assert again["records"][0]["findings"][0]["code"] == "not_authorized"
    assert model.Package.get(made["records"][0]["id"]).notes == entry["notes"]


def test_a_wrong_record_never_keeps_the_others_out(bureau):
    wrong = catalog(bureau["id"], resource_code="307101/000004", sharing="perhaps")
    right = catalog(bureau["id"], resource_code="307101/000005")
    answer = bulk(authority(), [wrong, right, {"type": "blog"}, right])
    assert results(answer) == ["rejected", "created", "rejected", "rejected"]
    found = [record["findings"][0] for record in answer["records"] if "findings" in record]
    assert [(one["code"], one["field"]) for one in found] == [
        ("code_unknown", "sharing"),
        ("type_unknown", "type"),
        ("record_twice", "id"),
    ]
    assert answer["counts"]["rejected"] == 3


def test_an_interface_of_the_same_batch_serves_its_catalog(bureau):
    served = catalog(bureau["id"], resource_code="307101/000006")
    serving = interface(
        bureau["id"], resource_code="307101/000007", catalog="c-370000-307101-000006"
    )
    answer = bulk(authority(), [serving, served])
    assert results(answer) == ["created", "created"], answer
    made = model.Package.get(answer["records"][0]["id"])
    assert made.extras["catalog"] == answer["records"][1]["id"]


@pytest.mark.parametrize("account", ["authority", "editor", "admin"])
def test_the_statements_of_a_batch_do_not_grow_with_its_records(bureau, account):
    chief = authority()
    user = chief if account == "authority" else editor_of(bureau, account)
    code = {"authority": "307102", "editor": "307105", "admin": "307106"}[account]

    def catalogs(numbers: range, prefix: str, **more) -> list[dict]:
        codes = (f"{prefix}/{number:06d}" for number in numbers)
        return [catalog(bureau["id"], resource_code=one, **more) for one in codes]

    def interfaces(numbers: range, prefix: str, **more) -> list[dict]:
        return [
            interface(
                bureau["id"],
                resource_code=f"{prefix}/{number + 100:06d}",
                catalog=f"c-370000-{prefix}-{number:06d}",
                **more,
            )
            for number in numbers
        ]

    def work(numbers: range, prefix: str) -> dict[str, tuple[dict, list[dict]]]:
        both = [*catalogs(numbers, prefix), *interfaces(numbers, prefix)]
        return {
            "created": (user, catalogs(numbers, prefix)),
            "interfaces created": (user, interfaces(numbers, prefix)),
            "updated": (user, [{**one, "notes": "新的摘要，覆盖全省。"} for one in both]),
            "published": (chief, [{**one, "state": "active"} for one in both]),
            "closed": (chief, catalogs(numbers, prefix, **CLOSED)),
        }

    def asked(numbers: range, prefix: str) -> dict[str, int]:
        sent, answers = {}, []
        for name, (who, records) in work(numbers, prefix).items():
            model.Session.remove()
            sent[name] = statements(lambda: answers.append(bulk(who, records)))  # noqa: B023
            assert set(results(answers[-1])) <= {"created", "updated"}, name
        ids = [record["id"] for record in answers[3]["records"]]
        who = chief if account == "editor" else user
        sent["withdrawn"] = statements(lambda: answers.append(withdraw(who, ids)))
        assert set(results(answers[-1])) == {"updated"}
        return sent

    asked(range(1), code)
    few = asked(range(1, 3), code)
    assert asked(range(10, 40), code) == few
    assert max(few.values()) < 80, few


@pytest.mark.parametrize("odd", ["a\x00b", "a\ud800b"])
def test_what_the_database_refuses_costs_one_record_and_not_the_batch(bureau, odd):
    file = {"url": "https://data.example.org/1.csv", "name": odd, "more": {"deep": [odd]}}
    listed = [
        catalog(bureau["id"], resource_code="307103/000001", resources=[file]),
        catalog(bureau["id"], resource_code="307103/000002", title=odd),
        catalog(bureau["id"], resource_code=f"307103/{10 + ord(odd[1]):06d}"),
    ]
    answer = bulk(authority(), listed, key=f"odd {ord(odd[1])}")
    assert results(answer) == ["rejected", "rejected", "created"], answer
    found = [record["findings"][0]["field"] for record in answer["records"][:2]]
    assert found == ["resources", "title"]
