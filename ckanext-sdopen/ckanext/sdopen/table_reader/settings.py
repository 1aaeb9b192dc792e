"""What the reader may take and use, from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

from ckanext.sdopen.errors import SdopenError

PREFIX = "SDOPEN_TABLE_READER_"


class Unusable(SdopenError):
    """A setting of the reader is missing or no number."""


@dataclass(frozen=True)
class Settings:
    """Each is `SDOPEN_TABLE_READER_` and its name in capitals; sizes in bytes, times in seconds.

    Args:
        folder: where the versions lie, `ab/abc….parquet`.
        secret: what a request says to be answered.
        port: where it listens, on loopback.
        processes: how many of them answer at one address.
        threads: of DuckDB, in each process.
        memory: what DuckDB may take in each process; the process takes some more.
        running: questions of one process that work at a time.
        waiting: questions that may wait for that; more are answered with 503.
        exports: files that one process sends at a time.
        seconds: how long a question may take, with its wait.
        export_seconds: how long a file may take.
        stalled_seconds: how long a client may read nothing of its file.
        rows: of one answer.
        groups: of one answer.
        deep: rows up to which a sorted question may be paged by offset.
        sorted: rows of a table that is sorted whole while it is sent.
        question_bytes: of the body of a request.
        answer_bytes: of an answer that is no file.
        silent_seconds: after which a process that gives no sign of life is replaced.
    """

    folder: Path
    secret: str
    port: int
    processes: int = 2
    threads: int = 1
    memory: int = 350_000_000
    running: int = 4
    waiting: int = 32
    exports: int = 2
    seconds: int = 10
    export_seconds: int = 900
    stalled_seconds: int = 60
    rows: int = 32_000
    groups: int = 10_000
    deep: int = 100_000
    sorted: int = 200_000
    question_bytes: int = 262_144
    answer_bytes: int = 33_554_432
    silent_seconds: int = 15

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """From an environment.

        Raises:
            Unusable: one is missing, or is no number above 0.
        """
        given: dict[str, Any] = {
            name: _read(kind, environment[PREFIX + name.upper()], PREFIX + name.upper())
            for name, kind in get_type_hints(cls).items()
            if environment.get(PREFIX + name.upper())
        }
        for name in ("folder", "secret", "port"):
            if name not in given:
                raise Unusable(f"{PREFIX}{name.upper()} is missing; scripts/portal sets it")
        return cls(**given)


def _read(kind: type, said: str, name: str) -> Path | str | int:
    if kind is not int:
        made: Path | str = kind(said)
        return made
    if not (said.isascii() and said.isdigit() and int(said)):
        raise Unusable(f"{name} must be a number above 0, not {said!r}")
    return int(said)
