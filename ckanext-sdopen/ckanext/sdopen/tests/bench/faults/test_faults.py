"""Twenty kills by chance while entries are loaded: the same state as of an undisturbed run."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from ckanext.sdopen.bench.faults import cloud, faults
from ckanext.sdopen.services.running import ready

pytestmark = pytest.mark.slow
KILLS, EACH, SEED = 20, 5, 20_261_126
# longer than anything here takes; only what never comes reaches it
PATIENCE = 300
DOCUMENT = {
    "index_id": "one",
    "id": "one",
    "site_id": "sdopen",
    "entity_type": "package",
    "name": "c-370000-1",
    "state": "active",
}


def test_an_undisturbed_run_comes_to_one_state_and_takes_every_edit(stand, corpus, undisturbed):
    again = faults.run(stand, corpus)
    assert again.wrong(undisturbed) == {}
    assert again.hash == undisturbed.hash
    kinds = {line.split('"')[3] for line in undisturbed.state["activity"]}
    assert kinds == {"new package", "changed package"}


def test_the_hash_tells_what_differs(undisturbed):
    changed = {**undisturbed.state, "tag": undisturbed.state["tag"][1:]}
    assert faults.state_hash(changed) != undisturbed.hash
    assert set(faults.differences(undisturbed.state, changed)) == {"tag"}


@pytest.mark.parametrize("number", range(KILLS // EACH))
def test_kills_at_random_points_lose_and_double_nothing(stand, corpus, undisturbed, number):
    seed = SEED + number
    plan = faults.schedule(seed, EACH)
    ended = faults.run(stand, corpus, plan, undisturbed, seed)
    assert len(ended.killed) == EACH
    assert ended.wrong(undisturbed) == {}


def test_whoever_watches_looks_again_after_his_session_was_killed(stand):
    stand.clear()
    # nobody loads the one entry that it waits for
    with pytest.raises(TimeoutError, match="0 of 1 are found"):
        stand.wait_until_indexed(1, seconds=0)

    def watchers() -> set[int]:
        asks = "SELECT pid FROM pg_stat_activity WHERE query LIKE '%outbox)'"
        return {pid for (pid,) in stand.sql(asks)}

    with ThreadPoolExecutor() as pool:
        watching = pool.submit(stand.wait_until_indexed, 1)
        try:
            assert ready.until(watchers, PATIENCE, watching.running)
            killed = watchers()
            stand.sql(f"SELECT pg_terminate_backend(pid) FROM unnest(ARRAY{sorted(killed)}) AS pid")
            assert ready.until(lambda: watchers() - killed, PATIENCE, watching.running)
        finally:
            stand.solr("/update?commit=true", [DOCUMENT])
        watching.result(PATIENCE)
    stand.clear()


def test_every_kind_of_part_is_killed():
    kinds = {f.kind for n in range(KILLS // EACH) for f in faults.schedule(SEED + n, EACH)}
    assert kinds == set(faults.PROCESS_KINDS)


def test_a_killed_leader_of_a_cloud_loses_nothing(tmp_path_factory):
    said = []
    assert cloud.leader_killed(tmp_path_factory.mktemp("cloud"), 300, said.append) == {}, said
