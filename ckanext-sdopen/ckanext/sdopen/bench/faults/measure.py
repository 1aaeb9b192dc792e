"""`scripts/bench faults`: many kills by chance, the leader of a SolrCloud, a table of outages."""

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from ckanext.sdopen.bench.faults import cases, faults, outages
from ckanext.sdopen.bench.faults import cloud as cloud_faults
from ckanext.sdopen.bench.faults import corpus as fault_corpus
from ckanext.sdopen.bench.stand import standing


@dataclass(frozen=True)
class Plan:
    """How many kills, how many of them a run, of how many entries, from which seed on.

    `cloud` and `outages` say whether the leader of a cloud is killed, and whether each part is
    disturbed by itself; `quick` does nothing but the latter, and in short, as does who chooses
    some `parts` or `faults`; `seconds` is how long each of those lasts, where it is given.
    """

    kills: int
    each: int
    entries: int
    seed: int
    cloud: bool
    outages: bool
    quick: bool
    parts: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    seconds: float | None = None

    @property
    def is_table_only(self) -> bool:
        """Whether only the table of outages is wanted."""
        return bool(self.quick or self.parts or self.faults)

    def cases(self) -> list[cases.Case]:
        """The outages that are wanted."""
        found = cases.chosen(self.parts, self.faults, self.quick)
        return [replace(case, seconds=self.seconds or case.seconds) for case in found]


def measure(plan: Plan, say: faults.Say) -> dict[str, object]:
    """`{"kills", "wrong", "outages": rows, "seconds"}`.

    `wrong` counts runs that came to something else, and outages that lost a write or did not heal.
    """
    began = time.monotonic()
    wrong, rows = 0, []
    kills = 0 if plan.is_table_only else plan.kills + plan.cloud
    with tempfile.TemporaryDirectory(prefix="sdopen-faults-") as made:
        # PostgreSQL's own user, too, must find the way
        Path(made).chmod(0o755)
        place = Path(made)
        with standing(place / "stand", 2_220, settings=faults.QUICK_AGAIN) as stand:
            corpus = fault_corpus.make(stand.stack.layout.run, plan.entries)
            if not plan.is_table_only:
                wrong = faults.rounds(stand, corpus, plan.kills, plan.each, plan.seed, say)
            if plan.outages:
                rows = outages.measured(stand, corpus, plan.cases(), say, plan.quick)
        if plan.cloud and not plan.is_table_only:
            wrong += bool(cloud_faults.leader_killed(place / "cloud", plan.entries, say))
    wrong += sum(row.lost > 0 or row.healed is None for row in rows)
    told = [row.figures() for row in rows]
    seconds = round(time.monotonic() - began)
    return {"kills": kills, "wrong": wrong, "outages": told, "seconds": seconds}
