"""Commands of the audit log: seal it, verify it, hand it out, take old months out."""

import datetime
import sys

import click

from ckanext.sdopen.audit import chain, export, months
from ckanext.sdopen.commands import sdopen

_WORDS = {
    "changed": "row {number} was changed after it was sealed",
    "missing": "row {number} was sealed and is gone",
    "added": "row {number} was added among rows that were sealed",
    "block": "block {number} does not follow the one before it",
}
_FORMATS = ("ndjson", "csv")
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@sdopen.group("audit")
def audit() -> None:
    """The audit log."""


@audit.command("seal")
def seal() -> None:
    """Seal the rows that no transaction under way can precede any more."""
    months.make_ahead()
    click.echo(f"{chain.seal_all()} rows sealed")


@audit.command("verify")
def verify() -> None:
    """Compare every sealed row with the chain; exit status 1 where one is not as it was."""
    wrong = 0
    for finding in chain.verify():
        wrong += 1
        click.echo(_WORDS[finding.what].format(number=finding.number))
    click.echo(f"{chain.sealed()} rows sealed, {chain.unsealed()} not yet, {wrong} findings")
    if wrong:
        sys.exit(1)


@audit.command("export")
@click.option("--since", type=_DAY, required=True, help="First day (UTC).")
@click.option("--until", type=_DAY, help="Day after the last one; without it up to now.")
@click.option("--format", "kind", type=click.Choice(_FORMATS), default="ndjson")
def export_command(since: datetime.datetime, until: datetime.datetime | None, kind: str) -> None:
    """Write the rows of some days to standard output, for an auditor."""
    written = export.write(sys.stdout, kind, since, until)
    click.echo(f"{written} rows", err=True)


@audit.command("purge")
@click.argument("month", type=click.DateTime(formats=["%Y-%m"]))
@click.option("--account", required=True, help="Who decides it; kept in the database.")
def purge(month: datetime.datetime, account: str) -> None:
    """Take out a month whole, once it is older than the days that are kept."""
    months.purge(month.date(), account)
    click.echo(f"{month:%Y-%m} taken out; its digests stay in the chain")
