"""A real worker loads; one that is killed in the middle leaves the version before to the next."""

import pytest
from ckan import model

from ckanext.sdopen.jobs import queues
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.table_publishing.loading import settings
from ckanext.sdopen.tests.corpus import workers
from ckanext.sdopen.tests.table_publishing.loading.corpus.handed_in import (
    ROWS,
    csv_of,
    entry,
    replace,
    rows_of,
    shown,
    upload,
)

pytestmark = pytest.mark.slow
COMMAND = ["-m", "ckanext.sdopen.tests.table_publishing.loading.corpus.stopping_worker"]


def test_killed_before_and_while_it_publishes_it_loses_nothing(officer, loaded, tmp_path):
    given = upload(officer, entry(1)["id"], csv_of(ROWS[:1]), "名录.csv")
    loaded()
    replace(officer, given, csv_of(), "名录.csv")
    model.Session.commit()
    job = shown(officer, given)["load"]["id"]
    ini = workers.settings(tmp_path, **{"jobs.lease_seconds": 4, "jobs.poll_seconds": 1})
    for tries, point in enumerate(("making", "publishing"), start=1):
        folder = tmp_path / point
        folder.mkdir()
        command = [*COMMAND, str(ini), str(folder), point]
        with workers.working(command, tmp_path / "log") as child:
            workers.until((folder / "reached").exists, child)
            workers.kill(child)
        row = queues.find(job)
        assert (row.state, row.tries) == (State.RUNNING, tries)
        # whoever reads it reads the version before
        assert len(rows_of(None, given)) == 1
        # what was read of the file once is not read again
        assert (settings.work_folder(job) / "read.json").is_file()
    with workers.working([*COMMAND, str(ini)], tmp_path / "log") as child:
        row = workers.until(lambda: found if (found := queues.find(job)).ended else None, child)
    assert (row.state, row.error) == (State.DONE, None)
    model.Session.rollback()
    assert [one["number"] for one in shown(officer, given)["history"]] == [2, 1]
    assert len(rows_of(None, given)) == 3
    assert row.result["rows"] == 3
