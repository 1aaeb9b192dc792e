"""The forms: every element, errors at their fields, ids that stay."""

import pytest
from bs4 import BeautifulSoup, Tag
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    authority,
    catalog,
    created,
    department,
    editor_of,
    shown,
)

pytestmark = pytest.mark.usefixtures("clean_portal")

FORM = {
    "save": "save",
    "title": "定点药店名录",
    "resource_code": "307001/500001",
    "notes": "药店名称与地址。",
    "topics": ["medical", "health"],
    "tag_string": "药店,医保",
    "format_category": "spreadsheet",
    "format_types": "xlsx, CSV",
    "info_items-0-name": "药店名称",
    "info_items-0-data_type": "C",
    "info_items-0-primary_key": "true",
    # a row was removed between them, and one was left blank
    "info_items-7-name": "地址",
    "info_items-7-data_type": "C",
    "info_items-9-name": "",
    "info_items-9-data_type": "",
    "sharing": "unconditional",
    "sharing_method": "platform",
    "sharing_method_types": "file",
    "opening": "unconditional",
    "update_cycle": "monthly",
}


@pytest.fixture(scope="module")
def bureau(clean_portal):
    return department("山东省医疗保障局", "370000")


@pytest.fixture(scope="module")
def headers(bureau):
    user = editor_of(bureau)
    return {"Authorization": factories.APIToken(user=user["name"])["token"]}


@pytest.fixture(scope="module")
def publisher(bureau):
    """The headers of an administrator of the data authority."""
    return {"Authorization": factories.APIToken(user=authority()["name"])["token"]}


def form_of(answer) -> Tag:
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser").select_one("form.sd-form")


def test_the_form_asks_for_every_element_of_the_standard(portal_app, headers):
    form = form_of(portal_app.get("/dataset/new", headers=headers, status=200))
    asked = {field.get("name") for field in form.select("input, select, textarea")}
    schema = call_action("scheming_dataset_schema_show", type="dataset")
    hidden = {"id", "name", "region"} | {f"source_{n}" for n in ("id", "key", "hash")}
    hidden |= {"source_downloads", "source_views", "withdrawn_on", "withdrawn_reason"}
    wanted = {f["field_name"] for f in schema["dataset_fields"]} - hidden - {"info_items"}
    assert wanted <= asked
    assert {f"info_items-0-{name}" for name in ("name", "data_type", "data_length")} <= asked
    assert "药店" not in form.text
    assert "信息资源摘要" in form.text


def test_an_editor_creates_a_catalog_by_the_form(portal_app, bureau, headers):
    posted = {**FORM, "owner_org": bureau["id"]}
    answer = portal_app.post("/dataset/new", headers=headers, data=posted, follow_redirects=False)
    assert answer.status_code == 302
    entry = shown("c-370000-307001-500001")
    assert answer.location.endswith("/dataset/c-370000-307001-500001")
    assert entry["id"] == ids.entry_id("catalog", "370000", "307001/500001")
    assert [item["name"] for item in entry["info_items"]] == ["药店名称", "地址"]
    assert entry["info_items"][0]["primary_key"] is True
    assert entry["format_types"] == ["xlsx", "csv"]
    assert sorted(tag["name"] for tag in entry["tags"]) == ["医保", "药店"]
    assert entry["state"] == "draft"
    html = portal_app.get(answer.location, headers=headers, status=200).get_data(as_text=True)
    assert "草稿已保存" in html
    portal_app.get(answer.location, status=404)


def test_the_data_authority_publishes_by_a_button_and_the_cataloguer_has_none(
    portal_app, bureau, headers, publisher
):
    address = "/dataset/c-370000-307001-500001"
    edit = "/dataset/edit/c-370000-307001-500001"
    assert not form_of(portal_app.get(edit, headers=headers)).select("button[name=state]")
    html = portal_app.get(address, headers=publisher, status=200).get_data(as_text=True)
    assert f'action="/entry/{shown("c-370000-307001-500001")["id"]}/publish"' in html
    entry_id = shown("c-370000-307001-500001")["id"]
    portal_app.post(f"/entry/{entry_id}/publish", headers=headers, status=403)
    answer = portal_app.post(
        f"/entry/{entry_id}/publish", headers=publisher, follow_redirects=False
    )
    assert answer.location.endswith(address)
    portal_app.get(address, status=200)


def test_a_published_entry_is_closed_to_its_cataloguer_who_is_told_why(portal_app, headers):
    address = "/dataset/c-370000-307001-500001"
    html = portal_app.get(address, headers=headers, status=200).get_data(as_text=True)
    assert "/dataset/edit/" not in html
    edit = "/dataset/edit/c-370000-307001-500001"
    told = portal_app.get(edit, headers=headers, status=403).get_data(as_text=True)
    assert "由所在区域的数据主管部门发布" in told


def test_the_reason_of_a_withdrawal_is_asked_for(portal_app, headers, publisher):
    address = "/dataset/c-370000-307001-500001"
    entry_id = shown("c-370000-307001-500001")["id"]
    page = f"/entry/{entry_id}/withdraw"
    portal_app.get(page, headers=headers, status=403)
    html = portal_app.post(page, headers=publisher, data={"reason": " "}, status=200)
    assert "请说明撤回原因" in html.get_data(as_text=True)
    answer = portal_app.post(
        page, headers=publisher, data={"reason": "数据有误"}, follow_redirects=False
    )
    assert answer.location.endswith(address)
    portal_app.get(address, status=404)
    html = portal_app.get(address, headers=headers, status=200).get_data(as_text=True)
    assert "数据有误" in html
    portal_app.post(f"/entry/{entry_id}/publish", headers=publisher, follow_redirects=False)
    assert "withdrawn_reason" not in shown(entry_id)


def test_errors_stand_at_their_fields_and_nothing_that_was_typed_is_lost(
    portal_app, bureau, headers
):
    posted = {
        **FORM,
        "owner_org": bureau["id"],
        "resource_code": "307001/500002",
        "title": "",
        "opening": "none",
        "info_items-7-name": "",
        "census_stored_gb": "many",
    }
    answer = portal_app.post("/dataset/new", headers=headers, data=posted, status=200)
    form = form_of(answer)
    told = {li["data-field-label"] for li in form.select(".error-explanation li")}
    assert told == {"title", "closing_basis", "info_items", "census_stored_gb"}
    rows = form.select("[data-sd-rows] tbody tr")
    assert rows[0].select_one("input")["value"] == "药店名称"
    assert rows[1].select_one(".error-block").text
    assert form.select_one("[name=notes]").text.strip() == "药店名称与地址。"
    assert not form.select_one("[name=resource_code]").has_attr("readonly")


def test_a_spreadsheet_without_items_is_told_in_the_form(portal_app, bureau, headers):
    posted = {k: v for k, v in FORM.items() if not k.startswith("info_items")}
    posted |= {"owner_org": bureau["id"], "resource_code": "307001/500003"}
    form = form_of(portal_app.post("/dataset/new", headers=headers, data=posted, status=200))
    told = [li["data-field-label"] for li in form.select(".error-explanation li")]
    assert told == ["info_items"]


def test_an_edit_by_the_form_keeps_ids_and_what_the_form_does_not_show(
    portal_app, bureau, publisher
):
    headers = publisher
    files = [{"name": "名录", "url": "http://example.com/a.csv", "format": "CSV"}]
    entry = created(
        catalog(bureau["id"], resource_code="307001/500004", resources=files, source_views=7)
    )
    address = f"/dataset/edit/{entry['name']}"
    form = form_of(portal_app.get(address, headers=headers, status=200))
    assert form.select_one("[name=resource_code]").has_attr("readonly")
    posted = {**FORM, "owner_org": bureau["id"], "resource_code": "307001/500004"}
    posted["title"] = "定点药店名录（表单修改）"
    answer = portal_app.post(address, headers=headers, data=posted, follow_redirects=False)
    assert answer.status_code == 302
    changed = shown(entry["id"])
    assert changed["title"] == posted["title"]
    assert changed["source_views"] == 7
    assert [r["id"] for r in changed["resources"]] == [r["id"] for r in entry["resources"]]


def test_save_and_add_data_leaves_a_draft_that_its_maker_finds(
    portal_app, bureau, headers, publisher
):
    posted = {
        **FORM,
        "owner_org": bureau["id"],
        "resource_code": "307001/500005",
        "title": "定点药店名录（草稿）",
        "_ckan_phase": "dataset_new_1",
    }
    answer = portal_app.post("/dataset/new", headers=headers, data=posted, follow_redirects=False)
    assert answer.location.endswith("/dataset/c-370000-307001-500005/resource/new")
    assert model.Package.get("c-370000-307001-500005").state == "draft"
    portal_app.get("/dataset/c-370000-307001-500005/resource/new", headers=headers, status=200)
    address = "/dataset/edit/c-370000-307001-500005"
    form = form_of(portal_app.get(address, headers=publisher, status=200))
    assert form.select_one("button[name=state]")["value"] == "active"
    sent = {k: v for k, v in posted.items() if k not in ("_ckan_phase", "save")}
    sent["state"] = "active"
    portal_app.post(address, headers=headers, data=sent, follow_redirects=False)
    assert model.Package.get("c-370000-307001-500005").state == "draft"
    portal_app.post(address, headers=publisher, data=sent, follow_redirects=False)
    assert model.Package.get("c-370000-307001-500005").state == "active"


def test_an_interface_has_one_form_without_the_stage_of_data(portal_app, bureau, headers):
    answer = portal_app.get("/interface/new", headers=headers, status=200)
    form = form_of(answer)
    assert not form.select("[name=_ckan_phase]")
    assert form.select_one("[name=request_params-0-name]")
    posted = {
        "save": "save",
        "title": "药店查询",
        "resource_code": "307001/500001",
        "notes": "按名称查询。",
        "owner_org": bureau["id"],
        "topics": "medical",
        "sharing": "unconditional",
        "opening": "unconditional",
        "update_cycle": "daily",
        "http_method": "GET",
        "request_params-0-name": "name",
        "request_params-0-required": "true",
        "error_codes-0-code": "300",
        "error_codes-0-meaning": "权限认证失败",
    }
    answer = portal_app.post("/interface/new", headers=headers, data=posted, follow_redirects=False)
    assert answer.location.endswith("/interface/i-370000-307001-500001")
    entry = shown("i-370000-307001-500001")
    assert entry["error_codes"] == [{"code": "300", "meaning": "权限认证失败"}]
    assert entry["request_params"] == [{"name": "name", "required": True}]
    portal_app.get(f"/interface/edit/{entry['name']}", headers=headers, status=200)


def test_a_withdrawn_interface_is_edited_and_published_again(portal_app, bureau, headers):
    entry = shown("i-370000-307001-500001")
    call_action("package_patch", as_site(), id=entry["id"], state="active")
    call_action("sdopen_entry_withdraw", as_site(), id=entry["id"], reason="停用")
    address = f"/interface/edit/{entry['name']}"
    form = form_of(portal_app.get(address, headers=headers, status=200))
    assert str(form["action"]).endswith(entry["id"])
    assert not form.select("[name=_ckan_phase]")


def test_the_forms_of_departments_and_topics(portal_app):
    boss = factories.Sysadmin()
    headers = {"Authorization": factories.APIToken(user=boss["name"])["token"]}
    html = portal_app.get("/organization/new", headers=headers, status=200).get_data(as_text=True)
    assert "统一社会信用代码" in html
    posted = {"save": "", "title": "青岛市气象局", "region": "370200", "is_authority": "false"}
    portal_app.post("/organization/new", headers=headers, data=posted, follow_redirects=False)
    name = ids.department_name("370200", "青岛市气象局")
    html = portal_app.get(f"/organization/edit/{name}", headers=headers, status=200)
    assert "青岛市气象局" in html.get_data(as_text=True)
    html = portal_app.get("/topic/new", headers=headers, status=200).get_data(as_text=True)
    assert "企业登记监管" in html


def test_what_does_not_keep_an_entry_from_being_saved_is_said_after_the_save(
    portal_app, bureau, headers
):
    posted = {**FORM, "owner_org": bureau["id"], "resource_code": "307001/500021"}
    posted |= {"title": "有提示的目录", "update_cycle": "irregular"}
    page = portal_app.post("/dataset/new", headers=headers, data=posted)
    assert page.status_code == 200
    assert "更新周期说明" in page.body
    notices = BeautifulSoup(page.body, "html.parser").select(".flash-messages .alert")
    assert any("更新周期说明" in notice.get_text() for notice in notices)


def test_a_department_of_another_level_than_its_regions_is_saved_with_a_remark(
    portal_app, clean_portal
):
    user = factories.Sysadmin()
    token = {"Authorization": factories.APIToken(user=user["name"])["token"]}
    posted = {"save": "", "title": "高新区管委会", "region": "370100", "level": "county"}
    page = portal_app.post("/organization/new", headers=token, data=posted)
    assert page.status_code == 200
    assert "县级" in page.body
    assert "市级" in page.body
    assert "不一致" in page.body
