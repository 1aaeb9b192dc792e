"""Many clients at a time on a running portal: what they are answered, and how it is after them."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ckanext.sdopen.bench.load.asking import NO_ANSWER, entries, timed, wishes
from ckanext.sdopen.bench.load.found import BUSY, LOOKS_EVERY, Load
from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.running import processes

# a client that was sent away comes again after a second, however long he was asked to wait
IMPATIENCE = 1.0


@dataclass(frozen=True)
class Plan:
    """How many clients ask for how many seconds; their choices follow from the seed."""

    clients: int = 100
    seconds: float = 300.0
    seed: int = 1


def web_memory(layout: Layout) -> float:
    """The memory that the web processes hold together, in MB; 0 where they are not known."""
    web = processes.recorded(layout, "web")
    if web is None:
        return 0.0
    held = 0
    for pid in [web.pid, *_children(web.pid)]:
        try:
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
        except OSError:
            continue  # one that is being replaced
        held += sum(int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line)
    return held / 1024


def _children(pid: int) -> list[int]:
    try:
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    except OSError:
        return []


def measure(plan: Plan, url: str, memory: Callable[[], float], tell: Callable[[str], None]) -> Load:
    """Let the clients ask until the time is over, then ask for home.

    Args:
        plan: how many for how long.
        url: the portal's address.
        memory: what the web processes hold now, in MB.
        tell: takes a line about what goes on.
    """
    found, known = Load(), entries(url)
    end = threading.Event()

    def client(number: int) -> None:
        chance = random.Random(plan.seed * 10_000 + number)  # noqa: S311  no secret
        for kind, path, sent in wishes(chance, known):
            if end.is_set():
                return
            seen = timed(url, kind, path, sent)
            found.answers.append(seen)
            if seen.status in (BUSY, NO_ANSWER):
                end.wait(IMPATIENCE)

    clients = [threading.Thread(target=client, args=(n,), daemon=True) for n in range(plan.clients)]
    for one in clients:
        one.start()
    deadline = time.monotonic() + plan.seconds
    while (left := deadline - time.monotonic()) > 0:
        end.wait(min(left, LOOKS_EVERY))
        found.memory.append(memory())
    end.set()
    for one in clients:
        one.join()
    tell(f"{plan.clients} clients sent {len(found.answers)} requests in {plan.seconds:.0f} s")
    # one page that nginx keeps, one that it does not know
    found.home_after = max(timed(url, "home", path).seconds for path in ("/", "/?after=load"))
    return found


def address(layout: Layout) -> str | None:
    """Where the portal of this place serves; None where it does not run."""
    if processes.recorded(layout, processes.SUPERVISOR) is None:
        return None
    return stack_state.read(layout.run / "address.json").get("url")
