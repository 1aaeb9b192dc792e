"""`python -m ckanext.sdopen.bench`."""

from ckanext.sdopen.bench import costs_cli, tables_cli
from ckanext.sdopen.bench.cli import bench

# what has added its verbs
__all__ = ["costs_cli", "tables_cli"]

bench(prog_name="bench")
