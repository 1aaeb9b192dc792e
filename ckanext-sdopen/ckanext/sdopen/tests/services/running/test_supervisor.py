"""What falls is started again: real processes under the supervisor, told by their own lines."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.running import processes, ready
from ckanext.sdopen.tests.services.conftest import bare_environment

# longer than anything here takes; only what never comes reaches it
PATIENCE = 300
KEEPER = """
import sys
from pathlib import Path
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.running.serving import verdict
from ckanext.sdopen.services.running.supervisor import Supervisor

layout = Layout(Path(sys.argv[1]) / "var", Path(sys.argv[1]))
names = sys.argv[3:]
supervisor = Supervisor(layout)
supervisor.add(names, {"SDOPEN_LONGEST_REST": "1"})

def conduct(supervisor):
    for name in names:
        supervisor.open(name)
    if sys.argv[2] == "keep":
        supervisor.keep()
    print("up", flush=True)

supervisor.conduct(conduct)
sys.exit(verdict(supervisor))
"""
# stands until its signal, and says so
STANDS = (
    "exec bash -c 'trap \"echo bye; exit 0\" TERM INT; echo hello; while :; do sleep 0.1; done'"
)
FALLS = "exec bash -c 'echo it is broken; exit 3'"


class Run:
    """A supervisor in a process of its own on a Procfile of the test's."""

    def __init__(self, folder: Path, **lines: str) -> None:
        self.layout = Layout(folder / "var", folder)
        self.layout.make()
        self.layout.config.mkdir()
        self.output = folder / "output.txt"
        self.lines = lines

    def start(self, how: str = "keep") -> "Run":
        procfile = "".join(f"{name}: {line}\n" for name, line in self.lines.items())
        (self.layout.config / "Procfile").write_text(procfile)
        argv = [sys.executable, "-c", KEEPER, str(self.layout.root), how, *self.lines]
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                argv,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=bare_environment(),
                start_new_session=True,
            )
        return self

    def said(self) -> str:
        return self.output.read_text()

    def log(self, name: str) -> str:
        log = self.layout.log(name)
        return log.read_text() if log.exists() else ""

    def until(self, holds: Callable[[], bool]) -> None:
        assert ready.until(holds, PATIENCE, lambda: True), self.said()

    def pid(self, name: str) -> int:
        """The process of a service, waited for."""
        return self.until_another(name, 0).pid

    def until_another(self, name: str, old: int) -> processes.Record:
        """What is noted of a service once its process is another one than `old`."""
        # kept as it was seen: a moment later it may be between two starts
        seen: list[processes.Record] = []

        def another() -> bool:
            found = processes.recorded(self.layout, name)
            if found is not None and found.pid != old:
                seen.append(found)
            return bool(seen)

        self.until(another)
        return seen[-1]

    def kill(self, name: str) -> int:
        """SIGKILL a service; the process that it had."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait(self) -> int:
        return self.process.wait(PATIENCE)


@pytest.fixture
def run(tmp_path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def begin(how: str = "keep", **lines: str) -> Run:
        runs.append(Run(tmp_path, **lines).start(how))
        return runs[-1]

    yield begin
    for one in runs:
        if one.process.poll() is None:
            one.process.send_signal(signal.SIGTERM)
            one.wait()
        assert processes.running(one.layout) == []


def test_a_killed_service_comes_back_and_the_others_stay(run):
    portal = run(redis=STANDS, web=STANDS, worker=STANDS)
    others = {name: portal.pid(name) for name in ("redis", "web")}
    for count in (1, 2):
        old = portal.kill("worker")
        found = portal.until_another("worker", old)
        assert found.restarts == count
        assert found.since
    assert {name: portal.pid(name) for name in others} == others
    fall = processes.last_fall(portal.layout, "worker")
    assert fall is not None
    assert (fall.count, fall.code) == (2, -signal.SIGKILL)
    assert portal.said().count("The worker of CKAN's jobs ended by itself (status -9)") == 2
    portal.until(lambda: portal.log("worker").count("hello") == 3)


def test_a_service_that_never_stays_up_is_started_again_and_again(run):
    portal = run(web=STANDS, solr=FALLS)
    portal.until(lambda: portal.log("solr").count("it is broken") > 6)
    assert portal.process.poll() is None
    assert portal.pid("web")


def test_a_postgresql_that_cannot_stay_up_ends_the_whole_with_its_last_words(run):
    portal = run(postgres=FALLS, web=STANDS)
    assert portal.wait() == 1
    assert "The PostgreSQL ended by itself (status 3); the other services were stopped" in (
        portal.said()
    )
    assert portal.said().splitlines()[-1].strip() == "it is broken"
    assert portal.log("postgres").count("it is broken") == 6
    assert portal.log("web").endswith("bye\n")


def test_before_the_portal_serves_a_fall_ends_the_start(run):
    portal = run("not yet", redis=STANDS, solr=FALLS)
    assert portal.wait() == 1
    assert "The Solr ended by itself (status 3); the other services were stopped" in portal.said()
    assert portal.log("solr").count("it is broken") == 1


def test_a_stop_ends_a_rest_at_once_and_nothing_is_left(run, tmp_path):
    portal = run(redis=STANDS, worker=FALLS)
    portal.until(lambda: portal.said().count("The worker of CKAN's jobs") >= 3)
    portal.process.send_signal(signal.SIGTERM)
    assert portal.wait() == 0
    assert portal.said().splitlines()[-1] == "Everything is stopped."
    assert portal.log("redis").endswith("bye\n")
    assert processes.running(portal.layout) == []


def test_a_killed_supervisor_leaves_nothing_not_even_after_a_rest(run):
    portal = run(redis=STANDS, worker=FALLS)
    redis = portal.pid("redis")
    portal.until(lambda: portal.said().count("The worker of CKAN's jobs") >= 2)
    portal.process.kill()
    portal.wait()
    portal.until(lambda: not processes.born(redis))
    assert portal.log("redis").endswith("bye\n")
    # more than two rests later it has not been started again
    before = portal.log("worker").count("it is broken")
    time.sleep(2.5)
    assert portal.log("worker").count("it is broken") <= before + 1


def test_a_killed_keeper_of_a_service_ends_the_whole_and_leaves_nothing(run):
    portal = run(redis=STANDS, web=STANDS)
    redis = portal.pid("redis")
    keeper = int(Path(f"/proc/{redis}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(keeper, signal.SIGKILL)
    assert portal.wait() == 1
    assert "The Redis ended by itself (status -9); the other services were stopped" in portal.said()
    portal.until(lambda: not processes.born(redis))
    assert portal.log("web").endswith("bye\n")


def test_what_a_fallen_service_leaves_in_its_group_is_gone_before_it_comes_back(run, tmp_path):
    deaf = f"""exec bash -c '(trap "" TERM; exec sleep 1000) & echo $! >> {tmp_path}/left; wait'"""
    portal = run(web=deaf)
    portal.until(lambda: (tmp_path / "left").exists())
    old = portal.kill("web")
    portal.until(lambda: portal.pid("web") != old)
    portal.until(lambda: len((tmp_path / "left").read_text().split()) == 2)
    first, second = map(int, (tmp_path / "left").read_text().split())
    assert processes.born(first) == ""
    portal.process.send_signal(signal.SIGTERM)
    assert portal.wait() == 0
    portal.until(lambda: not processes.born(second))
