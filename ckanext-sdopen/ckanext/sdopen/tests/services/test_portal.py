"""scripts/portal as a whole: a second portal on processes and data of its own."""

import os
import re
import signal
import socket
import time
from pathlib import Path

import pytest

from ckanext.sdopen.services import kept, processes, ready
from ckanext.sdopen.services.layout import SERVICES
from ckanext.sdopen.tests.services.conftest import SecondPortal

pytestmark = pytest.mark.slow


def listeners(port: int) -> set[str]:
    """The local addresses on which somebody listens to the port, as the kernel writes them."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            address, state = line.split()[1], line.split()[3]
            if state == "0A" and int(address.rpartition(":")[2], 16) == port:
                found.add(address.rpartition(":")[0])
    return found


@pytest.fixture
def serving(second) -> SecondPortal:
    """The second portal, serving."""
    if second.process is None or second.process.poll() is not None:
        said = second.start()
        assert "The portal serves at" in said, said
    return second


def test_it_serves_on_loopback_only_and_says_where_and_where_the_logs_are(serving):
    said = serving.said()
    url = f"http://127.0.0.1:{serving.port}"
    assert f"The portal serves at {url}" in said
    assert ready.http_status(f"{url}/api/3/action/package_search?q=x") == 200
    for name in SERVICES:
        assert str(serving.layout.log(name)) in said
        assert serving.layout.log(name).exists()
    inner = kept.read(serving.layout.var / "ports.json")
    # 127.0.0.1 as itself and as Java's IPv6 sockets write it
    loopback = {"0100007F", "0000000000000000FFFF00000100007F"}
    for port in (*inner.values(), serving.port):
        assert listeners(port)
        assert listeners(port) <= loopback


def test_status_names_every_service_and_succeeds_while_it_serves(serving):
    status = serving.run("status")
    assert status.returncode == 0
    for name in SERVICES:
        assert f"process {serving.pid(name)} " in status.stdout


def test_a_second_start_in_the_same_place_is_refused(serving):
    again = serving.run("start", "--port", str(serving.port + 1), "--no-sample")
    assert again.returncode == 1
    assert "already runs" in again.stderr


def test_a_taken_web_port_ends_in_one_sentence_that_names_the_option(serving, tmp_path):
    other = SecondPortal(tmp_path)
    other.port = serving.port
    said = other.start()
    assert other.wait() == 1
    assert said.strip().splitlines() == [
        f"Port {serving.port} is taken by another program; "
        f"choose another one: scripts/portal --port {serving.port + 1}"
    ]


def test_when_a_service_dies_the_others_stop_and_its_log_is_named(serving):
    os.kill(serving.pid("redis"), signal.SIGKILL)
    assert serving.wait() == 1
    said = serving.said()
    assert "The Redis ended by itself" in said
    assert str(serving.layout.log("redis")) in said
    assert serving.everyone() == []
    assert processes.running(serving.layout) == []


def test_after_everything_was_killed_the_next_start_serves(serving):
    supervisor = serving.pid(processes.SUPERVISOR)
    for pid in [supervisor, *serving.everyone()]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    serving.wait()
    assert (serving.layout.postgres / "postmaster.pid").exists()
    since = time.monotonic()
    said = serving.start()
    assert "The portal serves at" in said
    assert time.monotonic() - since < 60
    log = serving.layout.log("postgres").read_text()
    assert "automatic recovery in progress" in log


def test_when_only_the_supervisor_is_killed_the_services_stop_by_themselves(serving):
    os.kill(serving.pid(processes.SUPERVISOR), signal.SIGKILL)
    serving.wait()
    assert ready.until(lambda: not serving.everyone(), 60, lambda: True)
    assert "database system is shut down" in serving.layout.log("postgres").read_text()
    assert serving.run("status").returncode == 3


def test_ctrl_c_stops_everything_in_order_and_postgresql_writes_its_state(serving):
    for name in SERVICES:
        serving.layout.log(name).write_text("")
    assert serving.send(signal.SIGINT) == 0
    assert "Everything is stopped." in serving.said()
    assert serving.everyone() == []
    log = serving.layout.log("postgres").read_text()
    assert "received fast shutdown request" in log
    assert "database system is shut down" in log
    assert "ready to exit" in serving.layout.log("redis").read_text()
    web = serving.layout.log("web").read_text()
    assert re.search("Shutting down: Master", web)
    assert "terminating connection" not in log, "the clients had left before the database"


def test_stop_works_from_another_terminal(serving):
    assert serving.run("stop").returncode == 0
    assert serving.wait() == 0
    assert serving.everyone() == []
    assert "does not run" in serving.run("stop").stdout


def test_a_service_given_from_outside_is_not_started_and_a_silent_one_is_reported(serving):
    serving.send(signal.SIGTERM)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        silent = f"redis://:secret@127.0.0.1:{nobody.getsockname()[1]}/0"
        said = serving.start(CKAN_REDIS_URL=silent)
    assert serving.wait() == 1
    assert said.startswith("The service named by CKAN_REDIS_URL does not answer")
    assert "secret" not in said

    said = serving.start(
        CKAN_REDIS_URL=os.environ["CKAN_REDIS_URL"], CKAN_SOLR_URL=os.environ["CKAN_SOLR_URL"]
    )
    assert "The portal serves at" in said
    names = {process.name for process in processes.running(serving.layout)}
    assert names == {"postgres", "web", "worker", "indexer"}
    assert "given from outside" in serving.run("status").stdout
    assert serving.send(signal.SIGTERM) == 0


def test_reset_asks_first_and_then_deletes_all_data(serving):
    assert serving.run("reset").returncode == 1
    assert serving.layout.postgres.exists()
    assert serving.run("reset", "--yes").returncode == 0
    assert serving.wait() == 0
    assert not any(path.exists() for path in serving.layout.keepsakes())
