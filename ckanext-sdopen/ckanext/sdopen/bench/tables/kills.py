"""Loads of one table while what loads, works and reads is killed: what is torn, lost or left.

Every load is a real job with a real file, done by a forked worker; half of the kills hit it where
the file of the version has its name and the pointer does not show it yet.
"""

import io
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
import duckdb
import flask
from ckan import model
from sqlalchemy import text
from werkzeug.datastructures import FileStorage

from ckanext.sdopen.bench.tables import killing
from ckanext.sdopen.breaker.table_reader import TableReaderAway
from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.jobs.work.worker import Worker
from ckanext.sdopen.table_publishing import reading
from ckanext.sdopen.tables import history, settings, sweeping
from ckanext.sdopen.tables.making.parquet import content_hash
from ckanext.sdopen.tables.store.errors import MissingVersion

POINTER, WORKER, LOADER, READER = KINDS = ("pointer", "worker", "loader", "reader")
ROWS = 2_000
_PATIENCE = 120.0
# a killed worker's job may be taken at once: nobody has to wait for the end of its lease
_FREE = text("UPDATE sdopen_job SET due = now() WHERE state = 'running'")


@dataclass
class Outcome:
    """What came of the kills."""

    kills: Counter[str] = field(default_factory=Counter)
    torn: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, Any]:
        """The figures, and what is wrong."""
        counts = {"torn": len(self.torn), "lost": len(self.lost), "left": len(self.left)}
        wrong = [*self.torn, *self.lost, *self.left]
        return {"kills": self.kills.total(), "by_kind": dict(self.kills), **counts, "wrong": wrong}


def kind_of(number: int, with_reader: bool) -> str:
    """What the n-th kill hits: every other one the moment between the file and its pointer."""
    others = KINDS[1:] if with_reader else KINDS[1:3]
    return POINTER if number % 2 == 0 else others[number // 2 % len(others)]


class Kills:
    """Kills around the loads of one resource, by an account that may change it."""

    def __init__(
        self, app: flask.Flask, user: str, resource: str, readers: Callable[[], list[int]] | None
    ) -> None:
        self._app, self._user, self._resource = app, user, resource
        self._readers = readers
        self._store = settings.store()
        self._groups: list[int] = []
        self.outcome = Outcome()

    def run(self, count: int, seed: int = 1, say: Callable[[str], object] = str) -> Outcome:
        """So many kills, one a load; the last load is done by whoever comes after it."""
        chance = random.Random(seed)  # noqa: S311 a schedule, no secret
        longest = self._undisturbed()
        for number in range(count):
            kind = kind_of(number, self._readers is not None)
            before, rows = self._rows_read(), ROWS + number + 1
            self._hand_in(rows)
            with self._working(stop=kind == POINTER) as (pid, heard):
                self._strike(kind, pid, heard, chance.random() * longest)
            self._check(f"{number} {kind}", {before, rows})
            self._finish()
            # a load whose child was killed has failed, and says so to who asked for it
            if kind == LOADER and self._rows_read() != rows:
                self._ask_again()
            self._check(f"{number} {kind}, done again", {rows})
            self.outcome.kills[kind] += 1
            say(f"{number + 1} of {count}: {kind}")
        self._sweep()
        return self.outcome

    def _undisturbed(self) -> float:
        """The seconds of a load that nobody disturbs."""
        began = time.monotonic()
        self._hand_in(ROWS)
        self._finish()
        return time.monotonic() - began

    def _hand_in(self, rows: int) -> None:
        lines = ["编号,名称,人数", *(f"{n:06},药店{n},{n % 100}" for n in range(rows))]
        file = FileStorage(io.BytesIO("\n".join(lines).encode()), "名录.csv")
        asked = {"id": self._resource, "upload": file}
        tk.get_action("resource_patch")({"user": self._user}, asked)
        model.Session.remove()

    @contextmanager
    def _working(self, stop: bool) -> Iterator[tuple[int, int]]:
        """(process, what it says when it has stopped) of a worker that does what waits."""
        # no connection may be in two processes
        model.Session.remove()
        model.meta.engine.dispose()
        heard, told = os.pipe()
        pid = os.fork()
        if pid == 0:
            with suppress(BaseException):
                os.setsid()
                if stop:
                    killing.stop_before_commit(told)
                Worker(self._app, Queue.TABLES).work_off()
            os._exit(0)
        os.close(told)
        self._groups.append(pid)
        try:
            yield pid, heard
        finally:
            os.close(heard)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _strike(self, kind: str, pid: int, heard: int, after: float) -> None:
        if kind == POINTER:
            if not os.read(heard, 1):
                self.outcome.lost.append("a load ended before it published")
            return
        time.sleep(after)
        if kind == LOADER:
            killing.kill_child(pid, heard)
        if kind == READER and self._readers is not None:
            for reader in self._readers():
                with suppress(ProcessLookupError):
                    os.kill(reader, signal.SIGKILL)
        if kind != WORKER:
            # the pipe ends with the worker
            os.read(heard, 1)

    def _finish(self) -> None:
        """Have what was handed in loaded by a worker that nobody kills."""
        model.Session.execute(_FREE)
        model.Session.commit()
        Worker(self._app, Queue.TABLES).work_off()

    def _ask_again(self) -> None:
        tk.get_action("sdopen_table_load")({"user": self._user}, {"resource_id": self._resource})
        model.Session.remove()
        self._finish()

    def _rows_read(self) -> int:
        found = history.current(self._resource)
        model.Session.rollback()
        return found.version.rows if found else 0

    def _check(self, moment: str, expected: set[int]) -> None:
        """Every version is whole, and one of those is read that may be."""
        for one in history.history(self._resource):
            if one.removed is None and not self._is_whole(one.version):
                self.outcome.torn.append(f"{moment}: version {one.number}")
        found = history.current(self._resource)
        if found is None or found.version.rows not in expected:
            self.outcome.lost.append(f"{moment}: {found.version.rows if found else 'nothing'}")
        elif self._readers is not None and self._asked(found) != found.version.rows:
            self.outcome.torn.append(f"{moment}: the reader counts otherwise")
        model.Session.rollback()

    def _is_whole(self, version: Any) -> bool:
        try:
            path = self._store.path(version.hash)
        except MissingVersion:
            return False
        # closed again: a process that is forked takes no thread of it along
        with duckdb.connect() as connection:
            rows = connection.execute("SELECT count(*) FROM read_parquet(?)", [str(path)])
            counted = rows.fetchall()[0][0]
        return content_hash(path) == version.hash and counted == version.rows

    def _asked(self, found: history.Published) -> int:
        """What the reader counts, once it answers again."""
        ends = time.monotonic() + _PATIENCE
        while True:
            try:
                version = reading.given(found.entry, found.version)
                return int(reading.ask(version, {"ask": "count"})["rows"][0][0])
            except TableReaderAway:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.2)

    def _sweep(self) -> None:
        """Let the sweeper take what nobody needs; whatever else is left is noted."""
        ends = time.monotonic() + _PATIENCE
        while any(map(killing.lives, self._groups)) and time.monotonic() < ends:
            time.sleep(0.1)
        names = ("part_hours", "keep_days")
        options = {f"ckanext.sdopen.tables.{name}": 0 for name in names}
        kept = {name: tk.config[name] for name in options}
        try:
            tk.config.update(options)
            sweeping.sweep(self._store)
        finally:
            tk.config.update(kept)
        parts = self._store.folder / "parts"  # type: ignore[attr-defined]
        self.outcome.left += [path.name for path in parts.glob("*")]
        named = {one.version.hash for one in history.history(self._resource) if not one.removed}
        hashes = {digest for digest, _ in self._store.hashes()}
        self.outcome.lost += [f"file of {digest[:12]}" for digest in named - hashes]
        model.Session.rollback()


def measure(app: flask.Flask, count: int, say: Callable[[str], object]) -> Mapping[str, Any]:
    """The figures of so many kills in this process's portal, with a reader of their own."""
    from ckanext.sdopen.bench.tables import killed_stand

    with killed_stand.table(app) as (user, resource, readers):
        return Kills(app, user, resource, readers).run(count, say=say).figures
