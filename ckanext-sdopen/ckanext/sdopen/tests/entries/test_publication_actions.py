"""Who publishes and withdraws, and what hangs on it: activities, interfaces, caching."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.activity.model import Activity

from ckanext.sdopen.access import labels
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    authority,
    catalog,
    created,
    department,
    editor_of,
    errors_of,
    interface,
    shown,
)
from ckanext.sdopen.tests.corpus.planted import CLASSES, called


@pytest.fixture(scope="module")
def cast(clean_portal):
    province, county = authority("370000"), authority("370102")
    bureau = department("历下区统计局", "370102")
    return {
        "province": province,
        "county": county,
        "other city": authority("370200"),
        "bureau": bureau,
        "cataloguer": editor_of(bureau),
        "department admin": editor_of(bureau, "admin"),
        "sysadmin": factories.Sysadmin(),
    }


def new_code(series):
    return f"307001/{series}{model.Session.query(model.Package).count():04d}"


@pytest.mark.parametrize("state", [None, "active", "draft"])
@pytest.mark.parametrize(
    ("who", "published"),
    [("cataloguer", False), ("department admin", False), ("province", True), ("county", True)],
)
def test_who_publishes_a_new_entry(cast, who, published, state):
    payload = catalog(cast["bureau"]["id"], resource_code=new_code("62"))
    entry = called(
        "package_create", cast[who]["name"], **payload, **({"state": state} if state else {})
    )
    assert entry["state"] == ("active" if published and state != "draft" else "draft")


@pytest.fixture
def draft(cast):
    return draft_of(cast, cast["bureau"])


def draft_of(cast, bureau, **more):
    payload = catalog(bureau["id"], resource_code=new_code("63"), **more)
    return created({**payload, "state": "draft"})


@pytest.mark.parametrize("who", ["cataloguer", "department admin", "other city"])
def test_others_do_not_publish(cast, draft, who):
    name = cast[who]["name"]
    with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
        called("sdopen_entry_publish", name, id=draft["id"])
    if who != "other city":
        title = f"改过的名称 {draft['resource_code']}"
        called("package_patch", name, id=draft["id"], state="active", title=title)
        assert shown(draft["id"])["title"] == title
    assert shown(draft["id"])["state"] == "draft"


@pytest.mark.parametrize("who", ["province", "county", "sysadmin"])
def test_the_authorities_publish_and_the_cataloguer_changes_no_more(cast, draft, who):
    told = called("sdopen_entry_publish", cast[who]["name"], id=draft["id"])
    assert told == {
        "id": draft["id"],
        "name": draft["name"],
        "state": "active",
        "withdrawn_on": None,
        "withdrawn_reason": None,
    }
    before = shown(draft["id"])
    assert before["released_on"]
    name = cast["cataloguer"]["name"]
    for action, more in (
        ("package_update", before),
        ("package_patch", {"id": draft["id"], "title": "x"}),
        ("package_revise", {"match": {"id": draft["id"]}, "update": {"title": "x"}}),
        ("resource_create", {"package_id": draft["id"], "url": "http://example.com/x"}),
        ("package_delete", {"id": draft["id"]}),
        ("package_owner_org_update", {"id": draft["id"], "organization_id": before["owner_org"]}),
    ):
        with pytest.raises(tk.NotAuthorized):
            called(action, name, **more)
    assert shown(draft["id"]) == before
    with pytest.raises(tk.NotAuthorized, match="data authority"):
        called("package_patch", name, id=draft["id"], title="x")


def test_a_withdrawn_entry_keeps_all_and_its_code_is_not_given_again(cast, draft):
    called("sdopen_entry_publish", cast["county"]["name"], id=draft["id"])
    for wrong in (
        {},
        {"reason": ""},
        {"reason": "长" * 501},
        {"reason": ["x"]},
        {"reason": "\x00"},
    ):
        with pytest.raises(tk.ValidationError) as refused:
            called("sdopen_entry_withdraw", cast["county"]["name"], id=draft["id"], **wrong)
        assert "reason" in refused.value.error_dict
    with pytest.raises(tk.NotAuthorized):
        called("sdopen_entry_withdraw", cast["cataloguer"]["name"], id=draft["id"], reason="x")
    told = called(
        "sdopen_entry_withdraw", cast["department admin"]["name"], id=draft["id"], reason="数据有误"
    )
    assert told["withdrawn_reason"] == "数据有误"
    kept = shown(draft["id"])
    assert (kept["state"], kept["name"], kept["resource_code"]) == (
        "draft",
        draft["name"],
        draft["resource_code"],
    )
    assert (
        "exists"
        in errors_of(catalog(cast["bureau"]["id"], resource_code=draft["resource_code"]))[
            "resource_code"
        ][0]
    )
    # a cataloguer corrects it, and forges nothing of its withdrawal
    called(
        "package_patch",
        cast["cataloguer"]["name"],
        id=draft["id"],
        notes="改正后的摘要。",
        withdrawn_reason="x",
        withdrawn_on="2000-01-01",
    )
    assert shown(draft["id"])["withdrawn_reason"] == "数据有误"
    called("sdopen_entry_publish", cast["province"]["name"], id=draft["id"])
    assert "withdrawn_on" not in shown(draft["id"])


def test_a_published_entry_becomes_no_draft_by_an_edit(cast, draft):
    called("sdopen_entry_publish", cast["county"]["name"], id=draft["id"])
    for state in ("draft", "deleted", "nonsense"):
        with pytest.raises(tk.ValidationError) as refused:
            called("package_patch", cast["county"]["name"], id=draft["id"], state=state)
        assert "state" in refused.value.error_dict


def labels_of_activities(entry_id: str) -> set[tuple[str, ...]]:
    rows = model.Session.query(Activity.permission_labels).filter(Activity.object_id == entry_id)
    return {tuple(row[0]) for row in rows}


def test_every_change_of_class_or_state_relabels_all_activities(cast):
    name = cast["county"]["name"]
    entry = draft_of(cast, cast["bureau"])
    called("package_patch", name, id=entry["id"], title="第二个名称")

    def agree() -> bool:
        own = labels.entry_labels(model.Package.get(entry["id"]))
        return labels_of_activities(entry["id"]) == {tuple(own)}

    assert agree()
    called("sdopen_entry_publish", name, id=entry["id"])
    assert labels_of_activities(entry["id"]) == {("public",)}
    for classes in ("closed", "shared", "open"):
        called("package_patch", name, id=entry["id"], **CLASSES[classes])
        assert agree()
    called("sdopen_entry_withdraw", name, id=entry["id"], reason="x")
    assert agree()
    assert ("public",) not in labels_of_activities(entry["id"])
    call_action("package_delete", as_site(), id=entry["id"])
    assert ("public",) not in labels_of_activities(entry["id"])


def found_by_all(entry_id: str) -> bool:
    return bool(called("package_search", "", fq=f"id:{entry_id}")["count"])


def test_an_interface_follows_its_catalog(cast):
    name = cast["county"]["name"]
    served = created(catalog(cast["bureau"]["id"], resource_code="307001/640001"))
    entry = created(
        interface(cast["bureau"]["id"], resource_code="307001/640001", catalog=served["id"])
    )
    assert found_by_all(entry["id"])
    assert not shown(entry["id"])["private"]
    for narrow, wide in (
        (("package_patch", CLASSES["shared"]), ("package_patch", CLASSES["open"])),
        (("sdopen_entry_withdraw", {"reason": "x"}), ("sdopen_entry_publish", {})),
    ):
        called(narrow[0], name, id=served["id"], **narrow[1])
        assert not found_by_all(entry["id"])
        assert model.Package.get(entry["id"]).private
        with pytest.raises(tk.ObjectNotFound):
            called("package_show", "", id=entry["id"])
        called(wide[0], name, id=served["id"], **wide[1])
        # what is seen by more waits for the indexer
        assert drainer.drain_until(outbox.highest(), 30) == 0
        assert found_by_all(entry["id"])
        assert not model.Package.get(entry["id"]).private
        assert labels_of_activities(entry["id"]) == {("public",)}


def test_what_is_answered_to_a_token_is_stored_nowhere(cast, portal_app):
    token = factories.APIToken(user=cast["cataloguer"]["name"])["token"]
    addresses = ["/", "/dataset/", "/dataset/nothing", "/nothing", "/api/3/action/package_list"]
    addresses += ("/api/3/action/nothing", "/api/3/action/package_show?id=x", "/base/css/main.css")
    for address in addresses:
        for value in (token, "not-a-token"):
            answer = portal_app.get(address, headers={"Authorization": value})
            stored = answer.headers["Cache-Control"]
            assert "private" in stored, address
            assert "no-store" in stored, address
            assert "public" not in stored, address
    assert "no-store" not in portal_app.get("/").headers.get("Cache-Control", "")


def test_an_action_fails_for_those_only_whose_plugin_is_loaded():
    from ckanext.sdopen import contents

    present = contents.offered(contents.ACTIONS)
    assert {"package_show", "datastore_search", "activity_show"} <= set(present)
    assert set(present) == set(contents.collected(contents.modules(contents.ACTIONS)))
