"""`python -m ckanext.sdopen.bench`."""

from ckanext.sdopen.bench.cli import bench

bench(prog_name="bench")
