"""Commands of the sample province: load, status, tables, write."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ckan.plugins.toolkit as tk
import click
from ckan import model
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ckanext.sdopen import codes
from ckanext.sdopen.commands import sdopen
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.sample.entries.shares import CATALOGS
from ckanext.sdopen.sample.loading import accounts as demo_accounts
from ckanext.sdopen.sample.loading import loading
from ckanext.sdopen.sample.province import Province
from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.tables.making import made, progress, sizes
from ckanext.sdopen.sample.tables.publishing import publish, standing, tables_job

_EVERY = 10.0
# the portal's own processes come first
_NICENESS = 10


@sdopen.group("sample")
def sample() -> None:
    """The sample province."""


def _province(catalogs: int = CATALOGS) -> Province:
    return Province(tk.config["ckanext.sdopen.sample.seed"], catalogs)


@contextmanager
def _phase(title: str, total: int) -> Iterator[loading.OnLoaded]:
    """A progress bar on a terminal, else a line every ten seconds and one at the end."""
    # stdout is what scripts/portal shows; stderr, with CKAN's own log, goes to a file
    console = Console()
    started, done, said = time.monotonic(), 0, time.monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=total)

        def on_loaded(count: int) -> None:
            nonlocal done, said
            done += count
            bar.advance(task, count)
            if not console.is_terminal and time.monotonic() - said >= _EVERY:
                said = time.monotonic()
                rate = done / (said - started)
                click.echo(f"{title}: {done}/{total} ({rate:.0f}/s)")

        yield on_loaded
    if not console.is_terminal:
        seconds = max(time.monotonic() - started, 0.001)
        text = f"{title}: {done}/{total} ({seconds:.0f} s, {done / seconds:.0f}/s)"
        click.echo(text)


@sample.command("load")
@click.option(
    "--accounts", type=click.Path(path_type=Path), help="File (mode 600) of demo accounts."
)
@click.option("--catalogs", type=click.IntRange(60), default=CATALOGS, show_default=True)
def load(accounts: Path | None, catalogs: int) -> None:
    """Load the sample province; a rerun goes on where an earlier one stopped."""
    province = _province(catalogs)
    _load_groups(province)
    if accounts:
        demo_accounts.make(accounts, loading.site_context())
    _load_entries(province)
    tables_job.queue(catalogs)
    click.echo("数据表由后台生成 (the tables are made in the background)")


def _load_groups(province: Province) -> None:
    with _phase("主题 topics", len(codes.load("topics"))) as on_loaded:
        loading.load_topics(on_loaded)
    departments = sum(1 for _ in province.departments())
    with _phase("单位 departments", departments) as on_loaded:
        loading.load_departments(province, on_loaded)


def _load_entries(province: Province) -> None:
    for title, total, entries in (
        ("目录 catalogs", province.catalogs, province.catalog_entries()),
        ("草稿与撤回 unpublished", province.unpublished, province.unpublished_entries()),
        ("接口 interfaces", province.interfaces, province.interface_entries()),
    ):
        with _phase(title, total) as on_loaded:
            loading.load_entries(entries, on_loaded)
    with _phase("索引 index", outbox.length(1_000_000)) as on_loaded:
        left = loading.index(on_loaded)
    if left:
        click.echo(f"待索引 {left}，由索引进程继续处理 ({left} entries wait; the indexer goes on)")


@sample.command("status")
@click.option("--catalogs", type=click.IntRange(60), default=CATALOGS, show_default=True)
def status(catalogs: int) -> None:
    """Say how much of the sample is there; exit status 1 while entries are missing."""
    province = _province(catalogs)
    wanted = {
        "dataset": province.catalogs + province.unpublished,
        "interface": province.interfaces,
    }
    missing = 0
    for batch in loading.batches(_all_entries(province), 500):
        ids = [entry.id for entry in batch]
        missing += len(ids) - len(loading.known(model.Package, ids))
    found = standing.of(province.catalog_entries(), full=False)
    click.echo(f"entries {sum(wanted.values()) - missing}/{sum(wanted.values())}")
    click.echo(f"tables {found.there - len(found.missing)}/{found.there}")
    sys.exit(1 if missing else 0)


def _published(province: Province) -> Iterator[Entry]:
    yield from province.catalog_entries()
    yield from province.interface_entries()


def _all_entries(province: Province) -> Iterator[Entry]:
    yield from _published(province)
    yield from province.unpublished_entries()


@sample.command("tables")
@click.option("--full", is_flag=True, help="As many rows as each catalog declares, 253 million.")
@click.option("--only", multiple=True, metavar="NAME", help="Of this catalog; may be repeated.")
@click.option("--catalogs", type=click.IntRange(60), default=CATALOGS, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Only files, in this folder.")
def tables_(full: bool, only: tuple[str, ...], catalogs: int, out: Path | None) -> None:
    """Make and publish the tables of the open catalogs; a rerun goes on where one stopped."""
    os.nice(_NICENESS)
    entries = [entry for entry in _province(catalogs).catalog_entries() if sizes.is_open(entry)]
    unknown = set(only) - {entry.name for entry in entries}
    if unknown:
        raise click.UsageError(f"no open catalog of the sample: {', '.join(sorted(unknown))}")
    chosen = [entry for entry in entries if not only or entry.name in only]
    if not out:
        found = standing.of(chosen, full)
        click.echo(f"tables {found.there - len(found.missing)}/{found.there}")
        chosen = found.missing
    rows = sum(sizes.rows_of(entry, full) for entry in chosen)
    meter = progress.Meter(len(chosen), rows)
    with meter.shown(Console()):
        if out:
            for one in made.made_tables(chosen, out, full):
                meter.add(one.rows, one.bytes, one.again)
        else:
            for published in publish.publish_missing(chosen, full):
                meter.add(published.rows, published.bytes)


@sample.command("write")
@click.option("--catalogs", type=click.IntRange(60), default=CATALOGS, show_default=True)
@click.option("--out", type=click.File("w", encoding="utf-8"), default="-", show_default=True)
def write(catalogs: int, out: click.utils.LazyFile) -> None:
    """Write the published payloads of a province of any size as NDJSON, in constant memory."""
    province = Province(tk.config["ckanext.sdopen.sample.seed"], catalogs)
    for entry in _published(province):
        line = {"id": entry.id, "name": entry.name, **entry.payload}
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
