"""The group `ckan sdopen`, to which each capability's `cli` adds its own group."""

import click


@click.group()
def sdopen() -> None:
    """Commands of the sdopen portal."""
