"""scripts/portal: from whatever state the checkout is in to a portal that serves."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.install import install, privacy
from ckanext.sdopen.services.layout import PORTAL
from ckanext.sdopen.services.messages import Trouble
from ckanext.sdopen.services.running import processes, ready
from ckanext.sdopen.services.running.stack import Stack

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
        return ["--port", str(self.port), *said]


def install_and_start(wish: Wish) -> NoReturn:
    """Bring the machine to where the services can start, then go on in the project's Python."""
    os.environ.setdefault(BEGAN, str(time.time()))
    stack = Stack(PORTAL, wish.port)
    with known_as_portal():
        stack.stop_left_behind()
        privacy.tighten(PORTAL)
        refuse_taken_port(wish.port)
        ready.refuse_silent_outsiders(stack.addresses)
        install.prepare(PORTAL, stack.addresses)
        # the same process as another program; it takes the lock again
        install.enter_venv(PORTAL, "serve", *wish.arguments())


def start(wish: Wish) -> int:
    """Load and serve until a signal comes; the exit status."""
    # only here: honcho comes with the project's own Python
    from ckanext.sdopen.services.running.serving import serve

    began = float(os.environ.get(BEGAN, time.time()))
    stack = Stack(PORTAL, wish.port)
    with known_as_portal():
        stack.configure()
        return serve(stack, wish.sample, began)


@contextmanager
def known_as_portal() -> Iterator[None]:
    """Be the only one here, and findable for `status` and `stop`."""
    with install.alone(PORTAL.var / "lock"):
        processes.record(PORTAL, processes.SUPERVISOR, os.getpid())
        try:
            yield
        finally:
            processes.forget(PORTAL, processes.SUPERVISOR)


def refuse_taken_port(port: int) -> None:
    """End when somebody listens on the web port; only this port can be taken."""
    # a killed web server's processes notice it and leave within a second or two
    if not ready.until(lambda: stack_state.is_free(port), SECONDS_TO_LEAVE, lambda: True):
        raise Trouble("port_taken", port=port, other=port + 1)
