"""Commands of the index: rebuild it, compare it with the portal, drain the outbox."""

import math
import os
import signal
import sys
import threading

import click

from ckanext.sdopen import config
from ckanext.sdopen.commands import search
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.index import agreement
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.index.rebuild import progress
from ckanext.sdopen.index.rebuild import run as rebuild_run

_REPAIR_SECONDS = 86_400
# seconds in which even a very busy Solr takes something
_PATIENCE = 300.0


def _show_progress(done: int, total: int, rate: float) -> None:
    left = (total - done) / rate if rate else 0
    click.echo(f"\r{done}/{total}  {rate:.0f}/s  {left:.0f} s left ", nl=False, err=True)


@search.command("rebuild")
@click.option("--processes", type=click.IntRange(1, 64), help="As many as there are processors.")
@click.option("--afresh", is_flag=True, help="Begin from the beginning after a killed rebuild.")
@click.option(
    "--or-queue",
    is_flag=True,
    help="Where Solr takes nothing for minutes, leave what is left to the indexer, and succeed.",
)
def rebuild_command(processes: int | None, afresh: bool, or_queue: bool) -> None:
    """Index every entry again, side by side; entries stay findable, a killed rebuild goes on."""
    if afresh:
        progress.forget()
    run = rebuild_run.Run(processes or os.cpu_count() or 1)
    if run.resumed:
        click.echo(f"going on with {run.total} entries", err=True)
    try:
        outcome = run.run(_show_progress, _PATIENCE if or_queue else math.inf)
    except SdopenError as error:
        if not or_queue:
            raise
        click.echo(f"{error}", err=True)
        click.echo(f"{run.queue_left()} entries wait for the index; the indexer goes on")
        return
    click.echo(err=True)
    click.echo(f"{outcome.posted} entries indexed, {run.rate():.0f}/s")
    for one, reason in outcome.refused.items():
        click.echo(f"{one}: {reason}", err=True)
    if outcome.refused and not or_queue:
        sys.exit(1)


@search.command("check")
@click.option("--repair", is_flag=True, help="Mend what differs.")
def check_command(repair: bool) -> None:
    """Compare portal, narrow table and index both ways; exit status 1 where something differs."""
    mend = agreement.repair if repair else lambda kind, ids: None
    done = 0

    def show_progress(size: int) -> None:
        nonlocal done
        done += size
        click.echo(f"\r{done} ", nl=False, err=True)

    found = agreement.compare(show_progress, mend)
    click.echo(err=True)
    for name, one in found.differences.items():
        first = f"  {' '.join(one.first)}" if one.count else ""
        click.echo(f"{name}: {one.count}{first}")
    click.echo(f"{found.packages} packages; {found.waiting} differ because they wait in the outbox")
    if repair and not found.agrees:
        left = drainer.drain_until(outbox.highest(), _REPAIR_SECONDS)
        click.echo(f"mended; {left} entries wait to be indexed")
        sys.exit(1 if left else 0)
    sys.exit(0 if found.agrees else 1)


@search.command("drain")
@click.option("--once", is_flag=True, help="End when nothing waits any more.")
def drain_command(once: bool) -> None:
    """Index what waits in the outbox, until SIGTERM; one drainer works, others stand by."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    config.set_up_process()
    count = drainer.Drainer(lambda line: click.echo(line, err=True), stop).run(once)
    if once:
        click.echo(f"{count} entries indexed")
