"""The command line of the benches."""

import json
import os
import sys

import click


@click.group()
def bench() -> None:
    """Measure the running portal; the figures of docs/benchmarks.md come from here."""


@bench.command("search")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
@click.option("--failed", is_flag=True, help="List the queries of the sample half that failed.")
def search(as_json: bool, failed: bool) -> None:
    """Ask the judged queries: success@10, zero hits, precision, for each half.

    The portal must hold the sample province; the second half needs both real catalogs pushed into
    it (config/sources/foshan.yaml, guizhou.yaml), and is left out, saying so, where they are not.
    """
    from ckanext.sdopen.bench import judged_search, portal

    with portal.request(os.environ.get("CKAN_INI", "var/portal.ini")):
        measured = judged_search.measure(failed)
    for half, figures in measured.items():
        shown = "  ".join(f"{name} {value}" for name, value in figures.items())
        click.echo(f"{half:8} {shown}")
    if as_json:
        click.echo(json.dumps(measured))
    sys.exit(0 if measured else 1)


@bench.command("rules")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
def rules(as_json: bool) -> None:
    """Check entries of ten items, every tenth faulty: entries per second and core."""
    from ckanext.sdopen.bench import rules as measuring

    figures = measuring.measure()
    click.echo("  ".join(f"{name} {value}" for name, value in figures.items()))
    if as_json:
        click.echo(json.dumps(figures))


@bench.command("workbook")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
@click.option("--runs", type=click.IntRange(1, 20), default=5, show_default=True)
def workbook(as_json: bool, runs: int) -> None:
    """Check a book of 4,585 catalogs with 48,005 items, and annotate it; needs no portal.

    Medians of wall and processor seconds of the whole command, and its largest process in MB.
    """
    from ckanext.sdopen.bench import workbook as measuring

    measured = measuring.measure(runs)
    for case, figures in measured.items():
        shown = "  ".join(f"{name} {value}" for name, value in figures.items())
        click.echo(f"{case:22} {shown}")
    if as_json:
        click.echo(json.dumps(measured))
