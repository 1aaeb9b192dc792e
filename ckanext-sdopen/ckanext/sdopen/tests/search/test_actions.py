"""Searching on real Solr: the ladder, facets, labels, sorting, hooks."""

import json

import ckan.plugins.toolkit as tk
import pysolr
import pytest
from ckan import model
from ckan.lib.search.common import make_connection
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.ckan_seams.repairs import solr_connection
from ckanext.sdopen.index.documents import chinese_fields, send
from ckanext.sdopen.search import actions, probe
from ckanext.sdopen.search.tiers import asked
from ckanext.sdopen.services import stack_state

CATALOGS = (
    # (title, opening, sharing, topics, formats, items)
    (
        "济南市公共厕所信息",
        "unconditional",
        "unconditional",
        ["geography"],
        ["csv"],
        ["公厕名称", "蹲位数"],
    ),
    (
        "烟台市公共厕所信息",
        "unconditional",
        "unconditional",
        ["geography"],
        ["xlsx"],
        ["公厕名称", "地址"],
    ),
    (
        "残疾人联合会助残机构名单",
        "unconditional",
        "unconditional",
        ["social_security"],
        ["csv"],
        ["机构名称"],
    ),
    (
        "城乡居民最低生活保障标准",
        "conditional",
        "unconditional",
        ["social_security"],
        ["csv"],
        ["保障金额"],
    ),
    ("最低生活保障对象花名册", "none", "conditional", ["social_security"], ["mysql"], ["姓名"]),
    ("低保内部核查记录", "none", "none", ["social_security"], ["mysql"], ["核查结论"]),
    (
        "婚姻登记机关信息",
        "unconditional",
        "unconditional",
        ["business_registration"],
        ["pdf"],
        ["机关名称"],
    ),
    ("环境空气质量日报", "unconditional", "unconditional", ["environment"], ["csv"], ["PM2.5浓度"]),
)


def payload(number, title, opening, sharing, topics, formats, items, owner):
    closed = {"closing_basis": "《条例》第十五条"} if opening == "none" else {}
    condition = {"opening_condition": "实名认证"} if opening == "conditional" else {}
    basis = {"sharing_condition": "《条例》第十五条"} if sharing != "unconditional" else {}
    return {
        "type": "dataset",
        "source_id": "search-test",
        "source_key": str(number),
        "title": title,
        "notes": f"{title}，每月更新。",
        "owner_org": owner,
        "topics": topics,
        "opening": opening,
        "sharing": sharing,
        "update_cycle": "monthly",
        "format_types": formats,
        "info_items": [{"name": name} for name in items],
        **closed,
        **condition,
        **basis,
    }


@pytest.fixture(scope="module")
def directory(clean_portal):
    """A small directory of every class, with a department and a member of another one."""
    probe.forget()
    boss = {"user": factories.Sysadmin()["name"]}
    owner = call_action("organization_create", dict(boss), title="济南市民政局", region="370100")
    other = call_action("organization_create", dict(boss), title="青岛市统计局", region="370200")
    for number, row in enumerate(CATALOGS):
        call_action("package_create", dict(boss), **payload(number, *row, owner=owner["id"]))
    user = factories.User()
    member = {"id": other["id"], "username": user["name"], "role": "member"}
    call_action("organization_member_create", dict(boss), **member)
    return {"boss": boss, "owner": owner, "official": model.User.get(user["name"])}


def search_for(query, user=None, **parameters):
    context = {"user": user.name if user else "", "auth_user_obj": user or model.AnonymousUser()}
    context["ignore_auth"] = False
    asked = {"q": query, "include_private": True, **parameters}
    return tk.get_action("package_search")(context, asked)


def titles(result):
    return [entry["title"] for entry in result["results"]]


@pytest.mark.parametrize(
    ("query", "first", "step"),
    [
        ("公共厕所", "公共厕所信息", "named"),
        ("公厕", "公共厕所信息", "named"),
        ("哪里有公厕", "公共厕所信息", "named"),
        ("济南公厕", "济南市公共厕所信息", "named"),
        ("残联", "残疾人联合会助残机构名单", None),
        ("低保", "城乡居民最低生活保障标准", "named"),
        ("hunyindengji", "婚姻登记机关信息", "sound"),
        ("hydj", "婚姻登记机关信息", "sound"),
        ("昏姻登记", "婚姻登记机关信息", None),
        ("pm2.5", "环境空气质量日报", None),
        ("蹲位数", "济南市公共厕所信息", None),
        ("民政局", "", "named"),
    ],
)
def test_people_find_what_they_ask_for(directory, query, first, step):
    result = search_for(query)
    assert result["count"] > 0
    assert first in titles(result)[0]
    if step:
        assert result["sdopen_search"]["step"] == step


def test_a_long_question_is_answered(directory):
    result = search_for("请问济南市养老机构收费标准和低保救助申请的办理流程材料电话地址一览表")
    assert result["count"] > 0
    assert result["sdopen_search"]["label"]


def test_entries_of_other_places_are_not_called_those_of_the_region(directory):
    # the department is of Jinan: nothing is of Qingdao, nothing of the province itself
    result = search_for("青岛低保")
    assert result["count"] > 0
    assert result["sdopen_search"]["step"] == "elsewhere"


def test_a_search_engine_that_does_not_answer_leaves_the_answer_to_the_database(
    directory, monkeypatch
):
    silent = solr_connection.Solr(f"http://127.0.0.1:{stack_state.free_port()}/solr/ckan")
    monkeypatch.setattr(probe, "connect", lambda **options: silent)
    assert search_for("没有问过的词语")["sdopen_search"]["degraded"]


@pytest.mark.parametrize("query", ["低保", "最低生活保障", "核查记录", "花名册", "姓名", "dibao"])
def test_no_step_shows_or_counts_what_a_citizen_may_not_see(directory, query):
    result = search_for(query, **{"facet.field": ["topics", "opening"]})
    assert not [title for title in titles(result) if "花名册" in title or "核查" in title]
    assert "none" not in result["facets"]["opening"]
    assert result["count"] == len(result["results"])


def test_a_government_account_sees_what_is_shared_and_not_what_is_closed(directory):
    result = search_for("低保", directory["official"])
    assert "最低生活保障对象花名册" in titles(result)
    assert "低保内部核查记录" not in titles(result)


def test_values_of_one_facet_mean_any_and_their_counts_stay(directory):
    asked = {"facet.field": ["topics", "opening"]}
    one = search_for("", fq='topics:"geography"', **asked)
    two = search_for("", fq='topics:"geography" topics:"environment"', **asked)
    assert (one["count"], two["count"]) == (2, 3)
    counts = {item["name"]: item["count"] for item in two["search_facets"]["topics"]["items"]}
    # the other topics keep the counts that choosing them too would add
    assert counts == {
        "geography": 2,
        "environment": 1,
        "social_security": 2,
        "business_registration": 1,
    }
    opening = {item["name"]: item["count"] for item in two["search_facets"]["opening"]["items"]}
    assert opening == {"unconditional": 3}


def test_values_of_two_facets_mean_both(directory):
    result = search_for("", fq='topics:"social_security" opening:"conditional"')
    assert titles(result) == ["城乡居民最低生活保障标准"]


def test_the_step_is_chosen_without_facets_and_holds_for_pages_and_sorts(directory):
    step = search_for("残联")["sdopen_search"]["step"]
    for parameters in (
        {"fq": 'topics:"environment"'},
        {"rows": 1, "start": 1},
        {"sort": "title_sort asc"},
    ):
        assert search_for("残联", **parameters)["sdopen_search"]["step"] == step


def test_titles_sort_by_pinyin(directory):
    listed = titles(search_for("", sort="title_sort asc"))
    assert listed[0].startswith("残疾人")
    assert listed[-1].startswith("烟台市")


def test_fielded_queries_and_everything_are_left_alone(directory):
    assert search_for("*:*")["count"] == 6
    assert search_for("*:*")["sdopen_search"]["step"] == ""
    assert search_for('title_bi:"厕所"')["count"] == 2
    assert search_for('title_bi:"厕所"')["sdopen_search"]["step"] == ""


def test_what_solr_refuses_is_answered_in_one_sentence_without_its_query(directory, portal_app):
    for parameters in ({"q": "metadata_modified:soon"}, {"q": "低保", "fq": "title:(("}):
        with pytest.raises(tk.ValidationError) as refusal:
            search_for(
                **{"query": parameters["q"], **{k: v for k, v in parameters.items() if k != "q"}}
            )
        said = str(refusal.value)
        assert "permission_labels" not in said
        assert "soon" not in said
    answer = portal_app.get("/dataset/", query_string={"q": "metadata_modified:soon"})
    assert answer.status_code == 400
    assert "permission_labels" not in answer.text


SIGNS = ("公厕?", ":公厕", "公厕:", "公厕^2", "公厕~", "公厕*", "“公厕", "公厕！", "《公厕》")
PASTED = ("<b>公厕</b>", "{!x}公厕", "公厕 AND", "AND 公厕", "公厕 ||", "NOT", "http://x.cn")


@pytest.mark.parametrize("query", [*SIGNS, *PASTED])
def test_signs_are_no_syntax(directory, query):
    found = search_for(query)
    if "公厕" in query:
        assert titles(found) == titles(search_for("公厕"))


def test_librarians_habits_work_in_chinese(directory):
    both = ["济南市公共厕所信息", "烟台市公共厕所信息"]
    assert sorted(titles(search_for('"公共厕所信息"'))) == both
    assert search_for("“共厕所公”")["count"] == 0
    assert titles(search_for("公共厕所 -烟台")) == both[:1]
    assert titles(search_for("公厕 －“烟台市”")) == both[:1]
    assert {*both, "婚姻登记机关信息"} <= set(titles(search_for("公厕 OR 婚姻登记")))
    assert search_for("-公共厕所")["count"] == 4
    assert "环境空气质量日报" in titles(search_for("pm2*"))


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        ({"query": "title:厕所"}, 2),
        ({"query": "title:(厕所 OR 婚姻)"}, 3),
        ({"query": "notes:每月更新"}, 6),
        ({"query": "title:公共厕* AND res_format:CSV"}, 1),
        ({"query": "", "fq": "title:廁所"}, 2),
        ({"query": "", "fq": "res_format:XLSX"}, 1),
        ({"query": "text:蹲位数"}, 1),
    ],
)
def test_developers_find_what_they_say(directory, parameters, count):
    assert search_for(**parameters)["count"] == count


def test_a_code_is_the_entry_itself_alone(directory):
    entry = search_for("婚姻登记")["results"][0]
    for code in (
        entry["id"],
        entry["id"].upper(),
        entry["name"],
        f"http://x.cn/dataset/{entry['name']}",
    ):
        found = search_for(code)
        assert [one["id"] for one in found["results"]] == [entry["id"]]
        assert found["sdopen_search"]["step"] == "entry"
        assert found["sdopen_search"]["label"]


def test_the_sentence_says_only_what_the_page_shows(directory):
    assert search_for("hydj")["sdopen_search"]["label"]
    none_left = search_for("hydj", fq='topics:"environment"')
    assert (none_left["count"], none_left["sdopen_search"]["label"]) == (0, "")
    found = asked.Asked("", "named", exact=2, near=3)
    assert "2" in actions._label(found, 5, is_filtered=False)
    filtered = actions._label(found, 3, is_filtered=True)
    assert filtered
    assert "2" not in filtered


def test_a_page_without_entries_says_what_to_do(directory, portal_app):
    filtered = portal_app.get("/dataset/", query_string={"q": "hydj", "topics": "environment"})
    assert 'href="/dataset/?q=hydj">去掉筛选条件' in filtered.text
    nothing = portal_app.get("/dataset/", query_string={"q": "zzqqvv"}).text
    assert "换一种说法" in nothing
    assert "去掉筛选条件" not in nothing
    phrase = portal_app.get("/dataset/", query_string={"q": "“公共厕所信息”"}).text
    assert "“公共厕所信息”共找到 2 条" in " ".join(phrase.split())
    assert "““" not in phrase
    # a long question stands in the box, not in the heading
    assert portal_app.get("/dataset/", query_string={"q": "低" * 90}).text.count("低" * 90) == 1


@pytest.mark.parametrize("query", ["b", "<i>", "AND", "???", "<script>alert(1)</script>"])
def test_letters_and_markup_find_no_crowd(directory, query):
    assert search_for(query)["count"] == 0


def test_traditional_characters_find_what_simplified_ones_do(directory):
    assert titles(search_for("殘疾人聯合會")) == titles(search_for("残疾人联合会")) != []


@pytest.mark.parametrize("query", ["低保", "没有这种东西", "gggg"])
def test_a_query_costs_two_requests_and_each_chosen_facet_one_more(directory, query, monkeypatch):
    probe.forget()
    requests = []
    send_request = pysolr.Solr._send_request

    def counted(self, method, path="", *args, **kwargs):
        requests.append(path)
        return send_request(self, method, path, *args, **kwargs)

    monkeypatch.setattr(pysolr.Solr, "_send_request", counted)
    search_for(query)
    assert len(requests) == 2
    requests.clear()
    search_for(query, fq='topics:"health"', **{"facet.field": ["topics"]})
    # the step is remembered: the search itself and one recount
    assert len(requests) == 2


def test_long_and_strange_texts_are_indexed(directory):
    row = ("𠮷野家" + "长" * 200, "unconditional", "unconditional", ["quality"], ["csv"], ["项"])
    entry = payload("long", *row, owner=directory["owner"]["id"])
    entry["notes"] = "字" * 40_000
    entry["info_items"] = [{"name": f"信息项{n}", "description": "述" * 50} for n in range(2_000)]
    created = call_action("package_create", dict(directory["boss"]), **entry)
    assert search_for("信息项1999")["results"][0]["id"] == created["id"]
    call_action("package_delete", dict(directory["boss"]), id=created["id"])


def test_documents_of_other_types_keep_what_ckan_made_of_them():
    made = {
        "id": "x",
        "title": "A title",
        "notes": "text",
        "tags": ["one"],
        "groups": ["g"],
        "data_dict": "{}",
        "validated_data_dict": "{}",
        "extras_中": None,
        "some_list": ["a", {"b": 1}],
        "too_long": "x" * 40_000,
        "bad": "a\x00b",
    }
    doc = chinese_fields.index_document(made)
    assert (doc["title"], doc["tags"], doc["groups"]) == ("A title", ["one"], ["g"])
    assert doc["some_list"] == ["a"]
    assert "too_long" not in doc
    assert doc["bad"] == "ab"


def _read(value):
    """Stored JSON as what it says: keys and extras may come in another order."""
    if not isinstance(value, str) or value[:1] != "{":
        return value
    said = json.loads(value)
    return {**said, "extras": sorted(said.get("extras", []), key=lambda extra: extra["key"])}


def test_the_batch_index_leaves_the_same_documents(directory):
    ids = [row[0] for row in model.Session.query(model.Package.id).filter_by(state="active")]
    connection = make_connection(decode_dates=False)

    def documents():
        stored = connection.search("*:*", rows=100, fq=f'site_id:"{tk.config["ckan.site_id"]}"')
        volatile = ("_version_", "indexed_ts")
        return {
            doc["id"]: {k: _read(v) for k, v in doc.items() if k not in volatile} for doc in stored
        }

    before = documents()
    assert send.index_entries(ids) == len(ids)
    send.make_visible()
    after = documents()
    assert set(after) == set(before)
    for identity, known in before.items():
        differing = {key for key in known if after[identity].get(key) != known[key]}
        assert not differing, [
            (key, part, known[key][part], after[identity][key].get(part))
            for key in differing
            for part in known[key]
            if known[key][part] != after[identity][key].get(part)
        ]


def test_a_data_authority_changes_the_synonyms_and_a_wrong_table_changes_nothing(
    directory, tmp_path, ckan_config, monkeypatch
):
    monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path))
    probe.forget()
    assert search_for("嘘嘘屋")["count"] == 0
    head = "主题\t关系\t官方词\t说法\n"
    with pytest.raises(tk.ValidationError, match="2"):
        call_action("sdopen_synonyms_update", table=head + "地理\t相同\t公共厕所\n")
    assert not call_action("sdopen_synonyms_show")["managed"]
    call_action("sdopen_synonyms_update", table=head + "地理\t相同\t公共厕所\t嘘嘘屋\n")
    probe.forget()
    assert search_for("嘘嘘屋")["count"] == 2
    official = {"user": directory["official"].name, "ignore_auth": False}
    with pytest.raises(tk.NotAuthorized):
        tk.get_action("sdopen_synonyms_update")(official, {"table": head})
