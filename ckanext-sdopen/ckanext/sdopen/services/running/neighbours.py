"""Stacks beside the tests' first one, each kept up by a process of its own."""

import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ckanext.sdopen.services import commands
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble
from ckanext.sdopen.services.running import processes, ready

# in which nothing is said; who brings a stack up says every ten seconds what he is at
SECONDS_TO_STAND = 600.0
NOTE = "environment.json"


@dataclass
class Neighbour:
    """A stack that another process keeps up.

    Args:
        layout: where the stack keeps its things, and where `NOTE` says that it is ready.
        argv: the command that keeps the stack up until SIGTERM.
    """

    layout: Layout
    argv: Sequence[str]
    failure: Trouble | None = field(default=None, init=False)
    _child: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _stopping: bool = field(default=False, init=False)

    def start(self) -> None:
        """Have the stack brought up without waiting for it."""
        self.layout.make()
        self._child = commands.companion(self.argv, self.layout.log("stand"))

    def watch(self, fallen: Callable[[], None]) -> None:
        """From now on call `fallen` when the stack ends by itself."""
        threading.Thread(target=self._watch, args=(fallen,), daemon=True).start()

    def _watch(self, fallen: Callable[[], None]) -> None:
        code = self._child.wait() if self._child else 1
        if not self._stopping:
            self.failure = commands.failed("neighbours", self.layout.log("stand"), code)
            fallen()

    def wait(self) -> None:
        """Wait until the stack can be used; one that falls has its watcher end everything.

        Raises:
            Trouble: it cannot be used.
            Stopped: the whole run ends.
        """
        note, log = self.layout.run / NOTE, self.layout.log("stand")

        def goes_on() -> bool:
            return self.failure is None and not commands.stopping()

        def life() -> object:
            return log.stat().st_size if log.exists() else 0

        if not ready.until(note.exists, SECONDS_TO_STAND, goes_on, life):
            if commands.stopping() and self.failure is None:
                raise commands.Stopped
            raise self.failure or Trouble("not_answering", what=self.layout.var, log=log)

    def stop(self) -> None:
        """Tell the stack to end, in order, without waiting."""
        self._stopping = True
        if self._child and self._child.poll() is None:
            self._child.terminate()

    def end(self) -> None:
        """Tell the stack to end and wait until it has."""
        self.stop()
        if self._child:
            try:
                self._child.wait(2 * processes.PATIENCE)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
                processes.stop_left_behind(self.layout)
