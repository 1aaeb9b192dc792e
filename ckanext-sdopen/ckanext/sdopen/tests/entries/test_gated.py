"""Every write of an entry meets the gate: what is not let through changes nothing and says why."""

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.uploader import get_resource_uploader
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy import text
from werkzeug.datastructures import FileStorage

from ckanext.sdopen.ckan_seams import guard
from ckanext.sdopen.entries import gate
from ckanext.sdopen.tests.bulk.corpus.sending import bulk, results, withdraw
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    authority,
    catalog,
    created,
    department,
    editor_of,
    shown,
)

CSV = "药店名称,地址\n历下大药房,泺源大街1号\n"


class Reviewer:
    """A plugin that gives every write the same verdict, and notes what it keeps in a table."""

    def __init__(self, verdict: gate.Verdict | None) -> None:
        self.verdict = verdict
        self.asked: list[gate.Asked] = []
        self.permissions: list[gate.Permissions] = []

    def decide(self, asked, permissions):
        self.asked += asked
        self.permissions.append(permissions)
        return [self.verdict] * len(asked)

    def keep_pending(self, asked, permissions):
        insert = text("INSERT INTO kept_for_review VALUES (:id, :act)")
        for one in asked:
            model.Session.execute(insert, {"id": one.entry_id, "act": one.act})

    def after_bulk(self, entry_ids):
        assert entry_ids == []


@pytest.fixture(scope="module")
def cast(clean_portal):
    """A published entry with a file and a table, a draft, and who writes them."""
    user, bureau = authority(), department("山东省医疗保障局")
    other, sysadmin = department("山东省统计局"), factories.Sysadmin()
    published = created(catalog(bureau["id"], resource_code="307611/000001"), user)
    file = called(
        user["name"],
        "resource_create",
        package_id=published["id"],
        name="名录",
        format="CSV",
        url_type="upload",
        upload=FileStorage(io.BytesIO(CSV.encode()), "a.csv"),
    )
    table = called(
        user["name"], "resource_create", package_id=published["id"], url="http://a.org/b"
    )
    rows = {"fields": [{"id": "药店名称", "type": "text"}], "records": [{"药店名称": "甲"}]}
    called(
        user["name"],
        "datastore_create",
        resource_id=table["id"],
        force=True,
        primary_key=["药店名称"],
        **rows,
    )
    draft = created(catalog(bureau["id"], resource_code="307611/000002", state="draft"), user)
    return SimpleNamespace(
        user=user["name"],
        editor=editor_of(bureau)["name"],
        sysadmin=sysadmin["name"],
        bureau=bureau["id"],
        other=other["id"],
        published=published["id"],
        draft=draft["id"],
        file=file["id"],
        table=table["id"],
    )


def called(user: str, action: str, **data: Any) -> Any:
    context = {"user": user, "ignore_auth": False, "auth_user_obj": model.User.get(user)}
    return call_action(action, context, **data)


@pytest.fixture
def kept():
    """What the plugin has kept: (id, act)."""
    with model.meta.engine.begin() as own:
        own.execute(text("CREATE TABLE kept_for_review (id text, act text)"))
    asked = text("SELECT id, act FROM kept_for_review")
    yield lambda: [tuple(row) for row in model.Session.execute(asked)]
    model.Session.remove()
    with model.meta.engine.begin() as own:
        own.execute(text("DROP TABLE kept_for_review"))


def reviewed_by(monkeypatch, verdict: gate.Verdict | None) -> Reviewer:
    plugin = Reviewer(verdict)
    monkeypatch.setattr(gate, "PluginImplementations", lambda _: [plugin])
    return plugin


def taken(cast) -> dict[str, Any]:
    """All that a write of these entries could change."""
    model.Session.remove()
    path = get_resource_uploader({"id": cast.file}).get_path(cast.file)
    with open(path, encoding="utf-8") as stored:
        file = stored.read()
    return {
        "entries": [shown(one) for one in (cast.published, cast.draft)],
        "file": file,
        "rows": call_action("datastore_search", as_site(), resource_id=cast.table)["records"],
        "packages": model.Session.query(model.Package).count(),
        "members": model.Session.query(model.Member).filter_by(state="active").count(),
    }


Write = Callable[[Any], Any]


def changed(action: str, which: str = "published", **data: Any) -> Write:
    """A write of one of the entries by an account that may do it."""
    return lambda cast: called(cast.user, action, id=getattr(cast, which), **data)


def upload() -> FileStorage:
    return FileStorage(io.BytesIO("药店名称,地址\n乙,丙\n".encode()), "b.csv")


def whole(cast) -> dict[str, Any]:
    return {**shown(cast.published), "notes": "整条改过的摘要，覆盖全省。"}


def rows(**more: Any) -> dict[str, Any]:
    return {"records": [{"药店名称": "乙"}], "force": True, **more}


SAVES: dict[str, Write] = {
    "package_create": lambda c: called(
        c.user, "package_create", **catalog(c.bureau, resource_code="307611/000003")
    ),
    "package_update": lambda c: called(c.user, "package_update", **whole(c)),
    "package_patch": changed("package_patch", notes="改过的摘要，覆盖全省。"),
    "package_revise": lambda c: called(
        c.user, "package_revise", match={"id": c.published}, update={"notes": "修订的摘要。"}
    ),
    "sdopen_entry_publish": changed("sdopen_entry_publish", "draft"),
    "resource_create": lambda c: called(
        c.user, "resource_create", package_id=c.published, url="http://a.org/c", upload=upload()
    ),
    "resource_update": lambda c: called(
        c.user, "resource_update", id=c.file, name="名录", upload=upload(), url_type="upload"
    ),
    "resource_patch": changed("resource_patch", "table", name="新名称"),
    "resource_delete": changed("resource_delete", "table"),
    "package_resource_reorder": lambda c: called(
        c.user, "package_resource_reorder", id=c.published, order=[c.table, c.file]
    ),
}
OTHERS: dict[str, tuple[str, Write]] = {
    "sdopen_entry_withdraw": (gate.WITHDRAW, changed("sdopen_entry_withdraw", reason="停用")),
    "package_owner_org_update": (
        gate.MOVE,
        lambda c: called(
            c.sysadmin, "package_owner_org_update", id=c.published, organization_id=c.other
        ),
    ),
    "package_delete": (gate.DELETE, lambda c: called(c.sysadmin, "package_delete", id=c.published)),
    "dataset_purge": (gate.PURGE, lambda c: called(c.sysadmin, "dataset_purge", id=c.published)),
    "datastore_create": (
        gate.TABLE,
        lambda c: called(c.user, "datastore_create", resource_id=c.table, **rows()),
    ),
    "datastore_upsert": (
        gate.TABLE,
        lambda c: called(c.user, "datastore_upsert", resource_id=c.table, **rows()),
    ),
    "datastore_delete": (
        gate.TABLE,
        lambda c: called(c.user, "datastore_delete", resource_id=c.table, force=True),
    ),
    "datastore_records_delete": (
        gate.TABLE,
        lambda c: called(
            c.user, "datastore_records_delete", resource_id=c.table, filters={}, force=True
        ),
    ),
}
DOORS = {**{name: (gate.SAVE, write) for name, write in SAVES.items()}, **OTHERS}


@pytest.mark.parametrize("verdict", [gate.PENDING, gate.REJECT])
@pytest.mark.parametrize("door", DOORS)
def test_what_is_not_let_through_changes_nothing_and_says_why(
    cast, monkeypatch, kept, door, verdict
):
    act, write = DOORS[door]
    before = taken(cast)
    plugin = reviewed_by(monkeypatch, gate.Verdict(verdict, "请先审核"))
    with pytest.raises((tk.ValidationError, tk.NotAuthorized), match="请先审核"):
        write(cast)
    assert [one.act for one in plugin.asked] == [act]
    # what waits is kept by who has it wait, and by nobody else
    ids = [(one.entry_id, one.act) for one in plugin.asked]
    assert kept() == (ids if verdict == gate.PENDING else [])
    monkeypatch.undo()
    assert taken(cast) == before


@pytest.mark.parametrize("verdict", [gate.PENDING, gate.REJECT])
def test_a_verdict_without_a_reason_has_a_sentence(cast, monkeypatch, kept, verdict):
    reviewed_by(monkeypatch, gate.Verdict(verdict))
    with pytest.raises(tk.ValidationError) as refused:
        SAVES["package_patch"](cast)
    (told,) = refused.value.error_dict["state"]
    assert told == gate.sentence(gate.Verdict(verdict))


def test_the_gate_is_told_the_whole_record_and_who_writes(cast, monkeypatch, kept):
    plugin = reviewed_by(monkeypatch, gate.Verdict(gate.REJECT, "x"))
    for door in ("package_create", "package_patch", "sdopen_entry_publish"):
        with pytest.raises(tk.ValidationError):
            SAVES[door](cast)
    new, patched, published = plugin.asked
    assert (new.is_new, new.state_before, new.record["state"]) == (True, "", "active")
    assert new.record["name"] == "c-370000-307611-000003"
    assert (patched.is_new, patched.state_before) == (False, "active")
    assert patched.record["title"]
    assert patched.record["notes"].startswith("改过")
    assert (published.state_before, published.record["state"]) == ("draft", "active")
    assert {one.region for one in plugin.asked} == {"370000"}
    (who, *_) = plugin.permissions
    assert who.publishes("370000")
    assert not who.trusted
    assert not who.is_sysadmin
    assert who.user_id() == model.User.get(cast.user).id


@pytest.mark.parametrize("door", DOORS)
def test_who_may_not_write_is_told_that_and_the_gate_nothing(cast, monkeypatch, door):
    plugin = reviewed_by(monkeypatch, gate.Verdict(gate.REJECT, "请先审核"))
    stranger = SimpleNamespace(**{**vars(cast), "user": cast.editor, "sysadmin": cast.editor})
    if door in ("package_create",):
        stranger.user = factories.User()["name"]
    with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
        DOORS[door][1](stranger)
    assert plugin.asked == []


def bulk_updated(cast, door: str, *ids: str) -> None:
    called(cast.user, door, datasets=list(ids), org_id=cast.bureau)


def test_what_ckan_deletes_in_bulk_meets_the_gate(cast, monkeypatch, kept):
    before = taken(cast)
    plugin = reviewed_by(monkeypatch, gate.Verdict(gate.PENDING, "请先审核"))
    with pytest.raises(tk.ValidationError, match="请先审核"):
        bulk_updated(cast, "bulk_update_delete", cast.draft)
    assert [one.record["state"] for one in plugin.asked] == ["deleted"]
    assert kept() == [(cast.draft, gate.SAVE)]
    # a published one is withdrawn instead, whatever the gate says
    with pytest.raises(tk.ValidationError, match="sdopen_entry_withdraw"):
        bulk_updated(cast, "bulk_update_delete", cast.published)
    monkeypatch.undo()
    assert taken(cast) == before


@pytest.mark.parametrize("door", ["bulk_update_private", "bulk_update_public"])
def test_who_reads_an_entry_follows_from_it_and_is_not_set_in_bulk(cast, monkeypatch, kept, door):
    before = taken(cast)
    plugin = reviewed_by(monkeypatch, gate.Verdict(gate.REJECT, "请先审核"))
    bulk_updated(cast, door, cast.published, cast.draft)
    # nothing changes, so that there is nothing to ask about
    assert plugin.asked == []
    monkeypatch.undo()
    assert taken(cast) == before


def test_departments_are_merged_with_all_their_entries_or_not_at_all(cast, monkeypatch, kept):
    before = taken(cast)
    plugin = reviewed_by(monkeypatch, gate.Verdict(gate.PENDING, "请先审核"))
    both = {"from": cast.bureau, "into": cast.other}
    with pytest.raises(tk.NotAuthorized, match="请先审核"):
        called(cast.user, "sdopen_department_merge", **both)
    assert {one.entry_id for one in plugin.asked} == {cast.published, cast.draft}
    assert {(one.act, one.record["owner_org"]) for one in plugin.asked} == {(gate.MOVE, cast.other)}
    assert kept() == []
    monkeypatch.undo()
    assert taken(cast) == before
    assert model.Group.get(cast.bureau).state == "active"


def test_a_batch_is_told_which_of_its_records_wait(cast, monkeypatch, kept):
    before = taken(cast)
    plugin = reviewed_by(monkeypatch, gate.Verdict(gate.PENDING))
    user = {"name": cast.user}
    answer = bulk(user, [catalog(cast.bureau, resource_code="307611/000009")])
    assert results(answer) == ["pending"]
    assert results(withdraw(user, [cast.published])) == ["pending"]
    assert [one.act for one in plugin.asked] == [gate.SAVE, gate.WITHDRAW]
    assert plugin.asked[1].record["withdrawn_reason"] == "数据源停用"
    assert kept() == [(one.entry_id, one.act) for one in plugin.asked]
    monkeypatch.setattr(guard, "unknown", lambda asked: "other" if asked == guard.BULK else "")
    again = withdraw(user, [cast.published])
    assert (results(again), again["way"]) == (["pending"], "actions")
    monkeypatch.undo()
    assert taken(cast) == before


def form_of(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry as its form sends it: a field for each cell of a table."""
    sent: dict[str, Any] = {}
    for name, value in entry.items():
        if name == "info_items":
            cells = ((n, part, v) for n, row in enumerate(value) for part, v in row.items())
            sent |= {f"{name}-{number}-{part}": str(v) for number, part, v in cells}
        elif name not in ("id", "name", "type", "tags", "resources", "groups", "organization"):
            sent[name] = value if isinstance(value, str | list) else str(value or "")
    return sent


def test_a_form_shows_why_nothing_was_saved(cast, monkeypatch, kept, portal_app):
    before = taken(cast)
    reviewed_by(monkeypatch, gate.Verdict(gate.PENDING, "已提交审核"))
    sent = form_of(shown(cast.draft))
    user = factories.UserWithToken(sysadmin=True)
    answer = portal_app.post(
        f"/dataset/edit/{cast.draft}",
        data={**sent, "notes": "表单改过的摘要。", "save": ""},
        headers={"Authorization": user["token"]},
    )
    assert answer.status_code == 200
    assert "已提交审核" in answer.body
    monkeypatch.undo()
    assert taken(cast) == before


def test_a_page_that_deletes_says_why_it_does_not(cast, monkeypatch, kept, portal_app):
    reviewed_by(monkeypatch, gate.Verdict(gate.REJECT, "请先审核"))
    user = factories.UserWithToken(sysadmin=True)
    answer = portal_app.post(
        f"/dataset/delete/{cast.published}", headers={"Authorization": user["token"]}
    )
    assert answer.status_code == 403
    assert "请先审核" in answer.body
    assert shown(cast.published)["state"] == "active"


def test_what_no_plugin_decides_is_written_once_and_asked_once(cast, monkeypatch):
    plugin = reviewed_by(monkeypatch, None)
    changed("package_patch", notes="放行的摘要，覆盖全省。")(cast)
    assert len(plugin.asked) == 1
    assert shown(cast.published)["notes"] == "放行的摘要，覆盖全省。"
    # what changes nothing is not asked about
    changed("package_patch", notes="放行的摘要，覆盖全省。")(cast)
    assert len(plugin.asked) == 1
