"""Stacks of other test processes: waited for, missed when they fall, ended with us."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from ckanext.sdopen.services import commands
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.services.running.neighbours import NOTE, Neighbour

# longer than anything here takes; only what never comes reaches it
PATIENCE = 300
# stands until SIGTERM, then says so and ends
STANDS = """
trap 'echo ended >> "$0/said"; exit 0' TERM
echo $$ > "$0/pid"
mkdir -p "$0/run"; echo '{}' > "$0/run/environment.json"
while true; do sleep 0.1; done
"""


@pytest.fixture
def layout(tmp_path) -> Layout:
    return Layout(tmp_path / "2")


def standing(layout: Layout) -> Neighbour:
    return Neighbour(layout, ["bash", "-c", STANDS, str(layout.var)])


def test_it_is_waited_for_and_ends_in_order(layout):
    fallen = threading.Event()
    other = standing(layout)
    other.start()
    other.watch(fallen.set)
    other.wait()
    assert (layout.run / NOTE).exists()
    other.end()
    assert (layout.var / "said").read_text() == "ended\n"
    assert not fallen.is_set()
    assert other.failure is None


def test_one_that_falls_is_told_at_once_with_what_it_said_last(layout):
    fallen = threading.Event()
    other = Neighbour(layout, ["bash", "-c", "echo the disk is odd; exit 3"])
    other.start()
    other.watch(fallen.set)
    assert fallen.wait(PATIENCE)
    with pytest.raises(Trouble, match="the disk is odd"):
        other.wait()
    other.end()
    assert other.failure is not None


def test_nobody_waits_for_it_once_all_ends(layout):
    other = Neighbour(layout, ["sleep", "600"])
    other.start()
    commands.stop_all()
    try:
        with pytest.raises(commands.Stopped):
            other.wait()
    finally:
        commands.resume()
        other.end()


def test_it_ends_when_the_run_that_started_it_is_killed(layout):
    code = (
        "import sys, time; from pathlib import Path\n"
        "from ckanext.sdopen.services.layout import Layout\n"
        "from ckanext.sdopen.services.running.neighbours import Neighbour\n"
        "other = Neighbour(Layout(Path(sys.argv[1])), sys.argv[2:])\n"
        "other.start(); other.wait(); print('stands', flush=True); time.sleep(600)\n"
    )
    argv = standing(layout).argv
    run = subprocess.Popen(
        [sys.executable, "-c", code, str(layout.var), *argv], stdout=subprocess.PIPE
    )
    assert run.stdout is not None
    assert run.stdout.readline() == b"stands\n"
    pid = int((layout.var / "pid").read_text())
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert ready.until((layout.var / "said").exists, PATIENCE, lambda: True)
    assert ready.until(lambda: not os.path.exists(f"/proc/{pid}"), PATIENCE, lambda: True)
