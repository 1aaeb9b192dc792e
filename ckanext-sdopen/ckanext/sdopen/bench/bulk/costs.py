"""What processes cost: processor seconds and memory of whole trees, as the kernel counts them."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
# places of /proc/<pid>/stat after the name: parent; user and system time, own and of the ended
_PARENT, _TIMES = 1, slice(11, 15)


def _stat(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def tree(roots: Iterable[int]) -> list[int]:
    """The processes and all that descend from them."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").glob("[0-9]*"):
        stat = _stat(int(entry.name))
        if stat:
            children[int(stat[_PARENT])].append(int(entry.name))
    found: list[int] = []
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children[pid]
    return found


def processor_seconds(roots: Iterable[int]) -> float:
    """Seconds of the processor that the trees have used, their ended and awaited children too."""
    return sum(_seconds(pid) for pid in tree(roots))


def _seconds(pid: int) -> float:
    stat = _stat(pid)
    return sum(map(int, stat[_TIMES])) / _TICKS if stat else 0.0


def _peaks(roots: Iterable[int]) -> Iterator[float]:
    for pid in tree(roots):
        try:
            status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        except OSError:
            continue
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                yield int(line.split()[1]) / 1024


def largest_mb(roots: Iterable[int]) -> float:
    """The most memory that one process of the trees ever held, in MB."""
    return max(_peaks(roots), default=0.0)
