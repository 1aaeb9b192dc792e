"""Write the files of tables in processes of their own, while something else goes on."""

import multiprocessing
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ckanext.sdopen.sample import table_files
from ckanext.sdopen.sample.records import Table


def _obey() -> None:
    """End when the parent says so, whatever handlers the fork has inherited."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _write(storage: Path, table: Table) -> Table:
    table_files.write_files(table, storage)
    return table


@contextmanager
def begun(tables: Iterable[Table], storage: Path, workers: int) -> Iterator[Iterator[Table]]:
    """The tables as their files are done, in any order, the longest begun first.

    The processes are forked, and use no database.
    """
    longest_first = sorted(tables, key=lambda table: -table.rows)
    with multiprocessing.get_context("fork").Pool(workers, _obey) as pool:
        yield pool.imap_unordered(partial(_write, storage), longest_first)
