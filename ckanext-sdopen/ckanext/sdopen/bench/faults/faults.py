"""Runs of the bulk client while parts are killed, compared with a run that nobody disturbed."""

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ckanext.sdopen.bench.bulk import costs
from ckanext.sdopen.bench.bulk.run import command
from ckanext.sdopen.bench.faults.corpus import Corpus
from ckanext.sdopen.bench.faults.state_hash import differences, state, state_hash, twice
from ckanext.sdopen.bench.stand import Stand

WEB, INDEXER, BACKEND, SOLR = PROCESS_KINDS = ("web worker", "indexer", "database backend", "solr")
RECORDS = 100
# longer than any part is gone; a portal that stays down must not hold a bench up for long
_PATIENCE = ("--patience", "600")
# seconds in which a killed Solr has replayed its own log, on a busy machine, too
_REPLAY = 300.0
# seconds in which the one that was killed before is there again
_BACK = 300.0
# how long a killed part is gone, at most
_LONGEST_GONE = 2.0
# a part that came back is asked soon: the runs are short
QUICK_AGAIN = {
    "ckanext.sdopen.bulk.retry_seconds": "1",
    "ckanext.sdopen.search.drain_patience": "2",
}
Say = Callable[[str], None]


@dataclass(frozen=True)
class Fault:
    """What is killed, at which part of a run's time, and how long until it is started again."""

    kind: str
    at: float
    gone: float


def schedule(seed: int, count: int) -> list[Fault]:
    """So many faults by chance, of every kind in turn, in the order of their moments."""
    chance = random.Random(seed)  # noqa: S311 a schedule, no secret
    kinds = [PROCESS_KINDS[(seed + number) % len(PROCESS_KINDS)] for number in range(count)]
    found = [Fault(kind, chance.random(), chance.random() * _LONGEST_GONE) for kind in kinds]
    return sorted(found, key=lambda fault: fault.at)


@dataclass
class Ended:
    """What a run came to: its state, what stands twice, what the clients said, what was killed."""

    state: dict[str, list[str]]
    twice: dict[str, int]
    seconds: float
    clients: list[tuple[int, str]] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    fell: list[str] = field(default_factory=list)

    @property
    def hash(self) -> str:
        """The hash of the state."""
        return state_hash(self.state)

    def wrong(self, right: "Ended") -> dict[str, object]:
        """In what the run came to something else than an undisturbed one; empty: in nothing."""
        found: dict[str, object] = {}
        if self.hash != right.hash:
            found["differs"] = differences(right.state, self.state)
        if self.twice:
            found["twice"] = self.twice
        if self.fell:
            found["fell by itself"] = self.fell
        bad = [said for code, said in self.clients if code]
        if bad:
            found["clients"] = bad
        return found


def _children(pid: int) -> list[int]:
    return [one for one in costs.tree([pid]) if one != pid]


def _named(pid: int, text: str) -> bool:
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return text.encode() in line


def kill(stand: Stand, kind: str, chance: random.Random) -> bool:
    """SIGKILL what is to fall; False where there is none of it just now."""
    stack = stand.stack
    if kind in (INDEXER, SOLR):
        stack.kill(kind)
        return True
    parent = stack.children["web" if kind == WEB else "postgres"].pid
    found = _children(parent)
    if kind == BACKEND:
        found = [pid for pid in found if _named(pid, "postgres: sdopen sdopen ")]
    if not found:
        return False
    os.kill(chance.choice(found), signal.SIGKILL)
    return True


def strike(stand: Stand, fault: Fault, chance: random.Random) -> bool:
    """Kill a part, and start it again where nobody else does: gunicorn and PostgreSQL do."""
    deadline = time.monotonic() + _BACK
    while not kill(stand, fault.kind, chance):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    if fault.kind in (INDEXER, SOLR):
        time.sleep(fault.gone)
        stand.stack.start(fault.kind)
    return True


class Clients:
    """The client on one file after the other, in a thread; `ended` has (status, last words)."""

    def __init__(self, stand: Stand, corpus: Corpus, run: str, *more: str) -> None:
        self._commands = [
            command(
                file,
                stand,
                "--run",
                f"{run}-{number}",
                "--records",
                str(RECORDS),
                *_PATIENCE,
                *more,
            )
            for number, file in enumerate(corpus.files)
        ]
        self.ended: list[tuple[int, str]] = []
        self._env = {k: v for k, v in os.environ.items() if not k.startswith("SDOPEN_")}
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        for argv in self._commands:
            done = subprocess.run(argv, capture_output=True, text=True, check=False, env=self._env)
            said = f"{done.stdout.strip()} {done.stderr.strip()[-1000:]}".strip()
            self.ended.append((done.returncode, said))

    @property
    def alive(self) -> bool:
        """Whether they still work."""
        return self._thread.is_alive()

    def wait(self) -> None:
        """Wait until they have ended."""
        self._thread.join()


def _state_after_replay(stand: Stand, right: "Ended | None") -> dict[str, list[str]]:
    """The state; a Solr that was killed answers before it has replayed its own log."""
    deadline = time.monotonic() + _REPLAY
    found = state(stand)
    while right is not None and found != right.state and time.monotonic() < deadline:
        time.sleep(1)
        found = state(stand)
    return found


def run(
    stand: Stand,
    corpus: Corpus,
    faults: Sequence[Fault] = (),
    right: "Ended | None" = None,
    seed: int = 0,
) -> Ended:
    """Load a corpus into the emptied portal while the faults come, and wait until all is settled.

    Args:
        stand: the portal; it is emptied.
        corpus: what is loaded.
        faults: their moments are parts of the time that an undisturbed run takes.
        right: the undisturbed run.
        seed: which of several processes is hit.
    """
    stand.clear()
    chance = random.Random(seed)  # noqa: S311 a schedule, no secret
    began = time.monotonic()
    clients = Clients(stand, corpus, "faults")
    killed = []
    for fault in faults:
        usual = right.seconds if right else 0.0
        time.sleep(max(0.0, began + fault.at * usual - time.monotonic()))
        if strike(stand, fault, chance):
            killed.append(fault.kind)
    clients.wait()
    fell = [name for name in stand.stack.names() if not stand.stack.is_up(name)]
    for name in fell:
        stand.stack.start(name)
    stand.wait_until_indexed(corpus.entries)
    seconds = time.monotonic() - began
    found = _state_after_replay(stand, right)
    return Ended(found, twice(stand), seconds, clients.ended, killed, fell)


def rounds(stand: Stand, corpus: Corpus, kills: int, each: int, seed: int, say: Say) -> int:
    """Undisturbed runs, then disturbed ones with `each` kills until there were `kills`.

    Returns:
        How many runs came to something else; what, is said.
    """
    right = run(stand, corpus)
    say(f"undisturbed: {right.seconds:.1f} s, {right.hash[:16]}")
    again = run(stand, corpus)
    bad = int(_report_state(again, right, "undisturbed again", say))
    done = number = 0
    while done < kills:
        own = seed + number
        ended = run(stand, corpus, schedule(own, min(each, kills - done)), right, own)
        done += len(ended.killed)
        number += 1
        label = f"run {number} (seed {own}), {done} kills so far: {', '.join(ended.killed)}"
        bad += _report_state(ended, right, label, say)
    return bad


def _report_state(ended: Ended, right: Ended, label: str, say: Say) -> bool:
    wrong = ended.wrong(right)
    said = "the same state" if not wrong else f"WRONG {str(wrong)[:4000]}"
    say(f"{label}: {ended.seconds:.1f} s, {said}")
    return bool(wrong)
