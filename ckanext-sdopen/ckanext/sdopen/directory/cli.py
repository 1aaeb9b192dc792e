"""Commands of the directory: the narrow table."""

import click

from ckanext.sdopen.commands import catalog
from ckanext.sdopen.directory import narrow_table


@catalog.command("register")
def register() -> None:
    """Write the narrow table of entries and their numbers anew, in batches."""
    done = 0

    def show_progress(count: int) -> None:
        nonlocal done
        done += count
        click.echo(f"\r{done}", nl=False, err=True)

    count = narrow_table.rebuild(show_progress)
    click.echo(err=True)
    click.echo(f"{count} entries registered")
