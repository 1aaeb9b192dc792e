"""One part disturbed under load: counted, healed, and no acknowledged write lost."""

from dataclasses import replace

import pytest

from ckanext.sdopen.bench.faults import cases, load, outages, rows
from ckanext.sdopen.bench.faults.cases import CASES, Case
from ckanext.sdopen.bench.faults.load import REFUSED
from ckanext.sdopen.bench.faults.rows import Row

pytestmark = pytest.mark.slow
ROW = Row(
    CASES[0],
    asked=10,
    answered=5,
    noticed=4,
    unavailable=3,
    failed=2,
    silent=1,
    p95=1.5,
    longest=3.0,
    health=0.01,
    static=0.02,
    broken=0,
    healed=3.0,
    saved=7,
    refused=6,
    other=2,
    lost=0,
    untrue=0,
)
SECONDS = 3.0
# of visitors on a busy machine, whom no page keeps waiting so long unless it hangs
PATIENCE = 120.0
# longer than the portal waits for an answer of PostgreSQL, so that it has to say so
SILENCE = 8.0


@pytest.fixture(scope="module")
def disturbed(stand, corpus):
    with outages.outages(stand, corpus, 600.0, PATIENCE) as found:
        yield found


def case(name: str) -> Case:
    found = next(one for one in CASES if str(one) == name)
    return replace(found, seconds=SILENCE if name == "postgres swallowed" else SECONDS)


@pytest.mark.parametrize(
    "name", ["redis killed", "solr 503", "indexer hung", "postgres swallowed", "redis cut"]
)
def test_after_an_outage_the_portal_heals_and_keeps_what_it_acknowledged(disturbed, name):
    # on a busy machine, too, it lasts until somebody has met it
    signs = {
        "solr 503": lambda answer: answer.noticed,
        "postgres swallowed": lambda answer: answer.status == REFUSED,
    }
    row = disturbed.suffer(case(name), signs.get(name))
    assert row.asked > 0
    assert row.asked == row.answered + row.unavailable + row.failed + row.silent
    assert row.failed == 0
    assert row.broken == 0
    assert row.healed is not None
    assert row.saved > 0
    assert row.lost == 0
    # the other way round nothing can be said: a busy machine may answer 503 at any time
    assert row.noticed > 0 or name != "solr 503"
    assert row.unavailable > 0 or name != "postgres swallowed"


def test_a_lost_write_is_counted_and_a_refused_one_that_was_written(disturbed):
    one, other = disturbed.entries[:2]
    found = load.Load(disturbed.stand, disturbed.entries)
    assert found.save(one) == load.SAVED
    assert (found.lost(), found.untrue()) == (0, 0)
    written = found.saves[load.SAVED][-1]
    found.saves[load.SAVED].append((other, written[1] + 1_000_000))
    found.saves[load.REFUSED] += [written, (other, written[1] + 1_000_000)]
    assert (found.lost(), found.untrue()) == (1, 1)


def test_every_part_is_killed_and_hung_and_each_that_is_asked_is_disturbed_in_every_way():
    told = {str(one) for one in CASES}
    assert {f"{part} {what}" for part in cases.PARTS for what in ("killed", "hung")} <= told
    ways = ("delayed", "trickling", "cut", "swallowed")
    assert {f"{part} {what}" for part in cases.PROXIED for what in ways} <= told
    assert len(told) == len(CASES)
    assert all((one.fault is None) == (one.what in ("killed", "hung")) for one in CASES)


def test_parts_and_faults_are_chosen():
    assert cases.chosen((), (), quick=False) == list(CASES)
    assert [str(one) for one in cases.chosen(("redis",), ("cut", "503"), quick=False)] == [
        "redis cut"
    ]
    short = {one.what for one in cases.chosen((), (), quick=True)}
    assert short == {"killed", "hung", "swallowed", "503"}


def test_the_table_says_what_came_of_it():
    lines = rows.table([ROW, replace(ROW, healed=None, broken=2, lost=1)]).splitlines()
    first = "solr killed 5/10 4 3 2 1 1.50 3.0 0.01 0.02 3.0 7 6 2 0 0"
    second = "solr killed 5/10 4 3 2 1 1.50 3.0 0.01 2 not not 7 6 2 1 0"
    assert [line.split() for line in lines[1:]] == [first.split(), second.split()]
