"""What a start decides by itself."""

from typing import Any, cast

import pytest
from ckan import model

from ckanext.sdopen.directory import outbox
from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.addresses import DATABASES
from ckanext.sdopen.services.install import database
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.running.serving import announce, wants_sample
from ckanext.sdopen.services.running.stack import Stack


@pytest.fixture
def stack(tmp_path, monkeypatch) -> Stack:
    for name in (*DATABASES, "CKAN_SOLR_URL"):
        monkeypatch.delenv(name, raising=False)
    return Stack(Layout(tmp_path / "var"), 5000)


@pytest.mark.parametrize(
    ("done", "said", "expected"),
    [
        ((), None, True),
        ((), False, False),
        (("sample", "served"), None, True),
        (("served",), None, False),
        (("served",), True, True),
    ],
)
def test_a_portal_that_served_without_the_sample_stays_without_it(stack, done, said, expected):
    stack.layout.make()
    for step in done:
        stack_state.State(stack.layout).done(step, "yes")
    assert wants_sample(stack, said) is expected


def test_somebody_s_own_database_gets_no_sample_unasked(tmp_path, monkeypatch):
    for name in DATABASES:
        monkeypatch.setenv(name, "postgresql://u:p@db.example/ckan")
    stack = Stack(Layout(tmp_path / "var"), 5000)
    assert wants_sample(stack, None) is False
    assert wants_sample(stack, True) is True


def test_a_start_says_how_many_entries_wait_for_the_index(clean_portal, tmp_path, capsys):
    stack = Stack(Layout(tmp_path / "var"), 5000)
    announce(stack, False, 1.0)
    assert "wait for the search index" not in capsys.readouterr().out
    outbox.enqueue(["one", "other"])
    model.Session.commit()
    try:
        announce(stack, False, 1.0)
    finally:
        outbox.done(outbox.waiting(0, 10))
        model.Session.commit()
    assert "2 entries wait for the search index; the indexer goes on" in capsys.readouterr().out


def test_an_index_that_a_slow_solr_does_not_take_stops_no_start(stack):
    asked = []
    stack.layout.make()
    stack_state.State(stack.layout).done("served", "yes")
    step = database.index_step(
        cast(Any, lambda *words: asked.append(words)), stack.layout, stack.addresses
    )
    assert step.due()
    step.work()
    assert asked == [("index", "sdopen", "search", "rebuild", "--or-queue")]
    assert not step.due()
