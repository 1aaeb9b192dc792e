"""Departments and topics: ids, names and regions derived on the server."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.catalog import identifier
from ckanext.sdopen.tests.catalog.examples import PROVIDER_CODE, as_site, department, editor_of

pytestmark = pytest.mark.usefixtures("clean_portal")


def refused(action: str, **payload) -> dict:
    with pytest.raises(tk.ValidationError) as error:
        call_action(action, as_site(), **payload)
    return error.value.error_dict


def test_a_department_gets_id_name_and_level_from_region_and_credit_code():
    made = department(
        "山东省医疗保障局",
        "370000",
        provider_code=PROVIDER_CODE,
        former_names="省医保办，省新农合办",
    )
    assert made["id"] == identifier.department_id("370000", PROVIDER_CODE)
    assert made["name"] == f"d-370000-{PROVIDER_CODE.lower()}"
    assert made["level"] == "province"
    assert made["former_names"] == ["省医保办", "省新农合办"]


def test_a_department_without_a_credit_code_is_known_by_its_title():
    made = department("佛山市 统计局", "440600")
    assert made["id"] == identifier.department_id("440600", "佛山市 统计局")
    assert made["level"] == "city"
    again = refused("organization_create", title="佛山市 统计局", region="440600")
    assert made["name"] in again["title"][0]


def test_a_data_authority_cannot_choose_ids_of_departments():
    authority = department("山东省大数据局", "370000", is_authority=True)
    user = editor_of(authority, "admin")
    context = {"user": user["name"], "ignore_auth": False}
    made = call_action(
        "organization_create",
        context,
        id="00000000-0000-4000-8000-000000000000",
        name="my-own-name",
        title="济南市气象局",
        region="370100",
    )
    assert made["id"] == identifier.department_id("370100", "济南市气象局")
    assert made["name"] == identifier.department_name("370100", "济南市气象局")


def test_an_update_keeps_id_and_name_and_shows_values_as_they_are_meant():
    made = department("威海市海洋局", "371000", is_authority="false", kind="government")
    patch = {"title": "威海市海洋发展局", "name": "other"}
    call_action("organization_patch", as_site(), id=made["id"], **patch)
    changed = call_action("organization_show", id=made["id"])
    assert (changed["id"], changed["name"]) == (made["id"], made["name"])
    assert changed["title"] == "威海市海洋发展局"
    assert changed["is_authority"] is False
    assert model.Group.get(made["id"]).extras["is_authority"] == "false"


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"region": "370100"}, "title"),
        ({"title": "某局"}, "region"),
        ({"title": "某局", "region": "999999"}, "region"),
        ({"title": "某局", "region": "370100", "provider_code": "123"}, "provider_code"),
        ({"title": "某局", "region": "370100", "level": "village"}, "level"),
    ],
)
def test_a_wrong_department_is_refused(payload, field):
    assert list(refused("organization_create", **payload)) == [field]


def test_a_system_administrator_may_name_a_department():
    made = factories.Organization(name="named-by-hand", region="370000")
    assert made["name"] == "named-by-hand"


def test_a_topic_is_named_by_its_code_and_titled_by_the_list():
    made = call_action("group_create", as_site(), name="ocean", type="topic")
    assert (made["name"], made["title"]) == ("ocean", "海洋")
    assert "credit" in refused("group_create", name="weather", type="topic")["name"][0]
