"""A second portal beside the tests' own services: real processes, data in a folder of its own."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.layout import ROOT, Layout
from ckanext.sdopen.services.running import processes, ready

# longer than any start takes; only one that never ends reaches it
SECONDS_TO_SERVE = 600


def bare_environment(**more: str) -> dict[str, str]:
    """The environment without the addresses of the tests' services."""
    ours = ("CKAN_", "SDOPEN_", "PYTEST_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**env, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **more}


class SecondPortal:
    """scripts/portal with its data elsewhere; `start` returns when it serves or has ended."""

    def __init__(self, folder: Path) -> None:
        self.layout = Layout(folder / "data")
        self.port = stack_state.free_port()
        self.output = folder / "output.txt"
        # one web process: each loads CKAN, and the portal is started many times
        own = {"SDOPEN_DATA": str(self.layout.var), "SDOPEN_WEB_WORKERS": "1"}
        self.env = bare_environment(**own, SDOPEN_LONGEST_REST="1")
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> list[str]:
        return [str(ROOT / "scripts" / "portal"), *arguments]

    def start(self, **env: str) -> str:
        arguments = ["start", "--port", str(self.port), "--no-sample"]
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                self.command(*arguments),
                env={**self.env, **env},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        # the last thing that a start says
        ready.until(lambda: "Ctrl-C stops" in self.said(), SECONDS_TO_SERVE, self.lives)
        return self.said()

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*arguments), env=self.env, capture_output=True, text=True, check=False
        )

    def pid(self, name: str) -> int:
        return int(json.loads((self.layout.run / f"{name}.json").read_text())["pid"])

    def runs(self, name: str, but: int) -> bool:
        """Whether a service runs, as another process than an earlier one."""
        found = processes.recorded(self.layout, name)
        return found is not None and found.pid != but

    def lives(self) -> bool:
        """Whether scripts/portal itself runs."""
        return self.process is not None and self.process.poll() is None

    def send(self, number: signal.Signals) -> int:
        assert self.process is not None
        os.kill(self.process.pid, number)
        return self.wait()

    def wait(self) -> int:
        assert self.process is not None
        return self.process.wait(timeout=SECONDS_TO_SERVE)

    def everyone(self) -> list[int]:
        """The ids of all processes whose command line or settings name this portal's folder."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(self.layout.var).encode() in told:
                found.append(int(entry.name))
        return found

    def clean_up(self) -> None:
        if self.process and self.process.poll() is None:
            self.send(signal.SIGTERM)
        processes.stop_left_behind(self.layout)


@pytest.fixture(scope="module")
def second(tmp_path_factory) -> Iterator[SecondPortal]:
    portal = SecondPortal(tmp_path_factory.mktemp("second"))
    yield portal
    portal.clean_up()
