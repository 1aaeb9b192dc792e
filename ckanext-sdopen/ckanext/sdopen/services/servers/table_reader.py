"""The reader of published tables: where it reads, its secret, and as whom it runs."""

import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.layout import ROOT
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.services.servers import child

# an account of no name, so that no file of this machine is its own
USER = 64914
MODULE = "ckanext.sdopen.table_reader"
SECONDS_TO_ANSWER = 120.0
SECONDS_TO_STOP = 20.0


def as_nobody() -> list[str]:
    """The prefix of the reader: as root, an account that owns nothing and may only read.

    Files under var/ are root's alone, and root's home is closed to others: with this one capability
    the reader passes them. It may write nowhere.
    """
    if os.geteuid() != 0:
        return []
    capability = "-all,+dac_read_search"
    ids = [f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--no-new-privs"]
    bound = [f"--inh-caps={capability}", f"--ambient-caps={capability}"]
    return ["setpriv", *ids, *bound, f"--bounding-set={capability}"]


def environment(
    storage: str, port: int, secret: str, given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What the Procfile's line for the reader needs.

    Args:
        storage: the portal's storage, of which it reads `tables`.
        port: where it listens.
        secret: what the portal says to it.
        given: the operator's SDOPEN_TABLE_READER_*, of which the folder counts here.
    """
    folder = (given or {}).get("SDOPEN_TABLE_READER_FOLDER") or f"{storage}/tables"
    return {
        "SDOPEN_TABLE_READER": shlex.join([*as_nobody(), "python", "-m", MODULE]),
        "SDOPEN_TABLE_READER_FOLDER": folder,
        "SDOPEN_TABLE_READER_SECRET": secret,
        "SDOPEN_TABLE_READER_PORT": str(port),
    }


def answers(port: int) -> int:
    """What the reader says: 200 where it can be used."""
    return ready.http_status(f"http://127.0.0.1:{port}/health")


@contextmanager
def serve(
    folder: Path, log: Path, secret: str, settings: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Read the versions of a folder at a free port; gives the address, stops the reader after.

    Args:
        folder: of versions, `ab/abc….parquet`.
        log: where it writes.
        secret: what its clients say.
        settings: others of SDOPEN_TABLE_READER_*.
    """
    port = stack_state.free_port()
    own = {**environment("", port, secret), "SDOPEN_TABLE_READER_FOLDER": str(folder)}
    # whoever starts it may be root; so may the reader's Python be
    command = [*as_nobody(), sys.executable, "-m", MODULE]
    with child.running(
        "tables",
        command,
        log,
        {**os.environ, **own, **(settings or {})},
        lambda: answers(port) == 200,
        to_answer=SECONDS_TO_ANSWER,
        to_stop=SECONDS_TO_STOP,
        cwd=ROOT,
    ):
        yield f"http://127.0.0.1:{port}"
