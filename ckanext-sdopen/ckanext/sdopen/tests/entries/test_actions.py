"""An entry's life: created, shown, updated, with ids that never change."""

import threading

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.tests.corpus.examples import (
    PROVIDER_CODE,
    as_site,
    authority,
    catalog,
    created,
    department,
    editor_of,
    errors_of,
    harvested,
    interface,
    shown,
    updated,
)

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture
def bureau():
    return department("山东省医疗保障局", "370000", provider_code=PROVIDER_CODE)


@pytest.fixture
def foshan():
    return department("佛山市统计局", "440600")


def test_an_editor_creates_an_entry_whose_id_and_name_come_from_its_code(bureau):
    entry = created(
        catalog(bureau["id"], resource_code="307001/000001", id="nonsense", name="nonsense"),
        editor_of(bureau),
    )
    assert entry["id"] == ids.entry_id("catalog", "370000", "307001/000001")
    assert entry["name"] == "c-370000-307001-000001"
    assert entry["region"] == "370000"
    assert entry["provider_code"] == PROVIDER_CODE
    assert (entry["category"], entry["division"], entry["subject"]) == ("3", "07", "001")
    assert entry["state"] == "draft", "only the data authority publishes"
    assert "released_on" not in entry
    published = updated(entry, authority(), state="active")
    assert published["released_on"], "published today, if no day is given"


def test_values_come_back_as_they_are_meant(bureau):
    entry = created(
        catalog(
            bureau["id"],
            resource_code="307001/000002",
            record_count="1200",
            census_stored_gb=1.5,
            released_on="2024-01-05",
            format_types="XLSX，csv",
            notes="第一行\x0b结束 ",
        )
    )
    assert entry["topics"] == ["medical", "health"]
    assert entry["record_count"] == 1200
    assert entry["census_stored_gb"] == 1.5
    assert entry["released_on"] == "2024-01-05"
    assert entry["format_types"] == ["xlsx", "csv"]
    assert entry["notes"] == "第一行结束"
    assert entry["info_items"][0] == {
        "name": "药店名称",
        "data_type": "C",
        "data_length": "100",
        "primary_key": True,
    }
    assert [group["display_name"] for group in entry["groups"]] == ["医疗", "卫生"]


def test_the_same_code_gives_a_catalog_and_an_interface_that_live_side_by_side(bureau):
    one = created(catalog(bureau["id"], resource_code="307001/000003"))
    other = created(interface(bureau["id"], resource_code="307001/000003", catalog=one["name"]))
    assert (one["name"], other["name"]) == ("c-370000-307001-000003", "i-370000-307001-000003")
    assert other["catalog"] == one["id"]
    assert shown(one["id"])["type"] == "dataset"
    assert other["request_params"][0]["required"] is True


def test_creating_an_entry_that_exists_is_an_error_and_changes_nothing(bureau):
    payload = catalog(bureau["id"], resource_code="307001/000004")
    before = created(payload)
    found = errors_of({**payload, "title": "另一个名称", "id": before["id"]})
    assert "307001/000004" in found["resource_code"][0]
    assert shown(before["id"]) == before


def test_a_deleted_entry_keeps_its_id_and_the_error_says_to_restore_it(bureau):
    payload = catalog(bureau["id"], resource_code="307001/000005")
    entry = created(payload)
    call_action("package_delete", as_site(), id=entry["id"])
    assert "restore" in errors_of(payload)["resource_code"][0]


def test_an_update_keeps_id_name_and_region_whatever_the_client_sends(bureau):
    entry = created(catalog(bureau["id"], resource_code="307001/000006"))
    changed = updated(entry, title="改过的名称", name="another-name")
    assert (changed["id"], changed["name"]) == (entry["id"], entry["name"])
    assert changed["title"] == "改过的名称"


@pytest.mark.parametrize(
    ("field", "value"), [("resource_code", "307001/999999"), ("region", "370100")]
)
def test_code_and_region_never_change_after_the_first_save(bureau, field, value):
    code = {"resource_code": "307001/000007", "region": "307001/000008"}[field]
    entry = created(catalog(bureau["id"], resource_code=code))
    with pytest.raises(tk.ValidationError) as refused:
        updated(entry, **{field: value})
    assert "never changes" in refused.value.error_dict[field][0]
    assert shown(entry["id"])[field] == entry[field]


def test_a_department_that_moves_leaves_its_entries_in_their_region(bureau):
    mover = department("搬迁中的单位", "370100")
    entry = created(catalog(mover["id"], resource_code="307001/000009"))
    call_action("organization_patch", as_site(), id=mover["id"], region="370200")
    changed = updated(entry, title="又一个名称")
    assert (changed["region"], changed["name"]) == ("370100", "c-370100-307001-000009")


def test_a_harvested_entry_without_a_code_is_known_by_its_source_and_key(foshan):
    entry = created(harvested(foshan["id"], source_key="1", source_downloads=17))
    assert entry["id"] == ids.entry_id_from_source("catalog", "foshan", "1")
    assert entry["name"] == f"c-440600-s{entry['id'].replace('-', '')[:12]}"
    again = errors_of(harvested(foshan["id"], source_key="1"))
    assert "source_key" in again
    # a form sends neither source nor downloads
    fields = ("id", "title", "notes", "topics", "sharing", "opening", "update_cycle")
    changed = call_action("package_update", as_site(), **{name: entry[name] for name in fields})
    assert (changed["source_key"], changed["source_downloads"]) == ("1", 17)


def test_only_few_elements_are_required_of_a_harvested_entry(foshan):
    found = errors_of({"type": "dataset", "source_id": "foshan", "source_key": "2"})
    assert sorted(found) == [
        "notes",
        "opening",
        "owner_org",
        "sharing",
        "title",
        "topics",
        "update_cycle",
    ]


def test_sending_back_what_was_shown_changes_nothing(bureau):
    entry = created(
        catalog(
            bureau["id"],
            resource_code="307001/000010",
            resources=[{"name": "名录", "url": "http://example.com/a.csv", "format": "CSV"}],
        )
    )
    same = updated(entry, authority())
    assert same == entry
    assert same["groups"], "what is sent back as groups is neither refused nor lost"


def test_an_editor_patches_an_entry_although_he_may_not_touch_its_topics(bureau):
    user = editor_of(bureau)
    entry = created(catalog(bureau["id"], resource_code="307001/000011"), user)
    context = {"user": user["name"], "ignore_auth": False}
    patched = call_action("package_patch", context, id=entry["id"], topics=["finance"])
    assert [group["name"] for group in patched["groups"]] == ["finance"]
    rows = model.Session.query(model.Member).filter_by(table_id=entry["id"], capacity="public")
    assert rows.count() == 0


def test_a_context_used_twice_makes_two_entries(bureau):
    context = as_site()
    first = call_action(
        "package_create", context, **catalog(bureau["id"], resource_code="307001/000012")
    )
    second = call_action(
        "package_create", context, **catalog(bureau["id"], resource_code="307001/000013")
    )
    assert first["id"] != second["id"]


def test_the_region_is_the_providers_and_no_other(bureau):
    found = errors_of(catalog(bureau["id"], resource_code="307001/000014", region="370100"))
    assert "370000" in found["region"][0]


def test_parallel_creation_of_one_code_makes_one_entry_and_clear_errors(bureau, portal_app):
    payload = catalog(bureau["id"], resource_code="307001/000015")
    outcomes = []

    def create() -> None:
        with portal_app.flask_app.test_request_context():
            try:
                outcomes.append(created(payload)["id"])
            except tk.ValidationError as error:
                outcomes.append(error.error_dict["resource_code"][0])
            finally:
                model.Session.remove()

    threads = [threading.Thread(target=create) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entry_id = ids.entry_id("catalog", "370000", "307001/000015")
    assert outcomes.count(entry_id) == 1
    assert len(outcomes) == 6
