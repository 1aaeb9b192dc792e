"""One service in the hands of a process of its own, which starts it again when it falls."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from honcho.process import Process

from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble, say, text
from ckanext.sdopen.services.running import processes
from ckanext.sdopen.services.running.backoff import Backoff
from ckanext.sdopen.services.running.flag import Flag

LOG_ROTATES_AT = 16 << 20
_LOOK = 0.5
_Child = subprocess.Popen[bytes]


class Service(Process):  # type: ignore[misc]
    """A process that starts when its gate opens, writes to its own log, and outlives nobody.

    Once `kept` is set, and until `over` is, a service that ends by itself is started again.
    """

    def __init__(self, cmd: str, **options: Any) -> None:
        super().__init__(cmd, **options)
        self.layout: Layout
        self.gate, self.leave = Flag(), Flag()
        self.kept: Flag
        self.over: Flag
        self.backoff = Backoff()
        self.before: Callable[[], None] | None = None
        self._parent = 0
        self._running: _Child | None = None
        self._guard: threading.Lock

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        """Wait for the gate, run the service until it is to end, and say how it ended."""
        self._events = events
        self._parent = os.getppid()
        self._guard = threading.Lock()
        # a function, not SIG_IGN: the service must not inherit deafness
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        while not self.gate.wait(_LOOK):
            if self._orphaned():
                return
        threading.Thread(target=self._watch, daemon=True).start()
        code = self._lives()
        self._to_its_group(signal.SIGKILL)
        self._send_message({"returncode": code}, type="stop")

    def _lives(self) -> int:
        """Run the service again and again; the status of its last end."""
        while True:
            began = time.monotonic()
            code = self._once()
            if code is None:
                return 0
            if self._ending() or not self._is_kept():
                return code
            rest = self.backoff.fell(time.monotonic() - began)
            if rest is None:
                return code
            self._tell(code, rest)
            if not self._rest(rest):
                return 0

    def _once(self) -> int | None:
        """Run the service to its end, whose status it gives; None where it is not to begin."""
        if self.backoff.falls and self.before is not None:
            try:
                self.before()
            except Trouble as trouble:
                self._log(str(trouble))
                return 1
        child = self._begin()
        if child is None:
            return None
        # not reaped yet: while it lies there nobody else gets its number, and with it its group's
        found = os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        processes.forget(self.layout, self.name)
        self._to_its_group(signal.SIGTERM)
        assert found is not None  # noqa: S101  only WNOHANG gives nothing
        return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status

    def _begin(self) -> _Child | None:
        rotate(self.layout.log(self.name))
        self._log(f"== {time.strftime('%Y-%m-%d %H:%M:%S')} {self.name}")
        with self._guard, self.layout.log(self.name).open("ab") as out:
            if self._ending():
                return None
            child = self._running = subprocess.Popen(  # noqa: S602  a Procfile's line is a shell's
                self.cmd,
                shell=True,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.cwd,
                start_new_session=True,
            )
            processes.record(self.layout, self.name, child.pid, self.backoff.falls)
        self._send_message({"pid": child.pid}, type="start")
        return child

    def _log(self, line: str) -> None:
        with self.layout.log(self.name).open("ab") as out:
            out.write(f"{line}\n".encode())

    def _tell(self, code: int, rest: float) -> None:
        """Say on the terminal, and keep for `status`, that the service fell and comes back."""
        processes.record_fall(self.layout, self.name, self.backoff.falls, code)
        log = self.layout.log(self.name)
        what = text(f"service_{self.name}")
        say("service_again", what=what, code=code, seconds=f"{rest:.0f}", log=log)
        self._log(f"{self.name} ended (status {code}), fall {self.backoff.falls}")

    def _rest(self, seconds: float) -> bool:
        """Rest, then end what is left; whether the service is to be started again."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.over.wait(min(left, _LOOK)) or self._ending():
                return False
        self._to_its_group(signal.SIGKILL)
        if self._running is not None:
            self._running.wait()
        return not self._ending()

    def _to_its_group(self, number: signal.Signals) -> None:
        """Reach those whom a service that fell had started, and who hold its port, perhaps."""
        if self._running is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._running.pid, number)

    def _orphaned(self) -> bool:
        return os.getppid() != self._parent

    def _is_kept(self) -> bool:
        return self.kept.is_set() and not self.over.is_set()

    def _ending(self) -> bool:
        return self.leave.is_set() or self._orphaned()

    def _watch(self) -> None:
        """Have the service end when that is wanted, or when the supervisor was killed."""
        while not self.leave.wait(1.0) and not self._orphaned():
            pass
        with self._guard:
            if self._running is not None:
                self._running.send_signal(processes.stop_signal(self.name))


def rotate(log: Path) -> None:
    """Move a large log aside before a start; one older file is kept."""
    if log.exists() and log.stat().st_size > LOG_ROTATES_AT:
        log.replace(log.with_suffix(".1.log"))
