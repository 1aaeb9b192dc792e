"""Programs check entries without saving, and read lists and templates."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen import codes
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    catalog,
    created,
    department,
    editor_of,
    interface,
)

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture
def bureau():
    return department("山东省统计局")


def anonymous(**asked):
    return call_action("sdopen_catalog_check", {"user": "", "ignore_auth": False}, **asked)


def test_a_sound_entry_is_valid_and_nothing_is_saved(bureau):
    before = model.Session.query(model.Package.id).count()
    found = anonymous(**catalog(bureau["id"]))
    assert found["valid"] is True
    assert {f["severity"] for f in found["results"][0]["findings"]} <= {"warning"}
    assert model.Session.query(model.Package.id).count() == before


def test_many_are_checked_at_once_each_with_its_findings(bureau):
    wrong = catalog(bureau["id"], sharing="x", info_items=[{"name": "a", "data_type": "?"}])
    found = anonymous(entries=[catalog(bureau["id"]), wrong, interface(bureau["id"])])
    assert [result["valid"] for result in found["results"]] == [True, False, True]
    assert found["valid"] is False
    paths = [f["path"] for f in found["results"][1]["findings"]]
    assert ["info_items", 0, "data_type"] in paths
    assert ["sharing"] in paths
    assert all("“" in f["message"] for f in found["results"][1]["findings"][:2])


def test_the_addresses_of_files_are_checked_too(bureau):
    files = [{"name": "a", "url": "https://data.example.com/a.csv"}, {"name": "b", "url": "暂无"}]
    found = anonymous(**catalog(bureau["id"]), resources=[*files, "odd"])
    assert found["valid"] is False
    (finding,) = (f for f in found["results"][0]["findings"] if f["severity"] == "error")
    assert (finding["code"], finding["path"]) == ("address_none", ["resources", 1, "url"])


def test_the_profile_can_be_chosen(bureau):
    entry = catalog(bureau["id"], notes="（工作秘密）值班表")
    strict, old = (anonymous(**entry, profile=name) for name in ("regulation_2025", "guide_2017"))
    assert (strict["valid"], old["valid"]) == (False, True)
    assert strict["results"][0]["findings"][0]["params"] == {}


def test_others_duplicates_are_told_to_the_providers_own_people_only(bureau):
    created(catalog(bureau["id"], title="内部目录", resource_code="307051/000001"))
    twin = catalog(bureau["id"], title="内部，目录", resource_code="307051/000002")
    outsider = factories.User()
    for context in ({"user": ""}, {"user": outsider["name"]}):
        found = call_action("sdopen_catalog_check", {**context, "ignore_auth": False}, **twin)
        assert "内部目录" not in str(found)
    own = {"user": editor_of(bureau)["name"], "ignore_auth": False}
    assert "内部目录" in str(call_action("sdopen_catalog_check", own, **twin))


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"entries": "x"}, "entries"),
        ({"entries": [1]}, "entries"),
        ({"entries": [{}] * 1001}, "entries"),
        ({"type": "topic"}, "type"),
        ({"profile": "guide_1999"}, "profile"),
    ],
)
def test_a_wrong_call_is_refused(asked, field):
    with pytest.raises(tk.ValidationError) as refused:
        anonymous(**asked)
    assert list(refused.value.error_dict) == [field]


def test_the_check_says_what_the_save_says(bureau):
    wrong = catalog(bureau["id"], title="人事管理系统", census_stored_gb="12G", opening="none")
    found = anonymous(**wrong)["results"][0]["findings"]
    told = {f["path"][0]: f["message"] for f in found if f["severity"] == "error"}
    with pytest.raises(tk.ValidationError) as refused:
        call_action("package_create", as_site(), **wrong)
    assert {name: texts[0] for name, texts in refused.value.error_dict.items()} == told


def test_code_lists_are_given_with_their_sources():
    listed = call_action("sdopen_codelist_list", {})
    assert {one["name"] for one in listed} == set(codes.names())
    assert all(one["source"] and one["count"] for one in listed)
    shown = call_action("sdopen_codelist_show", {}, name="update_cycle")
    assert shown["codes"][1]["zh"] == "每天"
    with pytest.raises(tk.ObjectNotFound):
        call_action("sdopen_codelist_show", {}, name="../secrets")


@pytest.mark.parametrize("kind", ["catalog", "interface"])
def test_a_template_lists_every_element_and_is_itself_an_entry(kind):
    found = call_action("sdopen_template_show", {}, kind=kind)
    names = [element["name"] for element in found["elements"]]
    assert {"title", "sharing", "opening", "update_cycle"} <= set(names)
    assert set(found["entry"]) == {"type", *names}
    missing = anonymous(**found["entry"])["results"][0]["findings"]
    required = {e["name"] for e in found["elements"] if e["required"]}
    assert {f["path"][0] for f in missing if f["code"] == "value_missing"} == required
