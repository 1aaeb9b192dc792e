"""Bytes of files: under random names, whole or not at all, gone when nobody gives them."""

import io
import resource as limits
from datetime import timedelta

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import call_action
from sqlalchemy import select, update

from ckanext.sdopen.entries import consequences
from ckanext.sdopen.entries.files import stored, sweeping
from ckanext.sdopen.entries.files.model import files
from ckanext.sdopen.moments import now
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    authority,
    catalog,
    created,
    department,
    editor_of,
)
from ckanext.sdopen.tests.entries.files.corpus.handed_in import (
    CSV,
    api,
    as_user,
    given,
    on_disk,
    path_of,
    rows_of,
    token_of,
)


@pytest.fixture(scope="module")
def bureau(publisher):
    return department("山东省水利厅", "370000")


@pytest.fixture(scope="module")
def entry(bureau):
    return created(catalog(bureau["id"], resource_code="307001/950001"))


def announced():
    """The files that wait for an entry."""
    return list(model.Session.scalars(select(files.c.name).where(files.c.resource_id.is_(None))))


def let_days_pass():
    """What is due some days from now is due."""
    model.Session.execute(update(files).where(files.c.due.is_not(None)).values(due=now()))
    model.Session.commit()


def test_bytes_stand_under_a_name_that_nobody_can_guess(publisher, entry):
    made = given(publisher, entry["id"])
    (row,) = rows_of(made["id"])
    assert row.name != made["id"]
    assert path_of(row.name).read_bytes() == CSV
    assert not path_of(made["id"]).exists()
    assert row.name not in str(call_action("package_show", as_user(publisher), id=entry["id"]))
    assert row.entry_id == entry["id"]


def test_a_file_is_replaced_by_the_commit_and_goes_when_its_days_are_over(
    portal_app, token, publisher, entry
):
    made = given(publisher, entry["id"])
    other = "名称\n另\n".encode()
    api(portal_app, token, "resource_patch", other, "b.csv", id=made["id"])
    old, new = rows_of(made["id"])
    assert path_of(old.name).read_bytes() == CSV
    assert path_of(new.name).read_bytes() == other
    assert (old.due - now()) > timedelta(days=29)
    assert new.due is None
    assert sweeping.sweep()[1] == 0
    let_days_pass()
    assert sweeping.remove_due() == 1
    assert not path_of(old.name).exists()
    assert [row.name for row in rows_of(made["id"])] == [new.name]


@pytest.mark.parametrize("how", ["resource_delete", "package_patch", "link", "dataset_purge"])
def test_a_file_that_nobody_gives_any_more_goes(publisher, bureau, how):
    code = {"resource_delete": 2, "package_patch": 3, "link": 4, "dataset_purge": 5}[how]
    own = created(catalog(bureau["id"], resource_code=f"307001/95000{code}"))
    made = given(publisher, own["id"])
    (row,) = rows_of(made["id"])
    if how == "link":
        link = {"url": "https://data.example.com/a.csv", "clear_upload": "true", "url_type": ""}
        call_action("resource_patch", as_user(publisher), id=made["id"], **link)
    elif how == "package_patch":
        call_action(how, as_user(publisher), id=own["id"], resources=[])
    else:
        call_action(how, as_site(), id=own["id"] if how == "dataset_purge" else made["id"])
    sweeping.mark()
    assert path_of(row.name).exists()
    let_days_pass()
    sweeping.remove_due()
    assert not path_of(row.name).exists()
    assert not rows_of(made["id"])


def test_what_is_given_is_never_swept(publisher, entry):
    made = given(publisher, entry["id"])
    call_action("package_delete", as_site(), id=entry["id"])
    sweeping.sweep()
    let_days_pass()
    sweeping.sweep()
    assert path_of(rows_of(made["id"])[0].name).exists()
    call_action("package_patch", as_site(), id=entry["id"], state="active")


def test_a_refused_save_leaves_nothing(monkeypatch, publisher, entry):
    before = on_disk()
    with pytest.raises(tk.ValidationError):
        given(publisher, entry["id"], record_count="viele")

    def fail(*args):
        raise RuntimeError("after the bytes were written")

    # what comes after the file is stored and before the commit
    with monkeypatch.context() as patched:
        patched.setattr(consequences, "follow_change", fail)
        with pytest.raises(RuntimeError):
            given(publisher, entry["id"])
    assert on_disk() == before
    assert not announced()


def test_a_save_that_was_killed_leaves_what_the_sweeper_finds(publisher, entry, monkeypatch):
    before = on_disk()
    # the end of a process leaves no time for anything
    monkeypatch.setattr(stored, "_forget_announced", lambda name: None)

    def die(*args):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(consequences, "follow_change", die)
        with pytest.raises(RuntimeError):
            given(publisher, entry["id"])
    assert len(on_disk() - before) == 1
    let_days_pass()
    sweeping.sweep()
    assert on_disk() == before
    assert not announced()


def test_no_room_is_507_and_leaves_nothing(portal_app, token, entry, ckan_config, monkeypatch):
    before = on_disk()
    monkeypatch.setitem(tk.config, "ckanext.sdopen.files.free_megabytes", 1 << 30)
    asked = {"package_id": entry["id"], "name": "x"}
    status, told = api(portal_app, token, "resource_create", CSV, "a.csv", **asked)
    assert status == 507
    assert "没有空间" in told["upload"][0]
    fields = {"id": "", "save": "go-metadata", "name": "x", "url": "", "url_type": "upload"}
    answer = portal_app.post(
        f"/dataset/{entry['name']}/resource/new",
        data={**fields, "upload": (io.BytesIO(CSV), "a.csv")},
        headers={"Authorization": token},
    )
    assert answer.status_code == 507
    assert "没有空间" in answer.body
    assert on_disk() == before
    assert not announced()


def test_a_disk_that_fills_up_while_a_file_is_written(publisher, entry):
    before, large = on_disk(), b"a,b\n" * (1 << 20)
    soft, hard = limits.getrlimit(limits.RLIMIT_FSIZE)
    # the kernel refuses what goes beyond, in the midst of the file
    limits.setrlimit(limits.RLIMIT_FSIZE, (2 << 20, hard))
    try:
        with pytest.raises(tk.ValidationError) as refused:
            given(publisher, entry["id"], large)
    finally:
        limits.setrlimit(limits.RLIMIT_FSIZE, (soft, hard))
    assert "no room" in refused.value.error_dict["upload"][0]
    assert on_disk() == before
    assert not announced()
    # and once there is room, all is as before
    made = given(publisher, entry["id"], large)
    assert path_of(rows_of(made["id"])[0].name).stat().st_size == len(large)


def test_a_file_whose_bytes_are_not_there_is_not_found(portal_app, publisher, entry):
    made = given(publisher, entry["id"])
    path_of(rows_of(made["id"])[0].name).unlink()
    answer = portal_app.get(f"/dataset/{entry['id']}/resource/{made['id']}/download/a.csv")
    assert answer.status_code == 404


def test_a_file_is_taken_away_at_once_by_the_authority_alone(
    portal_app, publisher, token, bureau, entry
):
    made = given(publisher, entry["id"])
    api(portal_app, token, "resource_patch", "名称\n".encode(), "b.csv", id=made["id"])
    paths = [path_of(row.name) for row in rows_of(made["id"])]
    assert all(path.exists() for path in paths)
    for user in (editor_of(bureau), editor_of(bureau, "admin"), authority("370100")):
        status, _ = api(portal_app, token_of(user), "sdopen_file_erase", id=made["id"])
        assert status == 403
    assert api(portal_app, token, "sdopen_file_erase", id=["x"])[0] == 409
    assert all(path.exists() for path in paths)
    status, told = api(portal_app, token, "sdopen_file_erase", id=made["id"])
    assert (status, told) == (200, {"id": made["id"], "removed": 2})
    assert not any(path.exists() for path in paths)
    shown = call_action("package_show", id=entry["id"])
    assert made["id"] not in [one["id"] for one in shown["resources"]]


def test_a_removed_file_can_be_erased_too(portal_app, token, publisher, entry):
    made = given(publisher, entry["id"])
    (row,) = rows_of(made["id"])
    call_action("resource_delete", as_site(), id=made["id"])
    assert path_of(row.name).exists()
    assert api(portal_app, token, "sdopen_file_erase", id=made["id"])[1]["removed"] == 1
    assert not path_of(row.name).exists()


def test_the_command_sweeps(cli, publisher, entry):
    made = given(publisher, entry["id"])
    (row,) = rows_of(made["id"])
    call_action("resource_delete", as_site(), id=made["id"])
    said = cli.invoke(ckan, ["sdopen", "files", "sweep"])
    assert said.exit_code == 0, said.output
    assert "0 files removed, 1 more" in said.output
    let_days_pass()
    assert "1 files removed" in cli.invoke(ckan, ["sdopen", "files", "sweep"]).output
    assert not path_of(row.name).exists()
