"""The sample's tables in the portal: made in the background, read as loaded ones."""

import hashlib
import sys
from dataclasses import replace

import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import call_action

from ckanext.sdopen.jobs.held import Again
from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.portal import home_counts
from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.loading import loading
from ckanext.sdopen.sample.tables.making import made, sizes
from ckanext.sdopen.sample.tables.publishing import helpers, maker, publish, standing, tables_job
from ckanext.sdopen.sample.tables.resources import resource_id
from ckanext.sdopen.tables import history, settings
from ckanext.sdopen.tests.corpus.workers import work_off

CATALOGS = 60
# the smallest first
OPEN = sorted(
    filter(sizes.is_open, Province(catalogs=CATALOGS).catalog_entries()),
    key=lambda entry: entry.payload["record_count"],
)
FREE = next(one for one in OPEN if one.payload["opening"] == "unconditional")
BOUND = next(one for one in OPEN if one.payload["opening"] == "conditional")


def ignored(count: int) -> None:
    """Nobody watches the progress."""


@pytest.fixture(scope="module")
def entries(clean_portal):
    """Four open catalogs of a small province, without tables."""
    small = Province(catalogs=CATALOGS)
    loading.load_topics(ignored)
    loading.load_departments(small, ignored)
    chosen = [FREE, BOUND, *[one for one in OPEN if one not in (FREE, BOUND)][:2]]
    loading.load_entries(chosen, ignored)
    loading.index(ignored)
    home_counts.forget()
    return chosen


def shown(entry) -> history.Published | None:
    model.Session.rollback()
    return history.current(resource_id(entry))


def under_way():
    helpers.sdopen_sample_tables_under_way.cache_clear()
    return helpers.sdopen_sample_tables_under_way()


def page(app, address: str) -> str:
    home_counts.forget()
    helpers.sdopen_sample_tables_under_way.cache_clear()
    return app.get(address, status=200).get_data(as_text=True)


def test_the_job_makes_what_is_there_in_turns_and_the_home_page_tells_how_far_it_is(
    entries, portal_app, monkeypatch
):
    assert under_way() is None
    tables_job.queue(CATALOGS)
    tables_job.queue(CATALOGS)
    assert "示例数据表即将开始生成" in page(portal_app, "/")
    monkeypatch.setattr(tables_job, "_TURN", 0.0)
    ended: list[State] = []

    def note(seconds: float) -> Exception:
        ended.append(tables_job.latest().state)
        assert under_way() == helpers.UnderWay(len(ended), 4)
        assert f"共 4 张，已完成 {len(ended)} 张" in page(portal_app, "/")
        return Again(seconds)

    monkeypatch.setattr(tables_job, "Again", note)
    # each turn is a take of its own
    assert work_off(portal_app, Queue.TABLES) == 5
    assert ended == [State.RUNNING] * 4
    row = tables_job.latest()
    assert (row.state, row.result, row.done, row.total) == (State.DONE, {"tables": 4}, 4, 4)
    assert under_way() is None
    assert "sd-making" not in page(portal_app, "/")


def test_a_table_is_its_catalog_s_open_items_and_stands_in_the_store(entries):
    for entry in entries:
        found = shown(entry)
        path = settings.store().path(found.version.hash)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == found.version.hash
        names = [i["name"] for i in entry.payload["info_items"] if i.get("opening") != "none"]
        assert [column.name for column in found.version.columns] == names
        assert found.version.rows == sizes.rows_of(entry, full=False)
        assert found.number == 1


def test_anyone_reads_the_table_of_an_open_catalog_only_its_department_that_of_a_bound_one(
    entries, portal_app
):
    found = call_action("datastore_search", resource_id=resource_id(FREE), limit=3)
    assert found["total"] == sizes.rows_of(FREE, full=False)
    name = shown(FREE).name
    csv = portal_app.get(f"/dataset/{FREE.name}/{name}.csv", status=200).get_data(as_text=True)
    assert csv.count("\n") == found["total"] + 1
    assert portal_app.get(f"/dataset/{BOUND.name}/{shown(BOUND).name}.csv").status_code == 403


def test_the_home_page_counts_the_tables_that_everybody_can_have(entries, portal_app):
    free = [one for one in entries if one.payload["opening"] == "unconditional"]
    page(portal_app, "/")
    had = home_counts.public_counts().had
    assert had == (len(free), sum(sizes.rows_of(one, full=False) for one in free))
    assert 0 < had.tables < len(entries)


def test_nothing_is_made_twice_and_what_a_department_gave_stays(entries):
    assert standing.of(OPEN, full=False) == standing.Standing(4, [])
    ours = {standing.GENERATED_BY: made.GENERATOR}
    assert standing.is_to_be_made(None, 100)
    assert not standing.is_to_be_made((200, ours), 100)
    assert standing.is_to_be_made((50, ours), 100)
    assert standing.is_to_be_made((100, {standing.GENERATED_BY: "0/duckdb-1"}), 100)
    assert not standing.is_to_be_made((5, {"file": "名录.csv"}), 100)


def test_full_makes_all_declared_rows_as_the_next_version(entries):
    more = sizes.rows_of(FREE, full=False) + 1_000
    small = replace(FREE, payload={**FREE.payload, "record_count": more})
    assert standing.of([small], full=True).missing == [small]
    (one,) = publish.publish_missing([small], full=True)
    assert (one.rows, one.shown) == (more, True)
    assert (shown(FREE).number, shown(FREE).version.rows) == (2, more)
    assert standing.of([small], full=True).missing == []
    # the sample's own size is no reason to make it smaller again
    assert standing.of([FREE], full=False).missing == []


def test_a_table_whose_resource_is_gone_meanwhile_is_not_published(entries):
    last = replace(entries[-1], payload={**entries[-1].payload, "record_count": 300})
    call_action("resource_delete", dict(loading.site_context()), id=resource_id(last))
    assert [one.shown for one in publish.publish_missing([last], full=True)] == [False]
    assert standing.of([last], full=True) == standing.Standing(0, [])
    assert shown(last) is None


def test_a_maker_that_ends_is_an_error_and_leaves_nothing(entries, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(maker.MakingEnded):
        list(maker.made([(FREE, made.outline_of(FREE, full=False))], tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_stands_and_makes_the_rest(entries, cli, monkeypatch):
    monkeypatch.setattr("os.nice", lambda number: number)
    arguments = ["sdopen", "sample", "tables", "--catalogs", str(CATALOGS), "--only", BOUND.name]
    result = cli.invoke(ckan, arguments)
    assert (result.exit_code, "tables 1/1" in result.stdout) == (0, True), result.output
