"""What is chosen once and kept: ports, secrets, and which steps are done."""

import json
import os
import random
import secrets
import socket
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble

# below the ports that the kernel hands out to outgoing connections
PORTS = range(20000, 32000)
INNER = ("postgres", "redis", "solr", "tables", "web")
SECRETS = ("secret_key", "postgres", "database", "reader", "redis", "solr", "tables")


def read(path: Path) -> dict[str, Any]:
    """The JSON object in a file, empty when there is no such file."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def read_list(path: Path) -> list[dict[str, str]]:
    """The JSON list in a file, empty when there is no such file."""
    try:
        found: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return found


def write_private(path: Path, content: str) -> None:
    """Replace a file that only its owner may read; a killed writer leaves the old one whole."""
    # of this thread alone: steps side by side may write one file
    part = path.with_name(f"{path.name}.{threading.get_native_id()}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def write(path: Path, value: dict[str, Any]) -> None:
    """Keep a JSON object, readable by its owner only."""
    write_private(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def is_free(port: int) -> bool:
    """Whether a service could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Trouble("port_forbidden", port=port) from error
        except OSError:
            return False
    return True


def free_port(taken: Iterable[int] = ()) -> int:
    """A loopback port that nobody listens on."""
    refused = set(taken)
    candidates = random.SystemRandom().sample(PORTS, k=len(PORTS))
    return next(port for port in candidates if port not in refused and is_free(port))


def ports(layout: Layout) -> dict[str, int]:
    """The inner ports of a stack: the kept ones, or others where somebody else took one."""
    path = layout.var / "ports.json"
    kept = {name: int(port) for name, port in read(path).items()}
    chosen: dict[str, int] = {}
    for name in INNER:
        port = kept.get(name)
        if port is None or not is_free(port):
            port = free_port([*kept.values(), *chosen.values()])
        chosen[name] = port
    if chosen != kept:
        write(path, dict(chosen))
    return chosen


def stack_secrets(layout: Layout) -> dict[str, str]:
    """The secrets of a stack, 32 bytes each, made at the first start."""
    path = layout.var / "secrets.json"
    kept = read(path)
    missing = [name for name in SECRETS if name not in kept]
    if missing:
        kept.update({name: secrets.token_hex(32) for name in missing})
        write(path, kept)
    return kept


# steps that end at the same time add to one file
_STATES = threading.Lock()


class State:
    """Which steps are done, each with the fingerprint of what it was done for."""

    def __init__(self, layout: Layout) -> None:
        self._path = layout.var / "state.json"

    def is_done(self, step: str, fingerprint: str) -> bool:
        """Whether the step was finished for this very fingerprint."""
        return read(self._path).get(step) == fingerprint

    def was_done(self, step: str) -> bool:
        """Whether the step was ever finished."""
        return step in read(self._path)

    def done(self, step: str, fingerprint: str) -> None:
        """Remember that the step is finished."""
        with _STATES:
            write(self._path, {**read(self._path), step: fingerprint})

    def forget(self, *steps: str) -> None:
        """Have these steps done again."""
        with _STATES:
            known = read(self._path)
            if any(step in known for step in steps):
                write(self._path, {k: v for k, v in known.items() if k not in steps})
