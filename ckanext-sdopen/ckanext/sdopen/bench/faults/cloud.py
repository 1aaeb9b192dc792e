"""The leader of a two-node SolrCloud is killed in the middle of a load, and comes back."""

import random
import time
from pathlib import Path

from ckanext.sdopen.bench.faults import corpus as fault_corpus
from ckanext.sdopen.bench.faults.faults import QUICK_AGAIN, Clients, Ended, Say, run
from ckanext.sdopen.bench.faults.state_hash import state, twice
from ckanext.sdopen.bench.stand import Stand, standing
from ckanext.sdopen.services.servers.solr_cloud import Cloud, cloud, wait_for_all

# shorter than Solr's own 30 s, so that the election comes within the run's patience
_SESSION_MS = 8_000


def _killed_leader(stand: Stand, nodes: Cloud, corpus: fault_corpus.Corpus, usual: float) -> Ended:
    """A run in whose middle the leader falls; its node is back before the run is judged."""
    stand.clear()
    began = time.monotonic()
    clients = Clients(stand, corpus, "faults")
    # the portal asks the other node, which goes on answering
    leader = nodes.leader()
    time.sleep(usual * (0.2 + random.Random(0).random() / 2))  # noqa: S311 no secret
    nodes.kill(leader)
    clients.wait()
    nodes.start(leader)
    wait_for_all(nodes)
    stand.wait_until_indexed(corpus.entries)
    seconds = time.monotonic() - began
    return Ended(state(stand), twice(stand), seconds, clients.ended, [f"leader {leader}"])


def _other(nodes: Cloud) -> str:
    leader = nodes.leader()
    return next(port for port in nodes.nodes if port != leader)


def leader_killed(folder: Path, entries: int, say: Say) -> dict[str, object]:
    """In what such a run came to something else than an undisturbed one; empty: in nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    with cloud(folder, _SESSION_MS) as nodes:
        nodes.create()
        wait_for_all(nodes)
        given = {"CKAN_SOLR_URL": nodes.url(_other(nodes))}
        with standing(folder / "stand", 2_220, given=given, settings=QUICK_AGAIN) as stand:
            corpus = fault_corpus.make(stand.stack.layout.run, entries)
            right = run(stand, corpus)
            say(f"cloud, undisturbed: {right.seconds:.1f} s")
            ended = _killed_leader(stand, nodes, corpus, right.seconds)
            wrong = ended.wrong(right)
            outcome = wrong or "the same state"
            say(f"cloud, {ended.killed[0]} killed: {ended.seconds:.1f} s, {outcome}")
            return wrong
