"""Commands of the search: check the synonym table."""

import sys
from pathlib import Path

import click

from ckanext.sdopen.chinese import synonyms
from ckanext.sdopen.commands import search
from ckanext.sdopen.search import vocabulary


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
