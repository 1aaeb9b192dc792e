"""A small province in the real database, index and DataStore."""

import json
import stat
from dataclasses import replace
from itertools import islice

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import call_action
from sqlalchemy import event

from ckanext.sdopen.bench.faults.fault import Mode
from ckanext.sdopen.bench.faults.proxy import standing_before
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.index.documents import send
from ckanext.sdopen.jobs import leases
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.entries.departments import AUTHORITY, department
from ckanext.sdopen.sample.entries.places import PROVINCE
from ckanext.sdopen.sample.loading import accounts, loading
from ckanext.sdopen.sample.tables.publishing import tables_job
from ckanext.sdopen.sample.tables.resources import resource_id
from ckanext.sdopen.tests.corpus.portal import empty_portal

SMALL = Province(catalogs=60)
TABLE = next(entry for entry in Province().catalog_entries() if entry.payload["record_count"] < 200)


def ignored(count: int) -> None:
    """Nobody watches the progress."""


def catalogs_and_interfaces() -> list:
    return [*SMALL.catalog_entries(), *SMALL.interface_entries()]


def state() -> dict[str, list]:
    """What stands in the tables that a load writes, row by row."""
    model.Session.remove()
    rows = {}
    for name in ("package", "group", "resource", "member", "tag", "package_tag", "activity"):
        query = f'SELECT t::text FROM "{name}" t ORDER BY 1'
        rows[name] = list(model.Session.connection().exec_driver_sql(query))
    return rows


def test_a_load_whose_entries_wait_for_the_index_in_vain_says_how_many_and_goes_on(
    clean_portal, monkeypatch
):
    outbox.enqueue([entry.id for entry in catalogs_and_interfaces()][:3])
    model.Session.commit()
    told: list[int] = []
    with standing_before(str(tk.config["solr_url"])) as proxy:
        monkeypatch.setitem(tk.config, "solr_url", proxy.url)
        with proxy.fault(Mode.REFUSE):
            assert loading.index(told.append, patience=0) == 3
        assert told == [0]
        assert loading.index(told.append) == 0
        assert told == [0, 3]


@pytest.fixture(scope="module")
def loaded(clean_portal):
    """The small province, the departments of the whole one, one more catalog."""
    loading.load_topics(ignored)
    loading.load_departments(Province(), ignored)
    loading.load_entries([*catalogs_and_interfaces(), TABLE], ignored)
    loading.index(ignored)


def found_by(user: str, **query) -> int:
    context = {"user": user, "ignore_auth": False}
    return tk.get_action("package_search")(
        context, {"rows": 0, "q": "*:*", "include_private": True, **query}
    )["count"]


def expected(sees) -> int:
    entries = [*catalogs_and_interfaces(), TABLE]
    return sum(sees(entry.payload) for entry in entries)


@pytest.mark.usefixtures("loaded")
class TestLoaded:
    """What a load leaves."""

    def test_anyone_sees_what_is_open(self):
        assert found_by("") == expected(lambda e: e["opening"] != "none") > 0

    def test_a_government_account_sees_what_is_shared_too(self, tmp_path):
        accounts.make(tmp_path / "accounts.json", loading.site_context())
        own = department("shichang", PROVINCE).id
        sees = expected(lambda e: e["sharing"] != "none" or e["owner_org"] == own)
        assert found_by("cataloguer") == sees > found_by("")

    def test_the_citizen_sees_no_more_than_anyone(self, tmp_path):
        accounts.make(tmp_path / "accounts.json", loading.site_context())
        assert found_by("citizen") == found_by("")

    def test_the_data_authority_of_the_province_sees_all(self, tmp_path):
        accounts.make(tmp_path / "accounts.json", loading.site_context())
        assert found_by("authority") == expected(lambda e: True)

    def test_entries_are_found_by_the_words_of_their_titles(self):
        entry = next(e for e in SMALL.catalog_entries() if e.payload["opening"] != "none")
        found = call_action("package_search", q=entry.payload["title"], rows=5)["results"]
        assert entry.id in [one["id"] for one in found]

    def test_an_open_entry_has_the_resource_of_its_table_others_none(self):
        (resource,) = call_action("package_show", id=TABLE.id)["resources"]
        assert resource["id"] == resource_id(TABLE)
        told = (resource["name"], resource["format"], resource["record_count"])
        assert told == (TABLE.payload["title"], "CSV", TABLE.payload["record_count"])
        assert resource["url"].endswith(f"/datastore/dump/{resource['id']}")
        closed = next(e for e in SMALL.catalog_entries() if e.payload["opening"] == "none")
        assert call_action("package_show", id=closed.id)["resources"] == []

    def test_departments_stand_under_the_authority_of_their_region(self):
        bureau = model.Group.get(department("shichang", PROVINCE).id)
        parents = bureau.get_parent_groups(type="organization")
        assert [parent.id for parent in parents] == [department(AUTHORITY, PROVINCE).id]

    def test_a_second_load_writes_nothing(self):
        before = state()
        loading.load_topics(ignored)
        loading.load_departments(Province(), ignored)
        loading.load_entries([*catalogs_and_interfaces(), TABLE], ignored)
        assert state() == before

    def test_a_batch_takes_few_statements(self):
        more = list(islice(Province().catalog_entries(), 60, 160))
        statements = []
        engine = model.meta.engine

        def note(connection, cursor, statement, *rest):
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            loading.load_entries(more, ignored)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        # 31 for each entry by package_create
        assert len(statements) < 50

    def test_what_was_saved_and_not_indexed_is_indexed_by_the_next_load(self):
        entry = next(islice(Province().catalog_entries(), 200, 201))
        loading.load_entries([entry], ignored)
        assert send.missing([entry.id]) == [entry.id]
        loading.index(ignored)
        assert send.missing([entry.id]) == []

    def test_an_entry_that_the_rules_refuse_stops_the_load(self):
        entry = next(islice(Province().catalog_entries(), 300, 301))
        wrong = replace(entry, payload={**entry.payload, "sharing": "perhaps"})
        with pytest.raises(loading.SampleRefused, match="“perhaps”"):
            loading.load_entries([wrong], ignored)


@pytest.mark.usefixtures("loaded")
class TestAccounts:
    """The demo accounts."""

    def test_passwords_are_kept_private_and_the_same_over_loads(self, tmp_path):
        path = tmp_path / "accounts.json"
        accounts.make(path, loading.site_context())
        first = path.read_text(encoding="utf-8")
        model.User.get("citizen").purge()
        model.Session.commit()
        accounts.make(path, loading.site_context())
        assert path.read_text(encoding="utf-8") == first
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for account in json.loads(first):
            assert model.User.get(account["name"]).validate_password(account["password"])

    def test_each_role_has_its_rights(self, tmp_path):
        path = tmp_path / "accounts.json"
        accounts.make(path, loading.site_context())
        listed = {one["name"]: one for one in json.loads(path.read_text(encoding="utf-8"))}
        assert listed["authority"]["department"] == "山东省大数据局"
        assert listed["authority_jinan"]["department"] == "济南市大数据局"
        assert listed["citizen"]["role_zh"] == "公众"
        bureau = department("shichang", PROVINCE).id
        members = call_action("member_list", id=bureau, object_type="user")
        names = {model.User.get(member[0]).name: member[2] for member in members}
        assert (names["cataloguer"], names["reviewer"]) == ("Editor", "Admin")
        authority = call_action("organization_show", id=department(AUTHORITY, PROVINCE).id)
        assert authority["is_authority"] is True
        assert model.User.get("sysadmin").sysadmin


def test_the_command_loads_and_says_what_is_there(cli, tmp_path):
    empty_portal()
    arguments = ["sdopen", "sample", "load", "--catalogs", "60"]
    before = cli.invoke(ckan, ["sdopen", "sample", "status", "--catalogs", "60"])
    assert before.exit_code == 1
    result = cli.invoke(ckan, [*arguments, "--accounts", str(tmp_path / "accounts.json")])
    assert result.exit_code == 0, result.output
    # scripts/portal shows stdout and keeps stderr in a file
    assert "目录 catalogs: 60/60" in result.stdout
    after = cli.invoke(ckan, ["sdopen", "sample", "status", "--catalogs", "60"])
    assert (after.exit_code, "entries 107/107" in after.output) == (0, True), after.output
    assert f"tables 0/{SMALL.open_catalogs}" in after.output
    assert found_by("") == SMALL.open_catalogs + SMALL.interfaces
    row = tables_job.latest()
    assert (row.state, row.payload) == (State.WAITING, {"catalogs": 60})
    assert leases.cancel(row.id)


def test_the_stream_holds_every_entry_once(cli):
    result = cli.invoke(ckan, ["sdopen", "sample", "write", "--catalogs", "60"])
    lines = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    assert [line["id"] for line in lines] == [entry.id for entry in catalogs_and_interfaces()]
