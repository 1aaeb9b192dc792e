"""A loader killed at any point leaves the old version or the new one, whole, and nothing else."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import ckan.plugins.toolkit as tk
import duckdb
import pytest
from ckan import model

from ckanext.sdopen.tables import history, sweeping
from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.making.limits import Limits
from ckanext.sdopen.tables.making.make import Asked, make
from ckanext.sdopen.tables.making.parquet import content_hash
from ckanext.sdopen.tests.tables.corpus.normalised import write
from ckanext.sdopen.tests.tables.corpus.published import resources

pytestmark = pytest.mark.usefixtures("clean_db")

COLUMNS = {"编号": Column("编号", key=True, nullable=False), "数": Column("数", Kind.INTEGER)}
# where the child stops, and whether its version is published then
POINTS = {
    "while the part is written": False,
    "before fsync": False,
    "after fsync": False,
    "before rename": False,
    "after rename": False,
    "before commit": False,
    "after commit": True,
}
KILLS = 21


class Child:
    """A loader in a process of its own that stops at one point until it is killed."""

    def __init__(self, point: str, told: int) -> None:
        self.point, self._told = point, told

    def at(self, point: str) -> None:
        """Say that the point is reached, and wait there for the end."""
        if point == self.point:
            os.write(self._told, b".")
            while True:
                signal.pause()

    def around(self, owner: object, name: str, word: str) -> None:
        """Stop before or after a call of what really does it."""
        real: Callable = getattr(owner, name)

        def stopping(*given, **named):
            self.at(f"before {word}")
            found = real(*given, **named)
            self.at(f"after {word}")
            return found

        setattr(owner, name, stopping)

    def watch(self, share: float) -> None:
        """Stop where the rows are sorted and written."""
        if share >= 0.6:
            self.at("while the part is written")


def load(child: Child, store, resource, path: Path) -> None:
    """Make a version and publish it, as a loader does."""
    child.around(os, "fsync", "fsync")
    child.around(Path, "replace", "rename")
    child.around(model.Session, "commit", "commit")
    part = store.part()
    asked = Asked(resource["id"], {}, COLUMNS)
    limits = Limits(store.folder / "parts")
    made = make(path, asked, part, part.with_suffix(".csv"), limits, child.watch)
    store.put(part, made.version.hash)
    counts = made.summary.as_dict()
    history.publish(resource["package_id"], "data", made.version, counts, store, 10)
    model.Session.commit()


@contextmanager
def stopped(point: str, *given) -> Iterator[int]:
    """A child that has stopped at a point; its process id. It is killed at the end."""
    # no connection may be in two processes
    model.Session.remove()
    model.meta.engine.dispose()
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            load(Child(point, told), *given)
        finally:
            os._exit(1)
    os.close(told)
    try:
        reached = os.read(heard, 1)
        yield child if reached else 0
    finally:
        os.close(heard)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def whole(store, version) -> bool:
    """Whether the file of a version is what its row says."""
    path = store.path(version.hash)
    # closed again: a process that is forked takes no thread of it along
    with duckdb.connect() as connection:
        counted = f"SELECT count(*) FROM read_parquet('{path}')"
        rows = connection.execute(counted).fetchone()[0]
    return content_hash(path) == version.hash and rows == version.rows


def test_of_killed_loaders_no_version_is_torn_or_lost_and_nothing_is_left(
    store, tmp_path, monkeypatch
):
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.part_hours", 0)
    (resource,) = resources(1)
    published = []
    for kill in range(KILLS):
        point = list(POINTS)[kill % len(POINTS)]
        rows = [(f"{kill}-{n}", str(n)) for n in range(2_000 + kill)]
        path = write(tmp_path / "rows.csv", list(COLUMNS), rows)
        with stopped(point, store, resource, path) as child:
            assert child, f"the loader did not come to: {point}"
        if POINTS[point]:
            published.append(2_000 + kill)
        found = history.history(resource["id"])
        assert [one.version.rows for one in found] == published[::-1], point
        assert all(whole(store, one.version) for one in found), point
        model.Session.rollback()
    assert len(published) == KILLS // len(POINTS)
    sweeping.sweep(store)
    assert list((store.folder / "parts").iterdir()) == []
    current = history.current(resource["id"]).version
    assert (current.rows, whole(store, current)) == (published[-1], True)
    monkeypatch.setitem(tk.config, "ckanext.sdopen.tables.keep_days", 0)
    sweeping.sweep(store)
    # what was renamed and never published is gone, too
    assert {digest for digest, _ in store.hashes()} == {
        one.version.hash for one in history.history(resource["id"])
    }
