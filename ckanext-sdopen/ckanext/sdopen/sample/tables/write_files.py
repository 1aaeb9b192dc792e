"""Write the files of tables in processes of their own, while something else goes on."""

import multiprocessing
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ckanext.sdopen.sample.records import SampleTable
from ckanext.sdopen.sample.tables import files


def _obey() -> None:
    """End when the parent says so, and leave the interrupt of the terminal to it."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _write(storage: Path, table: SampleTable) -> SampleTable:
    files.write_files(table, storage)
    return table


@contextmanager
def begun(
    tables: Iterable[SampleTable], storage: Path, workers: int
) -> Iterator[Iterator[SampleTable]]:
    """The tables as their files are done, in any order, the longest begun first.

    The processes are new ones, and use no database: one that is forked from a process in which
    DuckDB has worked may wait for ever for a lock.
    """
    longest_first = sorted(tables, key=lambda table: -table.rows)
    with multiprocessing.get_context("spawn").Pool(workers, _obey) as pool:
        yield pool.imap_unordered(partial(_write, storage), longest_first)
