"""Who took data that is not open to everybody stands in the audit log, else it is not given."""

import pytest
from ckan.tests.helpers import call_action
from sqlalchemy import text

from ckanext.sdopen.audit import log
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    authority,
    catalog,
    created,
    department,
    editor_of,
)
from ckanext.sdopen.tests.corpus.planted import CLASSES
from ckanext.sdopen.tests.entries.files.corpus.handed_in import (
    CSV,
    api,
    given,
    path_of,
    rows_of,
    token_of,
)


@pytest.fixture(scope="module")
def publisher(clean_portal):
    return authority()


@pytest.fixture(scope="module")
def officer(publisher):
    """An account of the providing department, which reads all of its data."""
    return editor_of(department("山东省水利厅", "370000"), "member")


@pytest.fixture(scope="module")
def token(officer):
    return token_of(officer)


@pytest.fixture(scope="module")
def files(publisher):
    """{class: resource with a file and a table} of published entries, and of a draft."""
    owner = department("山东省水利厅", "370000")
    found = {}
    for number, (name, values) in enumerate({**CLASSES, "draft": CLASSES["open"]}.items()):
        state = "draft" if name == "draft" else "active"
        payload = catalog(owner["id"], resource_code=f"307001/92000{number}", **values, state=state)
        found[name] = given(publisher, created(payload)["id"])
        call_action(
            "datastore_create",
            as_site(),
            resource_id=found[name]["id"],
            force=True,
            aliases=f"sdopen_alias_{number}",
            fields=[{"id": "名称", "type": "text"}],
            records=[{"名称": "水库"}],
        )
    return found


def addresses(resource):
    """The addresses that give a file and its table."""
    file = f"/dataset/{resource['package_id']}/resource/{resource['id']}/download/a.csv"
    return {"file": file, "table": f"/datastore/dump/{resource['id']}"}


def of_downloads(told, *columns):
    return [row[1:] for row in told("kind", *columns) if row[0] == "download"]


@pytest.mark.parametrize("part", ["file", "table"])
@pytest.mark.parametrize("name", [name for name in CLASSES if name != "open"])
def test_a_download_of_what_not_everybody_may_have_is_told(
    portal_app, files, officer, token, told, name, part
):
    resource = files[name]
    answer = portal_app.get(addresses(resource)[part], headers={"Authorization": token})
    assert answer.status_code == 200
    assert "水库" in answer.get_data(as_text=True)
    columns = ("result", "account", "object_type", "object_id", "details")
    details = {"entry": resource["package_id"], "part": part}
    assert of_downloads(told, *columns) == [
        ("done", officer["name"], "resource", resource["id"], details)
    ]
    address, request_id = of_downloads(told, "address", "request_id")[0]
    assert address
    assert request_id


def test_a_table_is_told_by_its_other_name_and_a_draft_as_well(
    portal_app, files, publisher, token, told
):
    number = list(files).index("shared")
    portal_app.get(f"/datastore/dump/sdopen_alias_{number}", headers={"Authorization": token})
    own = {"Authorization": token_of(publisher)}
    assert portal_app.get(addresses(files["draft"])["file"], headers=own).status_code == 200
    assert of_downloads(told, "object_id") == [(files["shared"]["id"],), (files["draft"]["id"],)]


def test_what_everybody_may_have_is_not_told_nor_what_nobody_got(portal_app, files, token, told):
    reader = {"Authorization": token}
    for address in addresses(files["open"]).values():
        assert portal_app.get(address, headers=reader).status_code == 200
        assert portal_app.get(address).status_code == 200
    for address in addresses(files["shared"]).values():
        asked = portal_app.client.open(address, method="HEAD", headers=reader)
        assert asked.status_code == 200
        assert portal_app.get(address).status_code in (403, 404)
    stranger = {"Authorization": token_of(editor_of(department("青岛市气象局", "370200")))}
    for address in addresses(files["closed"]).values():
        assert portal_app.get(address, headers=stranger).status_code in (403, 404)
    assert of_downloads(told) == []


@pytest.mark.parametrize("part", ["file", "table"])
def test_without_the_log_nothing_is_given(portal_app, files, token, told, monkeypatch, part):
    monkeypatch.setattr(log, "_INSERT", text("INSERT INTO sdopen_audit_gone VALUES (:kind)"))
    reader = {"Authorization": token}
    answer = portal_app.get(addresses(files["shared"])[part], headers=reader)
    assert answer.status_code == 503
    assert "水库" not in answer.get_data(as_text=True)
    assert "sdopen_audit_gone" not in answer.get_data(as_text=True)
    assert int(answer.headers["Retry-After"]) > 0
    assert "Content-Disposition" not in answer.headers
    open_to_all = portal_app.get(addresses(files["open"])[part], headers=reader)
    assert open_to_all.status_code == 200, "what everybody may have needs no row"
    monkeypatch.undo()
    again = portal_app.get(addresses(files["shared"])[part], headers=reader)
    assert again.status_code == 200
    assert of_downloads(told, "object_id") == [(files["shared"]["id"],)]


def test_erasing_a_file_is_told_or_not_done(portal_app, publisher, told, monkeypatch):
    owner = department("山东省水利厅", "370000")
    entry = created(catalog(owner["id"], resource_code="307001/920009"))
    made = given(publisher, entry["id"])
    call_action("resource_delete", as_site(), id=made["id"])
    kept = path_of(rows_of(made["id"])[0].name)
    token = token_of(publisher)
    with monkeypatch.context() as broken:
        broken.setattr(log, "_INSERT", text("INSERT INTO sdopen_audit_gone VALUES (:kind)"))
        status = portal_app.post(
            "/api/3/action/sdopen_file_erase",
            json={"id": made["id"]},
            headers={"Authorization": token},
        ).status_code
    assert status >= 500
    assert kept.read_bytes() == CSV
    before = len(told())
    assert api(portal_app, token, "sdopen_file_erase", id=made["id"])[0] == 200
    assert not kept.exists()
    rows = told("kind", "account", "object_id", "details")[before:]
    erased = {"file_erased": made["id"]}
    assert rows == [("entry_update", publisher["name"], entry["id"], erased)]
