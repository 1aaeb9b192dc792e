"""Numbers are taken once, void ones never again; a re-coding leads to the entry that it was."""

import threading

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.sdopen.directory import narrow_table
from ckanext.sdopen.identifiers import resource_code
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    catalog,
    created,
    department,
    editor_of,
    errors_of,
    interface,
    shown,
    updated,
)

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture
def bureau():
    return department("山东省统计局")


@pytest.fixture
def city_bureau():
    return department("济南市统计局", "370100")


@pytest.fixture(scope="module")
def authority(clean_portal):
    """An administrator of the province's data authority."""
    body = department("山东省大数据局", "370000", is_authority=True)
    return editor_of(body, "admin")


def allowed(user):
    return {"user": user["name"], "ignore_auth": False}


def allocate(bureau, prefix, count=1, user=None, **more):
    context = allowed(user) if user else as_site()
    asked = {"owner_org": bureau["id"], "prefix": prefix, "count": count, **more}
    return call_action("sdopen_code_allocate", context, **asked)["codes"]


def numbers(prefix, **more):
    listed = call_action("sdopen_code_list", as_site(), prefix=prefix, **more)
    return [(row["code"], row["state"]) for row in listed["numbers"]]


def test_a_code_is_composed_and_taken_apart():
    assert resource_code.composed("307001", 123) == "307001/000123"
    parts = resource_code.parsed("30700112/0000123")
    assert (parts.prefix, parts.detail, parts.number) == ("30700112", "12", 123)
    assert resource_code.parsed("112461465423/798456").division == "12"
    assert resource_code.parsed("07A/1") is None
    with pytest.raises(ValueError):
        resource_code.composed("07A", 1)


def test_the_next_number_is_the_highest_ever_taken_plus_one(bureau):
    assert allocate(bureau, "307011", 2) == ["307011/000001", "307011/000002"]
    created(catalog(bureau["id"], title="一号目录", resource_code="307011/000007"))
    assert allocate(bureau, "307011") == ["307011/000008"]
    assert numbers("307011") == [
        ("307011/000001", "allocated"),
        ("307011/000002", "allocated"),
        ("307011/000007", "used"),
        ("307011/000008", "allocated"),
    ]


def test_numbers_of_other_regions_prefixes_and_kinds_are_counted_apart(bureau, city_bureau):
    assert allocate(bureau, "307012") == ["307012/000001"]
    assert allocate(city_bureau, "307012") == ["307012/000001"]
    assert allocate(bureau, "30701201") == ["30701201/000001"]
    assert allocate(bureau, "307012", kind="interface") == ["307012/000001"]


def test_fifty_at_once_take_fifty_numbers(bureau, portal_app):
    taken: list[str] = []
    failed: list[Exception] = []
    # imports use numbers of their own meanwhile
    created(catalog(bureau["id"], title="先有的", resource_code="307013/000010"))

    def take() -> None:
        with portal_app.flask_app.test_request_context():
            try:
                taken.extend(allocate(bureau, "307013"))
            except Exception as error:  # noqa: BLE001 the test tells of any
                failed.append(error)
            finally:
                model.Session.remove()

    threads = [threading.Thread(target=take) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(taken) == [f"307013/{number:06d}" for number in range(11, 61)]


def test_a_void_number_is_listed_and_never_issued_or_used_again(bureau, authority):
    (code,) = allocate(bureau, "307014")
    asked = {"code": code, "reason": "误取"}
    call_action("sdopen_code_void", allowed(authority), **asked)
    assert numbers("307014", state="void") == [(code, "void")]
    assert allocate(bureau, "307014") == ["307014/000002"]
    found = errors_of(catalog(bureau["id"], resource_code=code))
    assert "已作废" in found["resource_code"][0]
    with pytest.raises(tk.ValidationError) as refused:
        call_action("sdopen_code_void", allowed(authority), **asked)
    assert "code" in refused.value.error_dict


def test_a_purged_entrys_number_is_void(bureau):
    entry = created(catalog(bureau["id"], title="要清除的", resource_code="307015/000003"))
    call_action("dataset_purge", as_site(), id=entry["id"])
    assert numbers("307015") == [("307015/000003", "void")]
    assert allocate(bureau, "307015") == ["307015/000004"]


def test_a_number_of_another_department_is_not_taken(bureau):
    other = department("山东省气象局")
    (code,) = allocate(other, "307016")
    found = errors_of(catalog(bureau["id"], resource_code=code))
    assert "山东省气象局" in found["resource_code"][0]
    assert created(catalog(other["id"], resource_code=code))["resource_code"] == code


def test_a_prefix_and_a_stroke_get_the_next_number_at_the_save(bureau):
    user = editor_of(bureau)
    entry = created(catalog(bureau["id"], title="自动取号", resource_code="307017/"), user)
    assert entry["resource_code"] == "307017/000001"
    assert entry["name"] == "c-370000-307017-000001"
    # one that is refused takes no number
    errors_of(catalog(bureau["id"], title="", resource_code="307017/"))
    again = created(catalog(bureau["id"], title="又一个", resource_code="307017/"), user)
    assert again["resource_code"] == "307017/000002"
    assert again["subject"] == "017"


def test_who_takes_and_gives_up_numbers(bureau, city_bureau, authority):
    outsider, member = editor_of(city_bureau), editor_of(bureau, "member")
    for user in (outsider, member, factories.User()):
        with pytest.raises(tk.NotAuthorized):
            allocate(bureau, "307018", user=user)
    (code,) = allocate(bureau, "307018", user=editor_of(bureau))
    for user in (outsider, editor_of(bureau, "admin")):
        with pytest.raises(tk.NotAuthorized):
            call_action("sdopen_code_void", allowed(user), code=code, reason="不用")
    call_action("sdopen_code_list", allowed(outsider), prefix="307018")
    with pytest.raises(tk.NotAuthorized):
        call_action("sdopen_code_list", allowed(factories.User()), prefix="307018")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"owner_org": "nobody"}, "owner_org"),
        ({"prefix": "7"}, "prefix"),
        ({"prefix": ""}, "prefix"),
        ({"count": "many"}, "count"),
        ({"count": 1001}, "count"),
        ({"kind": "topic"}, "kind"),
    ],
)
def test_a_wrong_call_is_refused_for_its_argument(bureau, change, field):
    asked = {"owner_org": bureau["id"], "prefix": "307019", "count": 1, **change}
    with pytest.raises(tk.ValidationError) as refused:
        call_action("sdopen_code_allocate", as_site(), **asked)
    assert list(refused.value.error_dict) == [field]


def test_a_recoded_entry_answers_301_from_its_other_code_and_keeps_its_own(
    bureau, authority, portal_app
):
    entry = created(catalog(bureau["id"], title="改编码的目录", resource_code="307021/000001"))
    asked = {"id": entry["name"], "code": "308021/000009", "reason": "机构改革"}
    alias = call_action("sdopen_code_alias_create", allowed(authority), **asked)
    assert alias["name"] == "c-370000-308021-000009"
    answer = portal_app.get(f"/dataset/{alias['name']}", follow_redirects=False)
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith(f"/dataset/{entry['name']}")
    assert shown(entry["id"])["resource_code"] == "307021/000001"
    listed = call_action("sdopen_code_alias_list", {}, id=entry["id"])
    assert [row["code"] for row in listed] == ["308021/000009"]
    found = errors_of(catalog(bureau["id"], title="新目录", resource_code="308021/000009"))
    assert "已指向" in found["resource_code"][0]
    assert allocate(bureau, "308021") == ["308021/000010"]


def test_an_alias_of_what_may_not_be_read_answers_like_one_that_is_not_there(
    bureau, authority, portal_app
):
    closed = {"opening": "none", "closing_basis": "《统计法》第二十五条"}
    entry = created(
        catalog(bureau["id"], title="不开放的", resource_code="307022/000001", **closed)
    )
    asked = {"id": entry["id"], "code": "308022/000001", "reason": "机构改革"}
    call_action("sdopen_code_alias_create", allowed(authority), **asked)
    hidden = portal_app.get("/dataset/c-370000-308022-000001", follow_redirects=False)
    absent = portal_app.get("/dataset/c-370000-308022-999999", follow_redirects=False)
    assert (hidden.status_code, absent.status_code) == (404, 404)


@pytest.mark.parametrize("code", ["307023/000001", "308023/000001"])
def test_a_code_in_use_becomes_no_alias(bureau, authority, code):
    user = allowed(authority)
    for number, own in enumerate(("307023/000001", "307023/000002")):
        if not model.Package.get(f"c-370000-{own.replace('/', '-')}"):
            created(catalog(bureau["id"], title=f"目录{number}", resource_code=own))
    second = "c-370000-307023-000002"
    if code.startswith("308"):
        first = {"id": "c-370000-307023-000001", "code": code, "reason": "改编"}
        call_action("sdopen_code_alias_create", user, **first)
    with pytest.raises(tk.ValidationError) as refused:
        call_action("sdopen_code_alias_create", user, id=second, code=code, reason="改编")
    assert "code" in refused.value.error_dict


TREE = """代码\t名称\t使用单位
3\t部门信息资源\t
307\t省级及以下\t
307031\t统计\t山东省统计局
307032\t气象\t山东省气象局、山东省统计局
30703101\t人口统计\t山东省统计局
"""


@pytest.fixture
def tree(bureau, authority):
    department("山东省气象局")
    context = allowed(authority)
    call_action("sdopen_classification_update", context, table=TREE)
    yield TREE
    call_action("sdopen_classification_update", context, table="代码\t名称\t使用单位\n")


def test_the_classification_comes_back_as_it_was_written(tree):
    found = call_action("sdopen_classification_show", {})
    assert found["nodes"] == 5
    assert sorted(found["table"].splitlines()) == sorted(
        tree.replace("气象局、山东省统计局", "气象局、山东省统计局").splitlines()
    )
    parts = call_action("sdopen_code_show", {}, code="30703101/000005")["parts"]
    assert [part["title"] for part in parts] == ["部门信息资源", "省级及以下", "统计", "人口统计"]


def test_a_department_counts_under_its_own_prefixes_only(bureau, tree):
    other = department("山东省气象局")
    assert allocate(other, "")[0].startswith("307032/")
    with pytest.raises(tk.ValidationError) as refused:
        allocate(other, "307031")
    assert "307032" in refused.value.error_dict["prefix"][0]


def test_an_entry_under_a_foreign_prefix_is_warned_of(bureau, tree):
    other = department("山东省气象局")
    entry = catalog(other["id"], title="气象站", resource_code="307031/000044")
    found = call_action("sdopen_catalog_check", allowed(editor_of(other)), entries=[entry])
    codes = {f["code"]: f["severity"] for f in found["results"][0]["findings"]}
    assert codes["prefix_of_other_department"] == "warning"
    entry["resource_code"] = "309001/000044"
    found = call_action("sdopen_catalog_check", allowed(editor_of(other)), entries=[entry])
    assert "prefix_unknown" in {f["code"] for f in found["results"][0]["findings"]}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("代码\t名称\n", "第 1 行"),
        ("代码\t名称\t使用单位\n4\t其他\t\n", "第 2 行"),
        ("代码\t名称\t使用单位\n3\t部门\t\n30\t错位\t\n", "第 3 行"),
        ("代码\t名称\t使用单位\n3\t部门\t\n3\t部门\t\n", "重复"),
        ("代码,名称,使用单位\n307001,统计,\n", "上级"),
        ("代码\t名称\t使用单位\n3\t\t\n", "没有名称"),
        ("代码\t名称\t使用单位\n3\t部门\t火星局\n", "火星局"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line_and_nothing_changes(tree, authority, table, said):
    before = call_action("sdopen_classification_show", {})
    with pytest.raises(tk.ValidationError) as refused:
        call_action("sdopen_classification_update", allowed(authority), table=table)
    assert said in refused.value.error_dict["table"][0]
    assert call_action("sdopen_classification_show", {}) == before


def test_the_authority_of_a_region_alone_maintains_its_classification(
    bureau, authority, city_bureau
):
    city = department("济南市大数据局", "370100", is_authority=True)
    of_the_city, of_a_bureau = editor_of(city, "admin"), editor_of(bureau, "admin")
    table = "代码\t名称\t使用单位\n3\t部门信息资源\t\n"
    asked = {"region": "370100", "table": table}
    call_action("sdopen_classification_update", allowed(of_the_city), **asked)
    call_action("sdopen_classification_update", allowed(authority), **asked)
    for user, region in ((of_the_city, "370000"), (of_a_bureau, "370000")):
        with pytest.raises(tk.NotAuthorized):
            call_action("sdopen_classification_update", allowed(user), region=region, table=table)


def test_the_page_of_the_classification(tree, portal_app, authority):
    page = portal_app.get("/classification")
    assert "人口统计" in page.body
    assert "textarea" not in page.body
    file = portal_app.get("/classification.tsv")
    assert "307031\t统计" in file.body
    assert portal_app.get("/classification?region=1", expect_errors=True).status_code == 404
    assert portal_app.post("/classification", data={"table": tree}).status_code == 403
    token = call_action("api_token_create", as_site(), user=authority["name"], name="t")["token"]
    headers = {"Authorization": token}
    assert "textarea" in portal_app.get("/classification", headers=headers).body
    wrong = portal_app.post("/classification", data={"table": "x"}, headers=headers)
    assert wrong.status_code == 400
    assert "第 1 行" in wrong.body


def test_the_narrow_table_follows_every_entry(bureau, city_bureau):
    entry = created(catalog(bureau["id"], title="跟随的目录", resource_code="307041/000001"))
    other = created(interface(bureau["id"], title="跟随的接口", resource_code="307041/000001"))

    def row(one):
        found = model.Session.execute(
            narrow_table.entries.select().where(narrow_table.entries.c.id == one["id"])
        ).first()
        return (found.kind, found.code, found.owner_org, found.title, found.state)

    assert row(entry) == ("catalog", "307041/000001", bureau["id"], "跟随的目录", "active")
    assert row(other)[0] == "interface"
    updated(entry, title="改名的目录")
    assert row(entry)[3] == "改名的目录"
    call_action(
        "package_owner_org_update", as_site(), id=entry["id"], organization_id=city_bureau["id"]
    )
    assert row(entry)[2] == city_bureau["id"]
    assert shown(entry["id"])["region"] == "370000"
    call_action("package_delete", as_site(), id=entry["id"])
    assert row(entry)[4] == "deleted"


def narrow_rows() -> list[tuple]:
    return model.Session.execute(
        narrow_table.entries.select().order_by(narrow_table.entries.c.id)
    ).all()


def test_the_narrow_table_is_written_anew(bureau):
    created(catalog(bureau["id"], title="重建的目录", resource_code="307042/000001"))
    before = narrow_rows()
    model.Session.execute(narrow_table.entries.delete())
    told = []
    count = narrow_table.rebuild(told.append)
    assert count == sum(told) == len(before)
    assert narrow_rows() == before


@pytest.mark.parametrize(
    "title", ["定点 药店名录（2024年）", "定点药店名录(2024年)", "定点药店名录，2024年"]
)
def test_a_duplicate_by_punctuation_is_refused_within_one_provider(bureau, city_bureau, title):
    if not model.Package.get("c-370000-307043-000001"):
        created(catalog(bureau["id"], title="定点药店名录2024年", resource_code="307043/000001"))
    found = errors_of(catalog(bureau["id"], title=title, resource_code="307043/000002"))
    assert "定点药店名录2024年" in found["title"][0]
    assert ("307043/000002", "used") not in numbers("307043")
    twin = catalog(city_bureau["id"], title=title, resource_code=f"307043/{len(title):06d}")
    if not model.Package.get(f"c-370100-307043-{len(title):06d}"):
        found = call_action("sdopen_catalog_check", as_site(), **twin)
        codes = [f["code"] for f in found["results"][0]["findings"]]
        assert "title_twice" not in codes
