"""scripts/portal: from whatever state the checkout is in to a portal that serves."""

import os
import time
from dataclasses import dataclass

from ckanext.sdopen.services import install, kept, processes, ready
from ckanext.sdopen.services.layout import PORTAL
from ckanext.sdopen.services.messages import Trouble
from ckanext.sdopen.services.stack import Stack

BEGAN = "SDOPEN_BEGAN"
PORT = 5000
SECONDS_TO_LEAVE = 3.0


@dataclass(frozen=True)
class Wish:
    """What the user asked for."""

    port: int = PORT
    sample: bool | None = None

    def arguments(self) -> list[str]:
        """The same wish as a command line."""
        said = {True: ["--sample"], False: ["--no-sample"], None: []}[self.sample]
        return ["portal", "start", "--port", str(self.port), *said]


def start(wish: Wish) -> int:
    """Install, start, load and serve until a signal comes; the exit status."""
    began = float(os.environ.setdefault(BEGAN, str(time.time())))
    stack = Stack(PORTAL, wish.port)
    with install.alone(PORTAL.var / "lock"):
        processes.record(PORTAL, processes.SUPERVISOR, os.getpid())
        try:
            return go_on(stack, wish, began)
        finally:
            processes.forget(PORTAL, processes.SUPERVISOR)


def go_on(stack: Stack, wish: Wish, began: float) -> int:
    """The way from the bare machine to the end of the last service."""
    if not install.is_in_venv(PORTAL):
        stack.stop_left_behind()
        refuse_taken_port(wish.port)
        ready.refuse_silent_outsiders(stack.addresses)
        install.prepare(PORTAL, stack.addresses)
        # the same process goes on as another program, and takes the lock again
        install.enter_venv(PORTAL, *wish.arguments())
    # only now: honcho comes with the project's own Python
    from ckanext.sdopen.services.serving import serve

    stack.settle()
    return serve(stack, wish.sample, began)


def refuse_taken_port(port: int) -> None:
    """End when somebody listens on the web port; only this port can be taken."""
    # a killed web server's processes notice it and leave within a second or two
    if not ready.until(lambda: kept.is_free(port), SECONDS_TO_LEAVE, lambda: True):
        raise Trouble("port_taken", port=port, other=port + 1)
