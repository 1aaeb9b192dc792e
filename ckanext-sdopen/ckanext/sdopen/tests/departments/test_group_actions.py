"""Where a department stands only its data authority settles, whichever action somebody takes."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.tests.corpus.examples import as_site, authority, department, editor_of
from ckanext.sdopen.tests.corpus.planted import called


@pytest.fixture(scope="module")
def places(clean_portal):
    """A department under the province's data authority, and the authority of a city."""
    above = authority()
    city = authority("370100")
    bureau = department("省文物局")
    other = department("370100 大数据局", "370100")
    return {"bureau": bureau, "other": other, "above": above, "city": city}


@pytest.fixture
def admin(places):
    return editor_of(places["bureau"], "admin")


def changed(action, user, organization, **change):
    """Change a department as a client does that sends back what it was shown."""
    shown = call_action("organization_show", id=organization["id"])
    return called(action, user["name"], **{**shown, **change})


def parents(organization_id):
    rows = model.Session.query(model.Member.table_id).filter_by(
        group_id=organization_id, table_name="group", state="active"
    )
    return [row.table_id for row in rows]


@pytest.mark.parametrize("action", ["member_create", "member_delete"])
def test_no_member_puts_a_department_under_another_authority(places, admin, action):
    before = parents(places["bureau"]["id"])
    assert before
    wanted = places["other"]["id"] if action == "member_create" else before[0]
    member = {"id": places["bureau"]["id"], "object": wanted, "object_type": "group"}
    with pytest.raises(tk.NotAuthorized):
        called(action, admin["name"], **member, capacity="public")
    assert parents(places["bureau"]["id"]) == before


@pytest.mark.parametrize("action", ["group_update", "organization_update"])
def test_no_change_of_a_group_does(places, admin, action):
    before = parents(places["bureau"]["id"])
    groups = [{"name": places["other"]["name"], "capacity": "public"}]
    changed(action, admin, places["bureau"], groups=groups, description=action)
    assert parents(places["bureau"]["id"]) == before
    assert model.Group.get(places["bureau"]["id"]).description == action


@pytest.mark.parametrize("action", ["group_update", "organization_update"])
@pytest.mark.parametrize("change", [{"region": "370100"}, {"is_authority": "true"}])
def test_nor_does_it_change_what_the_authority_settles(places, admin, action, change):
    with pytest.raises(tk.ValidationError):
        changed(action, admin, places["bureau"], **change)
    assert model.Group.get(places["bureau"]["id"]).extras["region"] == "370000"


def test_a_department_renamed_as_a_group_keeps_its_former_name(places, admin):
    changed("group_update", admin, places["bureau"], title="省文化遗产局")
    shown = call_action("organization_show", id=places["bureau"]["id"])
    assert "省文物局" in str(shown["former_names"])
    changed("group_update", admin, places["bureau"], title="省文物局")


def test_an_authority_deleted_as_a_group_leaves_its_departments_under_the_one_above(places):
    authority("370700")
    city = department("370700 大数据局", "370700")
    bureau = department("潍坊某局", "370700")
    assert parents(bureau["id"]) == [city["id"]]
    call_action("group_delete", as_site(), id=city["id"])
    model.Session.expire_all()
    home = department("370000 大数据局")
    assert parents(bureau["id"]) == [home["id"]]


def test_a_topic_is_changed_as_a_topic_by_either_action(places):
    topic = call_action("group_create", as_site(), name="ocean", type="topic")
    call_action("organization_update", as_site(), **{**topic, "description": "海洋"})
    assert model.Group.get("ocean").description == "海洋"
    assert parents(topic["id"]) == []
    call_action("organization_delete", as_site(), id=topic["id"])
    assert model.Group.get("ocean").state == "deleted"
