"""Commands of background work: the workers, and what waits."""

import signal
import sys
import threading

import ckan.plugins.toolkit as tk
import click

from ckanext.sdopen import config
from ckanext.sdopen.commands import sdopen
from ckanext.sdopen.jobs import leases, queues, schedule
from ckanext.sdopen.jobs.kinds import Queue, declared
from ckanext.sdopen.jobs.work.crew import Crew
from ckanext.sdopen.jobs.work.worker import Worker

_QUEUES = click.Choice([queue.value for queue in Queue])


@sdopen.group("jobs")
def jobs_group() -> None:
    """Background work: checks and imports of workbooks, periodic tasks."""


@jobs_group.command("work")
@click.option("--queue", "names", multiple=True, type=_QUEUES, help="Only these; else all.")
@click.option("--once", is_flag=True, help="Do the jobs that are due in this process, then end.")
@click.pass_context
def work_command(ctx: click.Context, names: tuple[str, ...], once: bool) -> None:
    """Do what waits, until SIGTERM; several of these share the work."""
    app = ctx.find_root().meta["flask_app"]
    chosen = [queue for queue in declared.queues() if not names or queue.value in names]
    if once:
        count = sum(Worker(app, queue).work_off() for queue in chosen)
        click.echo(f"{count} jobs done")
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    config.set_up_process()
    Crew(app, chosen, stop).run()


@jobs_group.command("list")
def list_command() -> None:
    """Say what waits and runs in each queue, and when each periodic task ran last."""
    for one in queues.ages():
        oldest = f", the oldest for {one.oldest:.0f} s" if one.waiting else ""
        click.echo(f"{one.queue}: {one.waiting} wait{oldest}; {one.running} run")
        if one.overdue:
            click.echo(f"{one.queue}: {one.overdue} lost their process")
    for run in schedule.last_runs():
        if run.begun is None:
            click.echo(f"{run.name}: never")
            continue
        outcome = "under way" if run.ended is None or run.ended < run.begun else run.told
        failed = f" (failed {run.failures} times)" if run.failures else ""
        click.echo(f"{run.name}: {run.begun:%Y-%m-%d %H:%M:%S} {outcome}{failed}")


@jobs_group.command("cancel")
@click.argument("job_id")
def cancel_command(job_id: str) -> None:
    """End a job that waits or runs; exit status 1 where there is none."""
    if not leases.cancel(job_id):
        tk.error_shout(f"no job {job_id} waits or runs")
        sys.exit(1)
    click.echo("cancelled")
