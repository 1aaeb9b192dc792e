"""Departments and topics: ids, names and regions derived on the server."""

import threading

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.tests.corpus.examples import PROVIDER_CODE, as_site, department, editor_of

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
    assert made["id"] == ids.department_id("370000", PROVIDER_CODE)
    assert made["name"] == f"d-370000-{PROVIDER_CODE.lower()}"
    assert made["level"] == "province"
    assert made["former_names"] == ["省医保办", "省新农合办"]


def test_a_department_without_a_credit_code_is_known_by_its_title():
    made = department("佛山市 统计局", "440600")
    assert made["id"] == ids.department_id("440600", "佛山市 统计局")
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
    assert made["id"] == ids.department_id("370100", "济南市气象局")
    assert made["name"] == ids.department_name("370100", "济南市气象局")


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
        ({"title": ["某局"], "region": "370100"}, "title"),
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


def as_user(user: dict) -> dict:
    return {"user": user["name"], "ignore_auth": False}


def test_a_region_has_one_data_authority():
    first = department("日照市大数据局", "371100", is_authority=True)
    said = refused("organization_create", title="日照市数据局", region="371100", is_authority=True)
    assert first["title"] in said["is_authority"][0]
    second = department("日照市行政审批局", "371100")
    change = {"id": second["id"], "is_authority": True}
    assert list(refused("organization_patch", **change)) == ["is_authority"]
    call_action("organization_patch", as_site(), id=first["id"], is_authority=False)
    call_action("organization_patch", as_site(), **change)
    assert call_action("organization_show", id=second["id"])["is_authority"] is True


def test_two_departments_cannot_become_the_authority_at_the_same_moment(portal_app):
    site, answers, together = as_site(), [], threading.Barrier(2)

    def create(title: str) -> None:
        with portal_app.flask_app.test_request_context():
            together.wait()
            try:
                payload = {"title": title, "region": "370700", "is_authority": True}
                call_action("organization_create", {**site}, **payload)
                answers.append("made")
            except tk.ValidationError as error:
                answers.extend(error.error_dict)
            finally:
                model.Session.remove()

    threads = [threading.Thread(target=create, args=(f"潍坊市数据局{n}",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["is_authority", "made"]
    region = model.Group.extras["region"].astext == "370700"
    marked = model.Group.extras["is_authority"].astext == "true"
    assert model.Session.query(model.Group).filter(region, marked).count() == 1


def test_an_administrator_of_a_department_makes_it_no_authority_and_moves_it_nowhere():
    bureau = department("历城区统计局", "370112")
    chief = editor_of(bureau, "admin")
    for field, value in (("is_authority", True), ("region", "370000")):
        with pytest.raises(tk.ValidationError) as refusal:
            call_action("organization_patch", as_user(chief), id=bureau["id"], **{field: value})
        assert list(refusal.value.error_dict) == [field]
    call_action("organization_patch", as_user(chief), id=bureau["id"], kind="government")
    assert call_action("organization_show", id=bureau["id"])["kind"] == "government"


def test_an_authority_creates_departments_of_its_own_region_only():
    county = editor_of(department("商河县大数据局", "370126", is_authority=True), "admin")
    made = call_action(
        "organization_create", as_user(county), title="商河县水务局", region="370126"
    )
    assert made["region"] == "370126"
    with pytest.raises(tk.ValidationError) as refusal:
        call_action("organization_create", as_user(county), title="某市水务局", region="371300")
    assert list(refusal.value.error_dict) == ["region"]


def test_a_renamed_department_keeps_its_former_names():
    bureau = department("山东省旅游局", former_names="省旅游事业管理局")
    call_action("organization_patch", as_site(), id=bureau["id"], title="山东省旅游发展委员会")
    call_action("organization_update", as_site(), id=bureau["id"], title="山东省文化和旅游厅")
    shown = call_action("organization_show", id=bureau["id"])
    assert shown["former_names"] == ["省旅游事业管理局", "山东省旅游局", "山东省旅游发展委员会"]
    call_action("organization_patch", as_site(), id=bureau["id"], title="山东省旅游局")
    back = call_action("organization_show", id=bureau["id"])
    assert back["former_names"] == [
        "省旅游事业管理局",
        "山东省旅游发展委员会",
        "山东省文化和旅游厅",
    ]


def test_a_department_that_moves_gets_the_level_and_the_authority_of_its_new_region():
    city = department("济南市大数据局", "370100", is_authority=True)
    bureau = department("莱芜高新区管委会", "370116")
    call_action("organization_patch", as_site(), id=bureau["id"], region="370100")
    shown = call_action("organization_show", id=bureau["id"])
    assert (shown["region"], shown["level"]) == ("370100", "city")
    assert [group["name"] for group in shown["groups"]] == [city["name"]]
    assert (shown["id"], shown["name"]) == (bureau["id"], bureau["name"])


def governed_by(organization: dict) -> list[str]:
    return [
        group["name"] for group in call_action("organization_show", id=organization["id"])["groups"]
    ]


def test_departments_follow_when_their_region_gets_and_loses_its_authority():
    city = department("淄博市大数据局", "370300", is_authority=True)
    bureau = department("张店区统计局", "370303")
    assert governed_by(bureau) == [city["name"]]
    county = department("张店区大数据局", "370303", is_authority=True)
    assert governed_by(bureau) == [county["name"]]
    assert governed_by(county) == [city["name"]]
    call_action("organization_patch", as_site(), id=county["id"], is_authority=False)
    assert governed_by(bureau) == [city["name"]]
    call_action("organization_patch", as_site(), id=county["id"], is_authority=True)
    call_action("organization_delete", as_site(), id=county["id"])
    assert governed_by(bureau) == [city["name"]]
