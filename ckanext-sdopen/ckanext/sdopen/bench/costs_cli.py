"""Verbs of the benches that tell what one part of the portal costs."""

import json
import os
import sys
from pathlib import Path

import click

from ckanext.sdopen.bench.cli import bench


@bench.command("audit")
@click.option("--entries", type=click.IntRange(1_000, 20_000), default=5_000, show_default=True)
@click.option("--pairs", type=click.IntRange(1, 20), default=6, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
@click.option("--folder", type=click.Path(path_type=Path), help="As for bulk.")
def audit(entries: int, pairs: int, as_json: bool, folder: Path | None) -> None:
    """Load entries in bulk with rows of the audit log and without: CPU-ms an entry of both.

    Exit status 1 where the log costs more than 5 % of the bulk path.
    """
    from ckanext.sdopen.bench.bulk import audit_share
    from ckanext.sdopen.services.messages import Trouble

    try:
        figures = audit_share.measure(entries, pairs, folder, click.echo)
    except Trouble as trouble:
        raise click.ClickException(str(trouble)) from None
    click.echo("  ".join(f"{name} {value}" for name, value in figures.items()))
    if as_json:
        click.echo(json.dumps(figures))
    sys.exit(1 if figures["of_whole_path"] > audit_share.MOST else 0)


@bench.command("degraded")
@click.option("--entries", type=click.IntRange(2_000), default=420_000, show_default=True)
@click.option("--pages", type=click.IntRange(3, 100), default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
@click.option("--folder", type=click.Path(path_type=Path), help="As for bulk.")
def degraded(entries: int, pages: int, as_json: bool, folder: Path | None) -> None:
    """Ask for pages of a list of many entries while Solr is away: milliseconds of each kind.

    Exit status 1 where the median of a kind is above 300 ms.
    """
    from ckanext.sdopen.bench import without_index
    from ckanext.sdopen.services.messages import Trouble

    try:
        figures = without_index.measure(entries, pages, folder, click.echo)
    except Trouble as trouble:
        raise click.ClickException(str(trouble)) from None
    if as_json:
        click.echo(json.dumps(figures))
    sys.exit(any(one["median_ms"] > without_index.MOST_MS for one in figures.values()))


@bench.command("guard")
@click.option("--rounds", type=click.IntRange(3, 500), default=40, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
def guard(rounds: int, as_json: bool) -> None:
    """Ask pages with the guard's layers and without: CPU-ms a request of the application.

    The portal must run, with entries in it.
    """
    from ckanext.sdopen.bench import guard_cost

    figures = guard_cost.measure(os.environ.get("CKAN_INI", "var/portal.ini"), rounds)
    for page, costs in figures.items():
        click.echo(f"{page:16}" + "  ".join(f"{name} {ms}" for name, ms in costs.items()))
    if as_json:
        click.echo(json.dumps(figures))
