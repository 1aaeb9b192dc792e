"""The command of the doctor."""

import sys
from dataclasses import asdict

import click
import orjson

from ckanext.sdopen.breaker import settings as waiting
from ckanext.sdopen.ckan_seams.repairs import redis_pool
from ckanext.sdopen.commands import sdopen
from ckanext.sdopen.guard.doctor import report, texts
from ckanext.sdopen.guard.doctor.rules.findings import Severity, worst
from ckanext.sdopen.language import language

_CODES = {"zh": texts.CHINESE, "en": texts.ENGLISH}


def _print(told: list[texts.Told], whole: bool) -> None:
    for one in told:
        if whole or one.severity != Severity.OK:
            click.echo(f"{one.severity:<7} {one.area:<9} {one.check}: {one.told}")
            if one.advice:
                click.echo(f"{'':<17} → {one.advice}")
    counts = [f"{sum(one.severity == kind for one in told)} {kind.value}" for kind in Severity]
    click.echo(", ".join(counts))


@sdopen.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="All findings as one JSON object.")
@click.option("--all", "whole", is_flag=True, help="What is in order, too.")
@click.option("--language", "chosen", type=click.Choice(list(_CODES)), help="Else the portal's.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool, whole: bool, chosen: str | None) -> None:
    """Say what of the portal is out of order or unsafe, and what to do; exit status 1 on errors."""
    # a command waits for Redis no longer than a web process does
    redis_pool.bound(waiting.connect(), waiting.redis())
    app = ctx.find_root().meta["flask_app"]
    with app.test_request_context():
        found = report.findings()
        told = [texts.say(one, _CODES.get(chosen or "", language())) for one in found]
    status = worst(found)
    if as_json:
        answer = {"status": status.value, "findings": [asdict(one) for one in told]}
        click.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
    else:
        _print(told, whole)
    sys.exit(1 if status is Severity.ERROR else 0)
