"""The load of many clients: what it counts, and what it calls wrong."""

import random
from itertools import islice

import pytest

from ckanext.sdopen.bench.load import asking, load
from ckanext.sdopen.bench.load.asking import Seen
from ckanext.sdopen.bench.load.found import Load, table
from ckanext.sdopen.bench.load.load import Plan
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.tests.services.corpus.application import application

FLAT = [500.0] * 20


def test_a_busy_portal_that_says_when_breaks_no_promise():
    seen = [Seen("home", 200, 0.2), Seen("home", 503, 0.01, True), Seen("entry", 404, 0.1)]
    found = Load(seen, FLAT, 0.3)
    assert found.wrong() == []
    assert found.figures()["statuses"] == {200: 1, 404: 1, 503: 1}
    counts = {"asked": 2, "sent_away": 1, "statuses": {200: 1, 503: 1}}
    assert found.figures()["kinds"]["home"] == counts


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Load([Seen("home", 500, 0.1)], FLAT), "1 failed: {'home 500': 1}"),
        (Load([Seen("api", 503, 0.1)], FLAT), "1 failed: {'api 503': 1}"),
        (Load([Seen("list", 0, 0.1)], FLAT), "1 failed: {'list 0': 1}"),
        (Load([Seen("health", 200, 2.0)] * 20, FLAT), "health took 2000 ms (p95)"),
        (Load([], FLAT, 1.2), "home after the load takes 1.2 s"),
        (Load([], [400.0] * 10 + [500.0] * 10), "memory grew from 400 to 500 MB"),
    ],
)
def test_each_broken_promise_is_named(found, said):
    assert found.wrong() == [said]
    assert f"WRONG: {said}" in table(found.figures())


def test_clients_ask_in_shares_and_no_search_comes_twice():
    known = [{"title": "定点药店名录", "type": "dataset", "name": "c-1"}]
    asked = list(islice(asking.wishes(random.Random(1), known), 500))
    assert {kind for kind, *_ in asked} == set(asking.SHARES)
    searches = [path for kind, path, _ in asked if kind == "search"]
    assert len(set(searches)) == len(searches) > 50
    assert {sent for kind, _, sent in asked if kind == "odd"} == set(asking.ODD)
    assert {sent for kind, _, sent in asked if kind == "batch"} == {asking.BATCH}
    assert ("entry", "/dataset/c-1", b"") in asked
    assert asked == list(islice(asking.wishes(random.Random(1), known), 500))


def test_memory_that_grows_shows_as_megabytes_a_minute():
    # a look every two seconds; the first quarter is the warm-up
    grows = [300.0, 400.0, 450.0, 490.0, *(500.0 + number for number in range(12))]
    assert Load([], grows).figures()["memory_mb_per_minute"] == 30.0
    assert Load([], FLAT).figures()["memory_mb_per_minute"] == 0.0


def test_clients_ask_a_server_until_the_time_is_over():
    with application() as behind:
        behind.body = b'{"result": {"results": []}}'
        said: list[str] = []
        found = load.measure(Plan(clients=3, seconds=0.5), behind.url, lambda: 7.0, said.append)
        asked = len(behind.asked)
    assert found.wrong() == []
    assert {seen.status for seen in found.answers} == {200}
    # one question for entries before, two for home after
    assert asked == len(found.answers) + 3
    assert set(found.memory) == {7.0}
    assert asking.timed(behind.url, "home", "/").status == 0, "nobody listens any more"


def test_of_a_portal_that_does_not_run_there_is_no_address(tmp_path):
    layout = Layout(tmp_path)
    layout.make()
    assert load.address(layout) is None
    assert load.web_memory(layout) == 0.0
