"""Commands of the index: what a rebuild does where Solr takes nothing."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from click.testing import CliRunner

from ckanext.sdopen.bench.faults.fault import Mode
from ckanext.sdopen.bench.faults.proxy import standing_before
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.index import cli
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.tests.corpus.examples import catalog, created, department


@pytest.fixture
def entries(clean_portal):
    owner = department("省统计局")["id"]
    return [created(catalog(owner, resource_code=f"307001/54{n:04d}"))["id"] for n in range(3)]


def test_a_rebuild_that_may_queue_leaves_the_rest_to_the_indexer_and_succeeds(
    entries, monkeypatch, tmp_path
):
    monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path))
    monkeypatch.setattr(cli, "_PATIENCE", 1.0)
    with standing_before(str(tk.config["solr_url"])) as proxy:
        monkeypatch.setitem(tk.config, "solr_url", proxy.url)
        with proxy.fault(Mode.REFUSE):
            ended = CliRunner().invoke(cli.rebuild_command, ["--processes", "1", "--or-queue"])
    assert ended.exit_code == 0, ended.output
    assert "3 entries wait for the index; the indexer goes on" in ended.output
    assert {row.entry_id for row in outbox.waiting(0, 10)} == set(entries)
    model.Session.rollback()
    monkeypatch.undo()
    assert drainer.drain_until(outbox.highest(), 600) == 0
