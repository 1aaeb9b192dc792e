"""The whole index anew, side by side; a killed rebuild goes on where it was."""

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import search
from ckan.tests.helpers import call_action

from ckanext.sdopen.ckan_seams import rows
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.documents import send
from ckanext.sdopen.index.rebuild import progress, stripes
from ckanext.sdopen.index.rebuild import run as rebuild_run
from ckanext.sdopen.tests.corpus import entries


@pytest.fixture(scope="module")
def ids(clean_portal):
    return entries.everything()


@pytest.fixture(autouse=True)
def own_storage(tmp_path, monkeypatch):
    monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path))


def count_found():
    solr.soft_commit()
    asked = {"rows": 0, "include_private": True, "include_drafts": True}
    return call_action("package_search", {"ignore_auth": True}, **asked)["count"]


def test_stripes_hold_every_package_once(ids):
    parts = stripes.stripes(3)
    listed = [one for part in parts for one in stripes._ids(part.after, part.to, 10_000)]
    assert listed == sorted(listed)
    assert len(listed) == len(set(listed)) == sum(part.count for part in parts) == len(ids) - 1
    assert max(part.count for part in parts) - min(part.count for part in parts) <= 1


@pytest.mark.parametrize("processes", [1, 3])
def test_a_rebuild_finds_everything_again(ids, processes):
    search.clear_all()
    assert count_found() == 0
    reported = []
    run = rebuild_run.Run(processes)
    outcome = run.run(lambda *figures: reported.append(figures))
    assert (outcome.posted, outcome.refused) == (len(ids) - 1, {})
    assert count_found() == len(ids) - 1
    assert reported[-1][:2] == (len(ids) - 1, len(ids) - 1)
    assert not progress.path().exists()
    assert indexed_of_any_kind() == len(ids) - 1


def indexed_of_any_kind():
    # another portal may share the index
    asked = {"query": f'site_id:"{tk.config["ckan.site_id"]}"', "limit": 0}
    return solr.asked("select", json.dumps(asked).encode())["response"]["numFound"]


class Killed(BaseException):
    pass


@pytest.fixture
def killed(ids, monkeypatch):
    """A rebuild of an empty index that was killed halfway."""
    search.clear_all()
    monkeypatch.setitem(tk.config, "ckanext.sdopen.search.batch", 5)
    monkeypatch.setitem(tk.config, "ckanext.sdopen.search.drain_commit_documents", 10)

    def kill(done, total, rate):
        if done >= 25:
            raise Killed

    with pytest.raises(Killed):
        rebuild_run.Run(2).run(kill)


def test_a_killed_rebuild_goes_on(ids, killed):
    left = json.loads(progress.path().read_text(encoding="utf-8"))["stripes"]
    assert 0 < sum(stripe["count"] for stripe in left) < len(ids) - 1
    again = rebuild_run.Run(2)
    assert again.resumed
    assert again.total == sum(stripe["count"] for stripe in left)
    assert again.run(lambda *_: None).posted == again.total
    assert count_found() == len(ids) - 1


def test_a_killed_rebuild_begins_again_on_an_index_that_lost_its_half(ids, killed):
    search.clear_all()
    again = rebuild_run.Run(2)
    assert not again.resumed
    assert again.run(lambda *_: None).posted == len(ids) - 1
    assert count_found() == len(ids) - 1


def test_a_killed_rebuild_begins_again_where_documents_are_made_otherwise(ids, killed, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.portal.topic_set", "other")
    assert not rebuild_run.Run(2).resumed


def test_a_process_that_ends_early_is_no_success(ids, monkeypatch):
    monkeypatch.setitem(tk.config, "solr_url", "http://127.0.0.1:9/solr/ckan")
    monkeypatch.setattr(stripes, "_TRIES", 1)
    with pytest.raises(SdopenError, match="run it again"):
        rebuild_run.Run(1).run(lambda *_: None)


def test_what_somebody_holds_for_long_goes_to_the_outbox(ids, monkeypatch):
    outbox.done(outbox.waiting(0, 10_000))
    model.Session.commit()
    monkeypatch.setattr(send, "_PAUSES", (0.0,))
    one = next(key for key, e in rows.load(ids).items() if e.package["state"] == "active")
    model.Session.rollback()
    with model.meta.engine.begin() as writer:
        writer.execute(rows.text("SELECT id FROM package WHERE id = :id FOR UPDATE"), {"id": one})
        outcome = send.index_patiently([one])
    assert (outcome.posted, outcome.busy) == (0, [one])
    assert [row.entry_id for row in outbox.waiting(0, 10)] == [one]
    outbox.done(outbox.waiting(0, 10))
    model.Session.commit()
