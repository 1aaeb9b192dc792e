"""Verbs that measure published tables; they need no portal."""

import json
import sys
import tempfile
from pathlib import Path

import click

from ckanext.sdopen.bench.cli import bench


@bench.command("reading")
@click.option(
    "--rows", type=click.IntRange(1_000, 20_000_000), default=1_000_000, show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
def reading(rows: int, as_json: bool) -> None:
    """Ask a table reader for pages, a key, counts, sorts, a part of a word; needs no portal.

    Milliseconds of processor and clock, and the reader's memory. Exit status 1 where a mark is
    missed.
    """
    from ckanext.sdopen.bench.tables import reading as measuring

    with tempfile.TemporaryDirectory() as folder:
        figures = measuring.measure(Path(folder), rows)
    for name, value in figures.items():
        click.echo(f"{name:16} {value}")
    if as_json:
        click.echo(json.dumps(figures))
    sys.exit(1 if figures["wrong"] else 0)


@bench.command("tables")
@click.option(
    "--rows", type=click.IntRange(1_000, 20_000_000), default=1_000_000, show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
def tables(rows: int, as_json: bool) -> None:
    """Make a version of a table, with all findings, beside a bare COPY into PostgreSQL.

    Needs no portal. CPU seconds are compared, not those of the clock. Exit status 1 where a mark is
    missed, or a planted wrong cell is not found.
    """
    from ckanext.sdopen.bench.tables import measure
    from ckanext.sdopen.services.messages import Trouble

    try:
        figures = measure.measure(rows, click.echo)
    except Trouble as trouble:
        raise click.ClickException(str(trouble)) from None
    click.echo("  ".join(f"{name} {value}" for name, value in figures.items()))
    if as_json:
        click.echo(json.dumps(figures))
    sys.exit(1 if figures["wrong"] else 0)
