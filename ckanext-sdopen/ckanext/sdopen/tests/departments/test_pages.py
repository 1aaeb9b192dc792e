"""The tree of departments, the page of one, and merging them."""

from zlib import crc32

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.search.common import make_connection
from ckan.tests.helpers import call_action
from sqlalchemy import event, select

from ckanext.sdopen.access import labels
from ckanext.sdopen.departments import merge as departments_merge
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.directory.model import entries
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.numbering.model import prefixes
from ckanext.sdopen.tests.corpus.examples import (
    PROVIDER_CODE,
    as_site,
    catalog,
    created,
    department,
    editor_of,
    interface,
    shown,
)

CLOSED = {"opening": "none", "closing_basis": "《政府信息公开条例》第十六条"}


def as_user(user) -> dict:
    return {"user": user["name"] if user else "", "ignore_auth": False}


@pytest.fixture(scope="module")
def cast(clean_portal):
    """Authorities of the province and a city, a bureau of each, one in a zone, one elsewhere."""
    province = department("山东省大数据局", is_authority=True)
    city = department("烟台市大数据局", "370600", is_authority=True)
    bureau = department("烟台市旅游局", "370600", kind="government", former_names="市旅游事业局")
    zone = department("烟台高新区管委会", "370671")
    elsewhere = department("佛山市统计局", "440600")
    created(catalog(bureau["id"], resource_code="307001/720001"))
    created(catalog(bureau["id"], resource_code="307001/720002", **CLOSED))
    created(catalog(zone["id"], resource_code="307001/720003"))
    return {
        "province": province,
        "city": city,
        "bureau": bureau,
        "zone": zone,
        "elsewhere": elsewhere,
        "chief": editor_of(province, "admin"),
        "city's chief": editor_of(city, "admin"),
        "colleague": editor_of(bureau),
    }


def listed(user=None, **asked) -> dict:
    return call_action("sdopen_department_list", as_user(user), **asked)


def merge(user, old, new, **more) -> dict:
    asked = {"from": old["name"], "into": new["name"], **more}
    return call_action("sdopen_department_merge", as_user(user), **asked)


@pytest.fixture
def page(portal_app):
    """Get a page as nobody; BeautifulSoup of its body."""

    def get(address, status=200):
        response = portal_app.get(address, status=status, follow_redirects=False)
        return BeautifulSoup(response.body, "html.parser")

    return get


def test_the_tree_leads_from_the_province_to_cities_and_their_zones(cast):
    home = listed()
    assert home["region"]["code"] == "370000"
    assert [d["title"] for d in home["departments"]] == ["山东省大数据局"]
    assert home["departments"][0]["is_authority"] is True
    assert [(r["code"], r["departments"]) for r in home["regions"]] == [("370600", 3)]
    assert [r["code"] for r in home["elsewhere"]] == ["440000"]
    city = listed(region="370600")
    assert [d["title"] for d in city["departments"]] == ["烟台市大数据局", "烟台市旅游局"]
    assert [(r["code"], r["kind"]) for r in city["regions"]] == [("370671", "functional_zone")]
    assert [r["code"] for r in city["path"]] == ["370000", "370600"]


def test_counts_are_of_what_the_reader_may_read(cast):
    def counts(user):
        found = listed(user, region="370600")
        by_name = {d["title"]: d["entries"] for d in found["departments"]}
        return by_name["烟台市旅游局"], found["region"]["entries"], found["regions"][0]["entries"]

    assert counts(None) == (1, 2, 1)
    assert counts(cast["colleague"]) == (2, 3, 1)


def test_a_department_is_found_by_a_former_name(cast, page):
    assert [d["title"] for d in listed(q="旅游事业")["departments"]] == ["烟台市旅游局"]
    assert listed(q="100%_")["departments"] == []
    found = page("/organization/?q=旅游事业")
    assert "市旅游事业局" in found.select_one(".sd-departments").text
    assert "没有现名或曾用名" in page("/organization/?q=天书局").text


def test_a_wrong_region_is_refused_by_the_api_and_leads_home_on_the_page(cast, page):
    with pytest.raises(tk.ValidationError):
        listed(region="99")
    assert page("/organization/?region=99").select_one(".sd-path strong").text == "山东省"


def test_the_pages_show_the_tree_and_what_a_department_is(cast, page):
    tree = page("/organization/?region=370600")
    assert [a.text.strip() for a in tree.select(".sd-departments a")] == [
        "烟台市大数据局",
        "烟台市旅游局",
    ]
    assert "数据主管部门" in tree.select_one(".sd-departments li").text
    assert "功能区" in tree.select_one(".sd-regions").text
    facts = page(f"/organization/{cast['bureau']['name']}").select(".sd-department tr")
    told = {row.th.text: row.td.text for row in facts}
    assert told == {
        "区域": "山东省 烟台市",
        "数据主管部门": "烟台市大数据局",
        "层级": "市级",
        "机构类别": "政府部门",
        "曾用名": "市旅游事业局",
    }
    own = page(f"/organization/{cast['city']['name']}").select_one(".sd-department").text
    assert "本区域公共数据开放主管部门" in own
    assert "山东省大数据局" in own


@pytest.fixture
def pair(cast, request):
    """A department with open, closed and deleted entries, an interface, a user, and another."""
    name = request.node.name[-20:]
    old, new = (department(f"{who}{name}", "370600") for who in ("甲", "乙"))
    code = f"3070{50 + len(name)}/{crc32(name.encode()) % 900000 + 1}"
    served = created(catalog(old["id"], title=f"目录{name}", resource_code=f"{code}1"))
    created(catalog(old["id"], title=f"内部{name}", resource_code=f"{code}2", **CLOSED))
    created(interface(old["id"], title=f"接口{name}", resource_code=f"{code}3"))
    return {"old": old, "new": new, "entry": served, "user": editor_of(old)}


def test_a_merge_moves_entries_with_codes_ids_names_and_labels(cast, pair):
    old, new, before = pair["old"], pair["new"], shown(pair["entry"]["id"])
    call_action("organization_patch", as_site(), id=new["id"], provider_code=PROVIDER_CODE)
    model.Session.execute(prefixes.insert().values(organization_id=old["id"], prefix="307099"))
    model.Session.commit()
    assert merge(cast["chief"], old, new) == {"entries": 3, "members": 0, "into": new["name"]}
    after = shown(before["id"])
    for kept in ("id", "name", "resource_code", "region", "title", "info_items"):
        assert after[kept] == before[kept]
    assert after["owner_org"] == new["id"]
    assert after["provider_code"] == PROVIDER_CODE
    assert after["metadata_modified"] > before["metadata_modified"]
    assert (
        model.Session.scalar(select(entries.c.owner_org).where(entries.c.id == before["id"]))
        == new["id"]
    )
    held = select(prefixes.c.organization_id).where(prefixes.c.prefix == "307099")
    assert list(model.Session.scalars(held)) == [new["id"]]
    found = call_action("package_search", as_site(), fq=f"organization:{new['name']}", rows=9)
    assert found["count"] == 2
    assert found["results"][0]["organization"]["title"] == new["title"]
    assert call_action("package_search", as_site(), fq=f"organization:{old['name']}")["count"] == 0
    stored = model.Package.get(before["id"])
    assert labels.entry_labels(stored) == ["public"]
    joined = editor_of(new)
    own = {"fq": f"organization:{new['name']}", "include_private": True}
    assert call_action("package_search", as_user(joined), **own)["count"] == 3


def test_the_indexer_does_what_would_take_too_long(cast, pair, monkeypatch):
    monkeypatch.setattr("ckanext.sdopen.departments.merge.PATIENCE", 0.0)
    own = {"fq": f"organization:{pair['new']['name']}", "include_private": True}
    merge(cast["chief"], pair["old"], pair["new"])
    assert call_action("package_search", as_site(), **own)["count"] == 0
    assert outbox.length(10) == 3
    assert drainer.drain_until(outbox.highest(), 20) == 0
    assert call_action("package_search", as_site(), **own)["count"] == 3


def test_a_merge_without_solr_waits_in_the_outbox(cast, pair, monkeypatch):
    with monkeypatch.context() as down:
        down.setattr("ckanext.sdopen.departments.merge.PATIENCE", 0.2)
        down.setitem(tk.config, "solr_url", "http://127.0.0.1:9/solr/ckan")
        assert merge(cast["chief"], pair["old"], pair["new"])["entries"] == 3
    assert outbox.length(10) == 3
    assert drainer.drain_until(outbox.highest(), 20) == 0


def test_an_entry_of_a_merged_department_can_be_saved_again(cast, pair):
    merge(cast["chief"], pair["old"], pair["new"])
    entry = shown(pair["entry"]["id"])
    entry["update_cycle"] = "daily"
    saved = call_action("package_update", as_site(), **entry)
    assert (saved["name"], saved["owner_org"]) == (pair["entry"]["name"], pair["new"]["id"])


def test_the_old_address_answers_301_over_two_reforms(cast, pair, portal_app):
    third = department("丙局（改革后）", "370600")
    merge(cast["chief"], pair["old"], pair["new"])
    merge(cast["chief"], pair["new"], third)
    for path in ("/organization/", "/en/organization/", "/organization/about/"):
        answer = portal_app.get(path + pair["old"]["name"], follow_redirects=False)
        assert answer.status_code == 301
        assert answer.headers["Location"].endswith(f"/organization/{third['name']}")
        assert ("/en/" in answer.headers["Location"]) == path.startswith("/en/")
    names = call_action("organization_show", id=third["id"])["former_names"]
    assert names == [pair["old"]["title"], pair["new"]["title"]]
    assert [d["title"] for d in listed(q=pair["old"]["title"])["departments"]] == [third["title"]]


def test_users_join_where_wanted_and_lose_the_old_department(cast, pair):
    answer = merge(cast["chief"], pair["old"], pair["new"], members=True)
    assert answer["members"] == 1
    user = model.User.get(pair["user"]["name"])
    own = labels.user_labels(user)
    assert f"member-{pair['new']['id']}" in own
    assert f"member-{pair['old']['id']}" not in own


@pytest.mark.parametrize("who", ["nobody", "colleague", "city's chief of another city"])
def test_only_the_authority_above_both_merges(cast, pair, who):
    rival = department("威海市大数据局", "371000", is_authority=True)
    users = {
        "nobody": None,
        "colleague": editor_of(pair["old"], "admin"),
        "city's chief of another city": editor_of(rival, "admin"),
    }
    with pytest.raises(tk.NotAuthorized):
        merge(users[who], pair["old"], pair["new"])
    assert shown(pair["entry"]["id"])["owner_org"] == pair["old"]["id"]


def test_the_citys_authority_merges_in_its_city_but_not_into_the_province(cast, pair):
    provincial = department("山东省文化和旅游厅")
    with pytest.raises(tk.NotAuthorized):
        merge(cast["city's chief"], pair["old"], provincial)
    # nobody is above itself: not even to swallow another one
    with pytest.raises(tk.NotAuthorized):
        merge(cast["city's chief"], pair["old"], cast["city"])
    assert merge(cast["city's chief"], pair["old"], pair["new"])["entries"] == 3


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("bureau", "bureau", "into"),
        ("city", "bureau", "from"),
        (None, "bureau", "from"),
        ("bureau", None, "into"),
    ],
)
def test_a_wrong_merge_is_refused_by_its_field(cast, old, new, field):
    missing = {"name": "d-370000-nowhere"}
    asked = {
        "from": cast.get(old, missing)["name"],
        "into": cast.get(new, missing)["name"],
    }
    with pytest.raises(tk.ValidationError) as refused:
        call_action("sdopen_department_merge", as_site(), **asked)
    assert list(refused.value.error_dict) == [field]
    assert shown("c-370600-307001-720001")["owner_org"] == cast["bureau"]["id"]


def test_the_entries_of_a_renamed_department_show_its_new_name_at_once(cast, pair):
    title = pair["old"]["title"] + "（更名）"
    call_action("organization_patch", as_site(), id=pair["old"]["id"], title=title)
    found = call_action("package_search", as_site(), fq=f"owner_org:{pair['old']['id']}", rows=9)
    assert {entry["organization"]["title"] for entry in found["results"]} == {title}
    assert [d["title"] for d in listed(q=pair["old"]["title"])["departments"]] == [title]


def test_entries_are_queued_by_one_statement_whatever_their_number(cast, pair):
    asked = []

    def note(*call):
        asked.append(call[2])

    event.listen(model.meta.engine, "before_cursor_execute", note)
    assert departments_merge.queue_entries(model.Group.get(pair["old"]["id"])) == 3
    event.remove(model.meta.engine, "before_cursor_execute", note)
    model.Session.rollback()
    assert len([one for one in asked if "sdopen_outbox" in one]) == 1


def test_what_holds_a_renamed_topic_is_indexed_anew(cast, pair):
    entry = pair["entry"]
    group = call_action("group_create", as_site(), name="ocean", title="海洋", type="topic")
    member = {"id": group["id"], "object": entry["id"], "object_type": "package"}
    call_action("member_create", as_site(), **member, capacity="public")
    call_action("group_patch", as_site(), id=group["id"], title="海洋与渔业")
    assert [row.entry_id for row in outbox.waiting(0, 10)] == [entry["id"]]
    drainer.drain_until(outbox.highest(), 20)
    (doc,) = make_connection().search(f"id:{entry['id']}", fl="data_dict,groups")
    assert "海洋与渔业" in doc["data_dict"]
    assert "ocean" in doc["groups"]
    # what is shown are the topics of the entry, by the names of the code list
    topics = {topic["title"] for topic in shown(entry["id"])["groups"]}
    assert topics == {"医疗", "卫生"}


def test_the_entries_of_a_moved_department_keep_codes_and_addresses(cast, pair):
    before = shown(pair["entry"]["id"])
    call_action("organization_patch", as_site(), id=pair["old"]["id"], region="371000")
    after = shown(pair["entry"]["id"])
    for kept in ("id", "name", "resource_code", "region", "owner_org"):
        assert after[kept] == before[kept]
    saved = call_action("package_update", as_site(), **{**after, "update_cycle": "daily"})
    assert saved["name"] == before["name"]
    moved = listed(region="371000")["departments"]
    assert pair["old"]["title"] in [d["title"] for d in moved]


def test_an_ended_department_is_not_merged_again_and_takes_no_entries(cast, pair):
    merge(cast["chief"], pair["old"], pair["new"])
    with pytest.raises(tk.ValidationError):
        call_action(
            "sdopen_department_merge",
            as_site(),
            **{"from": pair["old"]["name"], "into": pair["new"]["name"]},
        )
    payload = catalog(pair["old"]["id"], resource_code="307001/729999")
    with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
        created(payload, pair["user"])
