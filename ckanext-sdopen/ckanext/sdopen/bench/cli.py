"""The command line of the benches."""

import json
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click


@click.group()
def bench() -> None:
    """Measure the running portal; the figures of docs/benchmarks.md come from here."""
    # a bench that is told to end ends its own portal, too
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@bench.command("search")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
@click.option("--failed", is_flag=True, help="List the queries that failed.")
def search(as_json: bool, failed: bool) -> None:
    """Ask the judged queries: success@10, zero hits, precision, for each half.

    The portal must hold the sample province; the real half needs both real catalogs pushed into it
    (config/sources/foshan.yaml, guizhou.yaml), and is left out, saying so, where they are not. It
    is asked alone in the index (real) and among the entries of the province (real_inside).
    """
    from ckanext.sdopen.bench import judged_search, portal

    with portal.request(os.environ.get("CKAN_INI", "var/portal.ini")):
        measured = judged_search.measure(failed)
    for half, figures in measured.items():
        shown = "  ".join(f"{name} {value}" for name, value in figures.items())
        click.echo(f"{half:12} {shown}")
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


@bench.command("shape")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
@click.option("--against", metavar="REVISION", help="A Git revision to stand beside the checkout.")
@click.option("--findings", is_flag=True, help="Name each file that breaks the order, too.")
def shape(as_json: bool, against: str | None, findings: bool) -> None:
    """Count lines, files, folders and imports up the rows of the package; needs no portal."""
    from ckanext.sdopen.bench import house
    from ckanext.sdopen.bench import shape as measuring
    from ckanext.sdopen.errors import SdopenError
    from ckanext.sdopen.paths import PACKAGE

    try:
        measured = measuring.measure(against)
    except SdopenError as error:
        raise click.ClickException(str(error)) from None
    if findings:
        click.echo("\n".join(map(str, house.findings(house.modules(PACKAGE)))))
    click.echo(f"{'':26}" + "".join(f"{name:>10}" for name in measured))
    for name in measured["now"]:
        click.echo(f"{name:26}" + "".join(f"{side[name]:10,}" for side in measured.values()))
    if as_json:
        click.echo(json.dumps(measured))


@bench.command("bulk")
@click.option("--entries", type=click.IntRange(1_000, 420_000), default=20_000, show_default=True)
@click.option("--runs", type=click.IntRange(1, 9), default=5, show_default=True)
@click.option("--quick", is_flag=True, help="Fewer entries, no curve: two to three minutes in all.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Where the bench's own portal keeps its data: an empty or absent folder, deleted after.",
)
def bulk(entries: int, runs: int, quick: bool, as_json: bool, folder: Path | None) -> None:
    """Load entries in bulk into a portal of the bench's own, beside ckanapi, Solr and the rebuild.

    The clock stops when the outbox is empty and a search finds every entry.
    """
    from ckanext.sdopen.bench.bulk import bulk as measuring
    from ckanext.sdopen.services.messages import Trouble

    plan = measuring.QUICK if quick else measuring.Plan(entries=entries, runs=runs)
    try:
        figures = measuring.measure(plan, folder, click.echo)
    except Trouble as trouble:
        raise click.ClickException(str(trouble)) from None
    if as_json:
        click.echo(json.dumps(figures))


@bench.command("faults")
@click.option("--kills", type=click.IntRange(1), default=40, show_default=True)
@click.option(
    "--each", type=click.IntRange(1, 20), default=4, show_default=True, help="Kills a run."
)
@click.option("--entries", type=click.IntRange(100, 2_000), default=900, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--cloud/--no-cloud", default=True, help="Kill the leader of a SolrCloud, too.")
@click.option(
    "--outages/--no-outages", default=True, help="Disturb each part by itself, under load."
)
@click.option("--quick", is_flag=True, help="The outages only, and those in short.")
@click.option("--part", "parts", multiple=True, help="Only outages of this part; may be repeated.")
@click.option(
    "--fault", "faults", multiple=True, help="Only outages of this kind; may be repeated."
)
@click.option("--seconds", type=click.FloatRange(1, 600), help="How long each outage lasts.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
def faults(as_json: bool, parts: tuple[str, ...], faults: tuple[str, ...], **plan: Any) -> None:
    """Kill web workers, the indexer, database backends and Solr while entries are loaded.

    Every run must come to the state of an undisturbed one. Then each part is killed, hung or
    disturbed under a modest load: pages answered, seconds to heal, writes lost. Exit status 1 where
    a state differs, a write was lost, or the portal did not heal.
    """
    from ckanext.sdopen.bench.faults import cases, measure

    _refuse_unknown("--part", parts, cases.PARTS)
    _refuse_unknown("--fault", faults, cases.FAULTS)
    figures = measure.measure(measure.Plan(parts=parts, faults=faults, **plan), click.echo)
    if as_json:
        click.echo(json.dumps(figures))
    sys.exit(1 if figures["wrong"] else 0)


def _refuse_unknown(option: str, given: tuple[str, ...], known: tuple[str, ...]) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        there = ", ".join(known)
        raise click.BadParameter(f"{', '.join(unknown)}; there are {there}", param_hint=option)


@bench.command("load")
@click.option("--clients", type=click.IntRange(1, 500), default=100, show_default=True)
@click.option("--minutes", type=click.FloatRange(0.1, 60), default=5.0, show_default=True)
@click.option("--quick", is_flag=True, help="Half a minute.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object, last.")
def load(clients: int, minutes: float, quick: bool, seed: int, as_json: bool) -> None:
    """Ask the running portal with many clients at a time, through its front door.

    Exit status 1 where an answer fails otherwise than by 503 with a time, static files or the
    health page wait, home takes more than a second right after, or the memory of the web processes
    grows.
    """
    from ckanext.sdopen.bench.load import found
    from ckanext.sdopen.bench.load import load as measuring
    from ckanext.sdopen.services.layout import PORTAL

    url = measuring.address(PORTAL)
    if url is None:
        raise click.ClickException("The portal does not run; start it: scripts/portal")
    plan = measuring.Plan(clients, 30 if quick else minutes * 60, seed)
    memory = partial(measuring.web_memory, PORTAL)
    figures = measuring.measure(plan, url, memory, click.echo).figures()
    click.echo("\n".join(found.table(figures)))
    if as_json:
        click.echo(json.dumps(figures))
    sys.exit(1 if figures["wrong"] else 0)


@bench.command("furnish", hidden=True)
@click.option("--catalogs", type=int, required=True)
@click.option("--token-file", type=click.Path(path_type=Path), required=True)
def furnish(catalogs: int, token_file: Path) -> None:
    """Make the departments and the account of a bench's own portal."""
    from ckanext.sdopen.bench import inside, portal

    with portal.request(os.environ["CKAN_INI"]):
        inside.furnish(catalogs, token_file)


@bench.command("documents", hidden=True)
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--limit", type=int, required=True)
def documents(out: Path, limit: int) -> None:
    """Write the index documents of a bench's own portal."""
    from ckanext.sdopen.bench import inside, portal

    with portal.request(os.environ["CKAN_INI"]):
        click.echo(inside.write_documents(out, limit))


@bench.command("seal", hidden=True)
@click.option("--out", type=click.Path(path_type=Path), required=True)
def seal(out: Path) -> None:
    """Seal the audit log of a bench's own portal."""
    from ckanext.sdopen.bench import inside, portal

    with portal.request(os.environ["CKAN_INI"]):
        inside.seal(out)
