"""Tables made in a process of its own, gently: its memory ends with it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.tables.generating.outline import Outline

_Table = tuple[Entry, Outline]
# so many are asked for at a time: one is made while the one before is published
_ASKED = 2


class MakingEnded(SdopenError):
    """The process that makes tables ended before they were made; its log says why."""


def made(tables: Iterable[_Table], parts: Path) -> Iterator[tuple[Entry, Outline, Path]]:
    """Each table with its file `<hash>.parquet`, which is the caller's to take.

    Args:
        tables: catalogs with the outlines of their tables.
        parts: the folder of unfinished files; what is left of a killed process is swept there.

    Raises:
        MakingEnded: no more can be made.
    """
    with _working(parts) as (child, folder):
        asked: deque[_Table] = deque()
        for entry, outline in tables:
            _ask(child, outline)
            asked.append((entry, outline))
            if len(asked) == _ASKED:
                yield *asked.popleft(), _file(child, folder)
        while asked:
            yield *asked.popleft(), _file(child, folder)


@contextmanager
def _working(parts: Path) -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    parts.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="sample-", dir=parts))
    command = [sys.executable, "-m", "ckanext.sdopen.sample.tables.making", str(folder)]
    # it needs no address and no password
    env = {name: os.environ[name] for name in os.environ if name.startswith(("PATH", "PYTHON"))}
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=env,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        yield child, folder
    finally:
        child.kill()
        child.communicate()
        shutil.rmtree(folder, ignore_errors=True)


def _ask(child: "subprocess.Popen[str]", outline: Outline) -> None:
    assert child.stdin is not None  # noqa: S101  for the types
    try:
        child.stdin.write(json.dumps(asdict(outline), ensure_ascii=False) + "\n")
        child.stdin.flush()
    except BrokenPipeError as error:
        raise MakingEnded(child.wait()) from error


def _file(child: "subprocess.Popen[str]", folder: Path) -> Path:
    assert child.stdout is not None  # noqa: S101  for the types
    digest = child.stdout.readline().strip()
    if not digest:
        raise MakingEnded(child.wait())
    return folder / f"{digest}.parquet"
