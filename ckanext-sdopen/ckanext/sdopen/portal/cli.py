"""Commands for the operators of a portal."""

from pathlib import Path

import click

from ckanext.sdopen.commands import sdopen
from ckanext.sdopen.departments import topic_pages
from ckanext.sdopen.portal import accounts


@sdopen.group(name="portal")
def portal() -> None:
    """Accounts of the portal."""


@portal.command("harvest-account")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    required=True,
    help="File (mode 600) that receives the account's API token.",
)
def harvest_account(token_file: Path) -> None:
    """Make the account of the harvest scripts, and write a new API token of it to a file."""
    accounts.write_secret(token_file, accounts.harvest_token())
    click.echo(f"{accounts.HARVEST_USER}: {token_file}")


@portal.command("topics")
def make_topics() -> None:
    """Make the topics of the active set that the portal lacks."""
    click.echo(sum(1 for made in topic_pages.make() if made))
