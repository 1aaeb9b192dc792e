"""The tables of background work, made and unmade by the migration."""

import pytest
from ckan import model
from ckan.cli.db import _run_migrations
from sqlalchemy import inspect, text

from ckanext.sdopen.jobs import leases, queues
from ckanext.sdopen.jobs.model import jobs, schedule
from ckanext.sdopen.tests.jobs.corpus.kinds import STEPS

pytestmark = pytest.mark.usefixtures("kinds")


def tables():
    model.Session.rollback()
    return set(inspect(model.meta.engine).get_table_names())


def test_the_migration_can_be_undone_and_done_again():
    names = {jobs.name, schedule.name}
    assert names <= tables()
    try:
        _run_migrations("sdopen", "003_bulk", False)
        assert not names & tables()
    finally:
        _run_migrations("sdopen", "head", True)
    assert names <= tables()


@pytest.mark.parametrize("table", [jobs, schedule], ids=lambda table: table.name)
def test_the_tables_are_those_that_the_code_knows(table):
    found = inspect(model.meta.engine)
    assert {one["name"] for one in found.get_columns(table.name)} == set(table.c.keys())
    assert {one["name"] for one in found.get_indexes(table.name)} == {
        index.name for index in table.indexes
    }


def test_taking_a_job_goes_by_the_index_whatever_has_ended():
    for number in range(3):
        queues.enqueue(STEPS, {}, subject=str(number))
    model.Session.commit()
    asked = {"queue": "imports", "kinds": ["steps"], "holder": "nobody", "seconds": 0}
    with model.meta.engine.connect() as connection:
        # in a table of three rows the planner would read them all
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = connection.execute(text(f"EXPLAIN {leases._TAKE.text}"), asked).scalars().all()
        connection.rollback()
    assert any("idx_sdopen_job_due" in line for line in plan), plan
