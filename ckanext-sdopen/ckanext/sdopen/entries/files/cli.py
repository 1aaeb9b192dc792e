"""The command that removes the bytes of files which nobody gives any more."""

import click

from ckanext.sdopen.commands import sdopen
from ckanext.sdopen.entries.files import sweeping


@sdopen.group("files")
def files_group() -> None:
    """Uploaded files."""


@files_group.command("sweep")
def sweep() -> None:
    """Remove what has been due; say when the files that no entry gives any more are due."""
    marked, removed = sweeping.sweep()
    click.echo(f"{removed} files removed, {marked} more will be when their days are over")
