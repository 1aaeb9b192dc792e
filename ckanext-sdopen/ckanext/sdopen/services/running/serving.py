"""The portal from its first service to its last: order of the start, what is said, why it ended."""

import time
from dataclasses import replace
from functools import partial

from ckanext.sdopen.services import commands, stack_state
from ckanext.sdopen.services.install import database
from ckanext.sdopen.services.install.steps import Step, perform
from ckanext.sdopen.services.layout import BACK
from ckanext.sdopen.services.messages import complain, say, text
from ckanext.sdopen.services.running.stack import Stack
from ckanext.sdopen.services.running.supervisor import Supervisor
from ckanext.sdopen.services.servers import postgres

WAITING = "SELECT count(*) FROM sdopen_outbox"
ACCOUNT = ("role", "role_zh", "name", "password", "department")


def serve(stack: Stack, sample: bool | None, began: float) -> int:
    """Run the services until they are stopped; the exit status."""
    supervisor = Supervisor(stack.layout)
    again = {"postgres": partial(postgres.wait_for_orphans, stack.layout)}
    supervisor.add(stack.names(), stack.environment(), again)
    stack_state.write(stack.layout.run / "address.json", {"url": stack.url, "own": stack.names()})
    supervisor.conduct(partial(conduct, stack, sample, began))
    return verdict(supervisor)


def conduct(stack: Stack, sample: bool | None, began: float, supervisor: Supervisor) -> None:
    """Bring the services up in their order, with what CKAN needs in between."""
    layout = stack.layout
    ckan = database.Ckan(layout, layout.ini, stack.environment())
    port = stack.ports["postgres"]
    loads = wants_sample(stack, sample)
    services = Step("services", lambda: stack.bring_up(supervisor, *BACK))
    tables = database.table_steps(ckan, layout, stack.addresses, port)
    after_services = [replace(step, after=(*step.after, services.name)) for step in tables]
    perform([services, *after_services])
    perform(
        [
            database.index_step(ckan, layout, stack.addresses),
            database.sample_step(ckan, layout, loads),
            database.harvest_step(ckan, layout),
        ]
    )
    perform([Step("web", lambda: stack.bring_up(supervisor, "web", "nginx"))])
    supervisor.keep()
    for name in stack.names():
        supervisor.open(name)
    stack_state.State(layout).done("served", "yes")
    announce(stack, loads, time.time() - began)


def wants_sample(stack: Stack, said: bool | None) -> bool:
    """Whether the sample province belongs into this portal, when nobody says so.

    A demonstration belongs neither into somebody's own database nor into a portal that has served
    without it.
    """
    if said is not None:
        return said
    state = stack_state.State(stack.layout)
    begun_empty = state.was_done("served") and not state.was_done("sample")
    return stack.addresses.starts("postgres") and not begun_empty


def announce(stack: Stack, sample: bool, seconds: float) -> None:
    """Print the address, the demo accounts and the logs."""
    layout = stack.layout
    waiting = postgres.number(stack.addresses.urls["CKAN_SQLALCHEMY_URL"], WAITING)
    print(flush=True)
    say("serving", url=stack.addresses.urls["CKAN_SITE_URL"], seconds=f"{seconds:.0f}")
    if waiting:
        say("index_waits", count=waiting, log=layout.log("indexer"))
    accounts = stack_state.read_list(layout.accounts)
    if sample and accounts:
        say("accounts", file=layout.accounts)
        for account in accounts:
            known = {name: account.get(name) or "-" for name in ACCOUNT}
            print("  " + text("account", **known), flush=True)
    if not sample:
        say("without_sample", ckan=f"{layout.venv / 'bin' / 'ckan'} -c {layout.ini}")
    say("logs")
    for name in stack.names():
        print(f"  {text(f'service_{name}')}: {layout.log(name)}", flush=True)
    say("how_to_stop")


def verdict(supervisor: Supervisor) -> int:
    """Why the services ended: asked to, one fell, or a step failed."""
    if supervisor.casualty:
        name, code = supervisor.casualty
        log = supervisor.layout.log(name)
        said = commands.tail(log)
        known = commands.explanation(commands.tail(log, commands.MANY))
        cause = text("because_disk_full") if known == "disk_full" else ""
        end = "\n".join(f"    {line}" for line in said.splitlines())
        what = text(f"service_{name}")
        complain(text("service_died", what=what, code=code, log=log, cause=cause, end=end))
        return 1
    if supervisor.asked_to_stop or supervisor.failure is None:
        say("stopped")
        return 0
    raise supervisor.failure
