"""Commands of the search: rebuild the index, check the synonym table."""

import sys
import time
from pathlib import Path

import click
from ckan import model

from ckanext.sdopen.commands import sdopen
from ckanext.sdopen.search import reindex, synonyms, vocabulary


@sdopen.group("search")
def search() -> None:
    """Index and synonyms."""


@search.command("rebuild")
def rebuild_command() -> None:
    """Index every entry again, in batches; entries stay findable meanwhile."""
    total = model.Session.query(model.Package.id).filter_by(state=model.State.ACTIVE).count()
    started = time.monotonic()
    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        rate = done / max(time.monotonic() - started, 0.001)
        click.echo(f"\r{done}/{total}  {rate:.0f}/s", nl=False, err=True)

    sent = reindex.rebuild(told)
    click.echo(err=True)
    click.echo(f"{sent} entries indexed in {time.monotonic() - started:.0f} s")


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
