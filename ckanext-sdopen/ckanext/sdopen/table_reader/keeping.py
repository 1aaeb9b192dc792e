"""The keeper of the reader's processes: it listens, starts them, and replaces what falls or hangs.

It opens no file itself. What the others write comes to it through a pipe, for they cannot write
into a log file.
"""

import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from ckanext.sdopen.table_reader.settings import Settings

HOST = "127.0.0.1"
# seconds of rest before a process that fell is replaced; each further fall in a row doubles it
FIRST_REST, LONGEST_REST = 0.2, 10.0
# who stayed up for so long begins anew with the first rest
_STAYED = 30.0
# seconds until the first sign of life: on a busy machine the libraries load long
_TO_BEGIN, _TO_END = 120.0, 10.0


def listen(port: int) -> socket.socket:
    """The socket that all processes share."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, port))
    listening.listen(256)
    return listening


@dataclass
class Keeper:
    """The processes of one address."""

    settings: Settings
    listening: socket.socket
    over: threading.Event = field(default_factory=threading.Event)

    def keep(self) -> None:
        """Keep all processes up until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.over.set())
        keepers = [threading.Thread(target=self._keep_one) for _ in range(self.settings.processes)]
        for keeper in keepers:
            keeper.start()
        # without a time a signal would not be heard
        while not self.over.wait(1.0):
            pass
        for keeper in keepers:
            keeper.join()

    def _keep_one(self) -> None:
        falls = 0
        while not self.over.is_set():
            began = time.monotonic()
            self._live()
            falls = 0 if time.monotonic() - began > _STAYED else falls + 1
            self.over.wait(min(LONGEST_REST, FIRST_REST * 2 ** min(falls, 8)))

    def _live(self) -> None:
        """Run one process to its end; it is ended when it gives no sign of life, or all is over."""
        alive, beating = os.pipe()
        listening = self.listening.fileno()
        command = [
            sys.executable,
            "-m",
            "ckanext.sdopen.table_reader",
            str(listening),
            str(beating),
        ]
        child = subprocess.Popen(
            command,
            pass_fds=(listening, beating),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        os.close(beating)
        telling = threading.Thread(target=_tell, args=(child,))
        telling.start()
        self._watch(child, alive)
        os.close(alive)
        telling.join()
        if not self.over.is_set():
            print(f"process {child.pid} ended ({child.returncode}); another one begins", flush=True)

    def _watch(self, child: subprocess.Popen[bytes], alive: int) -> None:
        heard, patience = time.monotonic(), _TO_BEGIN
        with selectors.DefaultSelector() as selector:
            selector.register(alive, selectors.EVENT_READ)
            while child.poll() is None and not self.over.is_set():
                if selector.select(0.2):
                    if not os.read(alive, 4096):
                        break
                    heard, patience = time.monotonic(), float(self.settings.silent_seconds)
                elif time.monotonic() - heard > patience:
                    print(f"process {child.pid} gives no sign of life", flush=True)
                    child.kill()
        child.terminate()
        try:
            child.wait(_TO_END)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _tell(child: subprocess.Popen[bytes]) -> None:
    """Write what a process says where the keeper writes."""
    assert child.stdout is not None  # noqa: S101  it is a pipe
    for line in child.stdout:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
