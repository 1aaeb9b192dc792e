"""Commands of the search: rebuild the index, check the synonym table."""

import os
import signal
import sys
import threading
from pathlib import Path

import click

from ckanext.sdopen import heap
from ckanext.sdopen.catalog import outbox
from ckanext.sdopen.commands import sdopen
from ckanext.sdopen.search import agreement, drain, rebuild_kept, rebuild_run, synonyms, vocabulary

_REPAIR_SECONDS = 86_400


@sdopen.group("search")
def search() -> None:
    """Index and synonyms."""


def _told(done: int, total: int, rate: float) -> None:
    left = (total - done) / rate if rate else 0
    click.echo(f"\r{done}/{total}  {rate:.0f}/s  {left:.0f} s left ", nl=False, err=True)


@search.command("rebuild")
@click.option("--processes", type=click.IntRange(1, 64), help="As many as there are processors.")
@click.option("--afresh", is_flag=True, help="Begin from the beginning after a killed rebuild.")
def rebuild_command(processes: int | None, afresh: bool) -> None:
    """Index every entry again, side by side; entries stay findable, a killed rebuild goes on."""
    if afresh:
        rebuild_kept.forget()
    run = rebuild_run.Run(processes or os.cpu_count() or 1)
    if run.resumed:
        click.echo(f"going on with {run.total} entries", err=True)
    outcome = run.run(_told)
    click.echo(err=True)
    click.echo(f"{outcome.posted} entries indexed, {run.rate():.0f}/s")
    for one, reason in outcome.refused.items():
        click.echo(f"{one}: {reason}", err=True)
    if outcome.refused:
        sys.exit(1)


@search.command("check")
@click.option("--repair", is_flag=True, help="Mend what differs.")
def check_command(repair: bool) -> None:
    """Compare portal, narrow table and index both ways; exit status 1 where something differs."""
    mend = agreement.repair if repair else lambda kind, ids: None
    done = 0

    def told(size: int) -> None:
        nonlocal done
        done += size
        click.echo(f"\r{done} ", nl=False, err=True)

    found = agreement.compare(told, mend)
    click.echo(err=True)
    for name, one in found.differences.items():
        first = f"  {' '.join(one.first)}" if one.count else ""
        click.echo(f"{name}: {one.count}{first}")
    click.echo(f"{found.packages} packages; {found.waiting} differ because they wait in the outbox")
    if repair and not found.agrees:
        left = drain.drain_until(outbox.highest(), _REPAIR_SECONDS)
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
    heap.settle()
    count = drain.Drainer(lambda line: click.echo(line, err=True), stop).run(once)
    if once:
        click.echo(f"{count} entries indexed")


@search.group("synonyms")
def synonyms_group() -> None:
    """The synonym table."""


@synonyms_group.command("check")
@click.argument("file", type=click.Path(path_type=Path, exists=True), required=False)
def check(file: Path | None) -> None:
    """Check a synonym table (the one in use, or FILE); the first wrong line is named."""
    path = file or vocabulary.table()
    try:
        groups = synonyms.parse(path.read_text(encoding="utf-8"))
    except (synonyms.SynonymError, UnicodeDecodeError) as error:
        click.echo(f"{path}: {error}", err=True)
        sys.exit(1)
    click.echo(f"{path}: {len(groups)} 组 groups")
