"""Who read rows of a table that is not open to everybody stands in the audit log."""

import json

import ckan.plugins.toolkit as tk
import flask
import pytest
from ckan import model
from ckan.tests.helpers import call_action
from ckanext.datastore.logic.action import datastore_search_sql
from sqlalchemy import text

from ckanext.sdopen.audit import log
from ckanext.sdopen.table_publishing import downloads
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    authority,
    catalog,
    created,
    department,
    editor_of,
)
from ckanext.sdopen.tests.corpus.planted import CLASSES
from ckanext.sdopen.tests.entries.files.corpus.handed_in import api, given, token_of

ROWS = {"draw": "1", "start": "0", "length": "10", "search[value]": ""}


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
def tables(publisher):
    """{class: resource with a table of one row and a view} of published entries."""
    owner = department("山东省水利厅", "370000")
    found = {}
    for number, (name, values) in enumerate(CLASSES.items()):
        payload = catalog(owner["id"], resource_code=f"307001/92100{number}", **values)
        found[name] = given(publisher, created({**payload, "state": "active"})["id"])
        call_action(
            "datastore_create",
            as_site(),
            resource_id=found[name]["id"],
            force=True,
            aliases=f"sdopen_read_{number}",
            fields=[{"id": "名称", "type": "text"}],
            records=[{"名称": "水库"}],
        )
        found[name]["view"] = call_action(
            "resource_view_create",
            as_site(),
            resource_id=found[name]["id"],
            title="表",
            view_type="datatables_view",
        )["id"]
    return found


def of_reads(told, *columns):
    return [row[1:] for row in told("kind", *columns) if row[0] == "download"]


def previewed(portal_app, resource, token):
    """What the view of a table asks for its rows."""
    address = f"/datatables/ajax/{resource['view']}"
    return portal_app.post(address, data=ROWS, headers={"Authorization": token})


@pytest.mark.parametrize("name", [name for name in CLASSES if name != "open"])
def test_a_question_for_rows_that_not_everybody_may_have_is_told_once(
    portal_app, tables, officer, token, told, name
):
    resource = tables[name]
    status, found = api(portal_app, token, "datastore_search", resource_id=resource["id"])
    assert (status, found["records"][0]["名称"]) == (200, "水库")
    details = {"entry": resource["package_id"], "part": "table", "by": "query"}
    row = ("done", officer["name"], "resource", resource["id"], details)
    columns = ("result", "account", "object_type", "object_id", "details")
    assert of_reads(told, *columns) == [row]
    # the view asks twice: how many there are, and the rows
    assert "水库" in json.loads(previewed(portal_app, resource, token).body)["data"][0]["名称"]
    assert of_reads(told, *columns) == [row, row]


def test_another_name_or_conditions_without_rows_are_a_question_too(
    portal_app, tables, token, told
):
    number = list(CLASSES).index("shared")
    asked = {"resource_id": f"sdopen_read_{number}", "limit": 0, "filters": {"名称": "水库"}}
    assert api(portal_app, token, "datastore_search", **asked)[1]["total"] == 1
    assert of_reads(told, "object_id") == [(tables["shared"]["id"],)]


def test_open_rows_the_columns_and_what_nobody_got_are_not_told(portal_app, tables, token, told):
    assert api(portal_app, token, "datastore_search", resource_id=tables["open"]["id"])[0] == 200
    assert previewed(portal_app, tables["open"], token).status_code == 200
    closed = tables["closed"]["id"]
    assert api(portal_app, token, "datastore_search", resource_id=closed, limit=0)[0] == 200
    assert api(portal_app, token, "datastore_info", id=closed)[0] == 200
    wrong = {"resource_id": closed, "sort": "there_is_none asc"}
    assert api(portal_app, token, "datastore_search", **wrong)[0] == 409
    stranger = token_of(editor_of(department("青岛市气象局", "370200")))
    assert api(portal_app, stranger, "datastore_search", resource_id=closed)[0] == 404
    assert of_reads(told) == []


@pytest.mark.parametrize("way", ["action", "view"])
def test_without_the_log_no_row_is_given(portal_app, tables, token, told, monkeypatch, way):
    def asked(name):
        if way == "view":
            return previewed(portal_app, tables[name], token)
        address = f"/api/3/action/datastore_search?resource_id={tables[name]['id']}"
        return portal_app.get(address, headers={"Authorization": token})

    with monkeypatch.context() as broken:
        broken.setattr(log, "_INSERT", text("INSERT INTO sdopen_audit_gone VALUES (:kind)"))
        answer = asked("shared")
        assert answer.status_code == 503
        assert "水库" not in answer.get_data(as_text=True)
        assert "\\u6c34" not in answer.get_data(as_text=True)
        assert int(answer.headers["Retry-After"]) > 0
        assert asked("open").status_code == 200, "what everybody may have needs no row"
    assert asked("shared").status_code == 200
    assert of_reads(told, "object_id") == [(tables["shared"]["id"],)]


def by_sql(reader, *resources):
    """What a statement over tables gives, as where the portal lets people use SQL."""
    context = {"user": reader["name"], "auth_user_obj": model.User.get(reader["name"])}
    names = ", ".join(f'"{one["id"]}" t{n}' for n, one in enumerate(resources))
    found = datastore_search_sql(context, {"sql": f'SELECT t0."名称" FROM {names}'})
    return found["records"]


def test_a_statement_tells_of_each_of_its_tables(portal_app, tables, officer, told):
    resources = [tables["closed"], tables["open"], tables["shared_conditional"]]
    with portal_app.flask_app.test_request_context():
        assert by_sql(officer, *resources) == [{"名称": "水库"}]
        assert downloads.recorded(flask.Response()).status_code == 200
    expected = [(tables[name]["id"],) for name in ("closed", "shared_conditional")]
    assert sorted(of_reads(told, "object_id")) == sorted(expected)


def test_by_sql_nobody_reads_a_table_that_is_given_on_application_only(portal_app, tables):
    elsewhere = editor_of(department("青岛市气象局", "370200"))
    refused = pytest.raises(tk.NotAuthorized, match="申请")
    with portal_app.flask_app.test_request_context(), refused:
        by_sql(elsewhere, tables["open"], tables["shared_conditional"])
