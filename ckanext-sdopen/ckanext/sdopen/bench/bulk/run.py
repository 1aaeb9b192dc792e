"""One measured load: from the client's start until the outbox is empty and all is found."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ckanext.sdopen.bench.bulk import costs
from ckanext.sdopen.bench.stand import Stand


class LoadFailed(Exception):
    """The client did not do its work; the message is its own."""


@dataclass(frozen=True)
class Loaded:
    """What a load took: entries, seconds, processor seconds by part, and its longest wait."""

    entries: int
    seconds: float
    cpu: dict[str, float]

    @property
    def rate(self) -> float:
        """Entries per second."""
        return self.entries / self.seconds

    def cpu_ms(self, part: str = "") -> float:
        """Milliseconds of the processor an entry, of one part or of all."""
        used = self.cpu[part] if part else sum(self.cpu.values())
        return used * 1000 / self.entries


def command(records: Path, stand: Stand, *more: str) -> list[str]:
    """The client's command line."""
    client = [sys.executable, "-m", "ckanext.sdopen.harvest", "load", str(records), "--json"]
    address = ["--portal", stand.stack.url, "--token-file", str(stand.token_file)]
    return [*client, *address, *more]


def _spent(stand: Stand) -> dict[str, float]:
    children = stand.stack.children.items()
    return {name: costs.processor_seconds([child.pid]) for name, child in children}


def load(stand: Stand, records: Path, entries: int, total: int) -> Loaded:
    """Load a file of so many records by the client; `total` entries are found afterwards.

    Raises:
        LoadFailed: the client failed, or took not all of them.
        TimeoutError: they are not all found.
    """
    before = _spent(stand)
    # the client's environment has no token of anybody else
    env = {k: v for k, v in os.environ.items() if not k.startswith("SDOPEN_")}
    began = time.perf_counter()
    with subprocess.Popen(
        command(records, stand, "--no-wait"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
    ) as client:
        out, err = client.stdout, client.stderr
        said = out.read() if out else b""
        wrong = err.read() if err else b""
        _, status, usage = os.wait4(client.pid, 0)
        client.returncode = os.waitstatus_to_exitcode(status)
    if client.returncode:
        raise LoadFailed((said + wrong).decode("utf-8", "replace")[-2000:])
    stand.wait_until_indexed(total)
    seconds = time.perf_counter() - began
    taken = json.loads(said.splitlines()[-1])["counts"]
    if sum(taken.get(result, 0) for result in ("created", "updated", "unchanged")) != entries:
        raise LoadFailed(f"of {entries} records: {taken}")
    after = _spent(stand)
    cpu = {name: used - before.get(name, 0) for name, used in after.items()}
    cpu["client"] = usage.ru_utime + usage.ru_stime
    return Loaded(entries, seconds, cpu)
