"""Write the files of tables in processes of their own, while something else goes on."""

import multiprocessing
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ckanext.sdopen.sample import table_files
from ckanext.sdopen.sample.records import Table


def _write(table: Table) -> Table:
    table_files.write_files(table)
    return table


@contextmanager
def begun(tables: Iterable[Table], workers: int) -> Iterator[Iterator[Table]]:
    """The tables as their files are done, in any order, the longest begun first.

    The processes are forked: they know the portal's settings, and use no database.
    """
    longest_first = sorted(tables, key=lambda table: -table.rows)
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield pool.imap_unordered(_write, longest_first)
