"""Commands for mail that waits."""

import click

from ckanext.sdopen.commands import sdopen
from ckanext.sdopen.jobs.mail import queue, sending


@sdopen.group(name="mail")
def mail() -> None:
    """Mail that waits to be sent."""


@mail.command("send")
def send() -> None:
    """Send what is due; tells how many letters were sent and how many still wait."""
    sent = sending.send_due()
    click.echo(f"sent {sent}, waiting {queue.waiting()}")
