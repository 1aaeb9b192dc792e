"""Verbs that measure published tables; they need no portal."""

import json
import os
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
@click.option(
    "--kills",
    type=click.IntRange(1, 10_000),
    help="Instead, kill what loads, works and reads so often, in a portal of the bench's own.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
def tables(rows: int, kills: int | None, as_json: bool) -> None:
    """Make a version of a table, with all findings, beside a bare COPY into PostgreSQL.

    Needs no portal. CPU seconds are compared, not those of the clock. Exit status 1 where a mark is
    missed, or a planted wrong cell is not found; with --kills where a version is torn or lost, or a
    part is left.
    """
    from ckanext.sdopen.bench.tables import killed_stand, measure
    from ckanext.sdopen.services.messages import Trouble

    try:
        figures = killed_stand.measure(kills) if kills else measure.measure(rows, click.echo)
    except Trouble as trouble:
        raise click.ClickException(str(trouble)) from None
    click.echo("  ".join(f"{name} {value}" for name, value in figures.items()))
    if as_json:
        click.echo(json.dumps(figures))
    sys.exit(1 if figures["wrong"] else 0)


@bench.command("table-kills", hidden=True)
@click.option("--count", type=int, required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True)
def table_kills(count: int, out: Path) -> None:
    """Kill so often what loads, works and reads, inside a bench's own portal."""
    import flask

    from ckanext.sdopen.bench import portal
    from ckanext.sdopen.bench.tables import kills

    with portal.request(os.environ["CKAN_INI"]):
        app = flask.current_app._get_current_object()  # type: ignore[attr-defined]
        out.write_text(json.dumps(kills.measure(app, count, click.echo)))
