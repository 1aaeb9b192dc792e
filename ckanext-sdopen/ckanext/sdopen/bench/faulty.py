"""`scripts/bench faults`: many kills by chance, and the leader of a SolrCloud once."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from ckanext.sdopen.bench import cloud_faults, fault_corpus, faults
from ckanext.sdopen.bench.stand import standing


@dataclass(frozen=True)
class Plan:
    """How many kills, how many of them a run, of how many entries, from which seed on."""

    kills: int
    each: int
    entries: int
    seed: int
    cloud: bool


def measure(plan: Plan, say: faults.Say) -> dict[str, float]:
    """`{"kills", "wrong", "seconds"}`; `wrong` counts the runs that came to something else."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sdopen-faults-") as made:
        # PostgreSQL's own user, too, must find the way
        Path(made).chmod(0o755)
        place = Path(made)
        with standing(place / "stand", 2_220, settings=faults.QUICK_AGAIN) as stand:
            corpus = fault_corpus.make(stand.stack.layout.run, plan.entries)
            wrong = faults.rounds(stand, corpus, plan.kills, plan.each, plan.seed, say)
        if plan.cloud:
            wrong += bool(cloud_faults.leader_killed(place / "cloud", plan.entries, say))
    kills = plan.kills + plan.cloud
    return {"kills": kills, "wrong": wrong, "seconds": round(time.monotonic() - began)}
