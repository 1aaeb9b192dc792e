"""A harvest account makes all departments of a province, and nothing else is to be done for it."""

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy import event, text

from ckanext.sdopen.access import creators, labels
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    authority,
    catalog,
    created,
    department,
    editor_of,
)
from ckanext.sdopen.tests.corpus.planted import CLASSES, called

DEPARTMENTS = 6_000


@pytest.fixture(scope="module")
def harvester(clean_portal):
    """The harvest account: an administrator of the province's data authority."""
    return authority()


def noted():
    return model.Session.execute(text("SELECT count(*) FROM sdopen_scope_change")).scalar()


def memberships(user):
    rows = model.Session.query(model.Member).filter_by(table_id=user["id"], state="active")
    return rows.count()


def sent(user, numbers):
    records = [{"title": f"第{number}局", "region": "370100"} for number in numbers]
    return called("sdopen_department_bulk_upsert", user["name"], records=records)


def test_six_thousand_departments_give_no_membership_and_queue_no_entry(harvester):
    entry = created(catalog(department("省档案局")["id"], **CLASSES["closed"]))
    counted = []

    def count(connection, cursor, statement, *more):
        counted.append(statement)

    per_batch = []
    event.listen(model.Session.get_bind(), "before_cursor_execute", count)
    try:
        for start in range(0, DEPARTMENTS, 1_000):
            counted.clear()
            answer = sent(harvester, range(start, start + 1_000))
            assert {record["result"] for record in answer["records"]} == {"created"}
            per_batch.append(len(counted))
    finally:
        event.remove(model.Session.get_bind(), "before_cursor_execute", count)
    assert memberships(harvester) == 1
    assert len(labels.all_user_labels(model.User.get(harvester["name"]))) == 5
    assert (outbox.length(10), noted()) == (0, 0)
    assert per_batch[-1] <= per_batch[0] + 2, "a batch costs the same however many there are"
    # he acts in each of them, and reads what he may
    last = model.Session.query(model.Group).filter_by(title=f"第{DEPARTMENTS - 1}局").one()
    written = called(
        "package_create",
        harvester["name"],
        **catalog(last.id, title="最后一目", resource_code="307001/000776"),
    )
    assert called("package_show", harvester["name"], id=written["id"])["title"] == "最后一目"
    asked = {"include_private": True, "fq": "opening:none"}
    found = called("package_search", harvester["name"], **asked)["results"]
    assert [one["id"] for one in found] == [entry["id"]]


def test_one_made_by_the_action_gives_no_membership_either(harvester):
    made = called("organization_create", harvester["name"], title="单独的局", region="370200")
    assert memberships(harvester) == 1
    changed = {"id": made["id"], "title": "单独的局", "description": "新的简介"}
    called("organization_patch", harvester["name"], **changed)
    assert model.Group.get(made["id"]).description == "新的简介"


def test_who_does_not_govern_the_region_is_its_administrator_as_ckan_has_it(harvester):
    city = authority("370300")
    made = called("organization_create", harvester["name"], title="淄博某局", region="370300")
    rows = model.Session.query(model.Member).filter_by(group_id=made["id"], table_name="user")
    assert rows.count() == 0
    with creators.spared({"user": city["name"]}, "370200"):
        assert not creators.needs_none({"object": city["id"]})
    with creators.spared({"user": city["name"]}, "370300"):
        assert creators.needs_none({"object": city["id"]})
        assert not creators.needs_none({"object": harvester["id"]})
    assert not creators.needs_none({"object": city["id"]})


def test_an_account_of_four_hundred_departments_finds_by_its_own_labels(harvester):
    user = editor_of(department("很多部门的人的局"), "member")
    ids = [
        row.id
        for row in model.Session.query(model.Group.id)
        .filter(model.Group.title.like("第%局"))
        .order_by(model.Group.title)
        .limit(400)
    ]
    model.Session.execute(
        text(
            "INSERT INTO member (id, group_id, table_id, table_name, capacity, state)"
            " SELECT gen_random_uuid()::text, g, :user, 'user', 'member', 'active'"
            " FROM unnest(CAST(:ids AS text[])) g"
        ),
        {"user": user["id"], "ids": ids},
    )
    model.Session.commit()
    own = labels.user_labels(model.User.get(user["name"]))
    assert len(own) == 404
    assert not any(label.startswith("scope-") for label in own)
    inside = created(
        catalog(ids[-1], title="四百之内", resource_code="307001/000777", **CLASSES["closed"])
    )
    outside = department("别处的局")
    created(
        catalog(outside["id"], title="四百之外", resource_code="307001/000778", **CLASSES["closed"])
    )
    asked = {"include_private": True, "fq": "opening:none", "q": "四百"}
    found = called("package_search", user["name"], **asked)["results"]
    assert [one["id"] for one in found] == [inside["id"]]
    member = {"id": outside["id"], "object": user["name"], "object_type": "user"}
    call_action("member_create", as_site(), **member, capacity="member")
    assert (outbox.length(10), noted()) == (0, 0)
    assert len(called("package_search", user["name"], **asked)["results"]) == 2
