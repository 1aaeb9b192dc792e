"""scripts/portal status, stop, reset and nginx."""

import os
import shutil
import signal
import time

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.layout import SERVICES, Layout
from ckanext.sdopen.services.messages import Trouble, say, text
from ckanext.sdopen.services.running import processes, ready
from ckanext.sdopen.services.servers import nginx

NOT_RUNNING = 3


def status(layout: Layout) -> int:
    """Print each service, its process and its log; 0 when the portal serves, else 3."""
    supervisor = processes.recorded(layout, processes.SUPERVISOR)
    found = {process.name: process for process in processes.running(layout)}
    known = stack_state.read(layout.run / "address.json") if supervisor else {}
    for name in SERVICES:
        what, fall = text(f"service_{name}"), processes.last_fall(layout, name)
        if process := found.get(name):
            say("status_on", what=what, pid=process.pid, since=process.since, log=layout.log(name))
            if fall and process.restarts:
                say("status_again", count=process.restarts, at=fall.at, code=fall.code)
        elif known and fall:
            say("status_rests", what=what, code=fall.code, log=layout.log(name))
        elif known and name not in known["own"]:
            say("status_outside", what=what)
        else:
            say("status_off", what=what, log=layout.log(name))
    if supervisor is None:
        say("not_running" if not found else "status_left")
        return NOT_RUNNING
    url = known.get("url")
    if url and ready.http_status(f"{url}/api/3/action/status_show") == 200:
        say("status_serving", url=url)
        return 0
    say("status_starting", pid=supervisor.pid)
    return NOT_RUNNING


def stop(layout: Layout) -> int:
    """Have the running portal stop, or stop what a killed one left behind."""
    supervisor = processes.recorded(layout, processes.SUPERVISOR)
    if supervisor:
        os.kill(supervisor.pid, signal.SIGTERM)
        deadline = time.monotonic() + 2 * processes.PATIENCE
        while supervisor.is_alive():
            if time.monotonic() > deadline:
                raise Trouble("still_running", what="scripts/portal", pids=supervisor.pid)
            time.sleep(0.1)
    left = processes.stop_left_behind(layout)
    nginx.end_orphans(layout.nginx)
    say("stopped" if supervisor or left else "not_running")
    return 0


def reset(layout: Layout, sure: bool) -> int:
    """Delete all data, accounts and secrets of the portal, after a question."""
    things = [path for path in layout.keepsakes() if path.exists()]
    if not things:
        say("nothing_to_reset")
        return 0
    if not sure:
        say("reset_deletes", folder=layout.var)
        try:
            answer = input(text("reset_question"))
        except EOFError:
            answer = ""
        if answer.strip().lower() not in ("yes", "y", "是"):
            say("reset_refused")
            return 1
    if processes.recorded(layout, processes.SUPERVISOR) or processes.running(layout):
        stop(layout)
    for path in things:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    say("reset_done")
    return 0


def print_front(layout: Layout, port: int) -> int:
    """Print the settings of the front door for an nginx of the operator's own."""
    layout.make()
    print(nginx.for_production(layout, port, os.environ), end="")
    return 0
