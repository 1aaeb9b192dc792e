"""scripts/portal as a whole: a second portal on processes and data of its own."""

import os
import re
import signal
import socket
from functools import partial
from pathlib import Path

import pytest

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.addresses import SOLR_LOGIN
from ckanext.sdopen.services.layout import SERVICES
from ckanext.sdopen.services.running import processes, ready
from ckanext.sdopen.tests.services.conftest import SecondPortal

pytestmark = pytest.mark.slow
# longer than anything here takes; only what never comes reaches it
PATIENCE = 300


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
    inner = stack_state.read(serving.layout.var / "ports.json")
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


def test_what_it_keeps_is_for_its_user_alone(serving):
    kept = [path for path in serving.layout.var.rglob("*") if not path.is_symlink()]
    assert len(kept) > 100
    assert [path for path in kept if path.lstat().st_mode & 0o077] == []
    assert serving.layout.var.stat().st_mode & 0o077 == 0


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


def searches(portal: SecondPortal) -> bool:
    url = f"http://127.0.0.1:{portal.port}/api/3/action/package_search?rows=0"
    return ready.http_status(url) == 200


def test_each_killed_service_comes_back_and_the_others_stay(serving):
    for name in SERVICES:
        others = {one: serving.pid(one) for one in SERVICES if one != name}
        old = serving.pid(name)
        os.kill(old, signal.SIGKILL)
        again = partial(serving.runs, name, but=old)
        assert ready.until(again, PATIENCE, serving.lives), name
        assert ready.until(partial(searches, serving), PATIENCE, serving.lives), name
        assert {one: serving.pid(one) for one in others} == others
    said = serving.said()
    for what in ("PostgreSQL", "Redis", "Solr", "web server", "worker of CKAN's jobs", "indexer"):
        assert f"The {what} ended by itself (status -9) and is started again in 1 s" in said
    status = serving.run("status")
    assert status.returncode == 0
    assert status.stdout.count("started again 1 times; it last ended by itself at") == len(SERVICES)


def test_a_postgresql_that_cannot_stay_up_ends_the_whole_and_its_log_is_named(serving):
    needed = serving.layout.postgres / "global" / "pg_control"
    away = needed.with_name("away")
    needed.rename(away)
    try:
        os.kill(serving.pid("postgres"), signal.SIGKILL)
        assert serving.wait() == 1
    finally:
        away.rename(needed)
    said = serving.said()
    assert re.search(r"The PostgreSQL ended by itself \(status \d+\); the other services", said)
    assert "pg_control" in said.splitlines()[-1]
    assert str(serving.layout.log("postgres")) in said
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
    said = serving.start()
    assert "The portal serves at" in said
    log = serving.layout.log("postgres").read_text()
    assert "automatic recovery in progress" in log


def test_when_only_the_supervisor_is_killed_the_services_stop_by_themselves(serving):
    os.kill(serving.pid(processes.SUPERVISOR), signal.SIGKILL)
    serving.wait()
    assert ready.until(lambda: not serving.everyone(), PATIENCE, lambda: True)
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


def test_a_service_given_from_outside_is_not_started_and_a_silent_one_is_reported(second):
    if second.process is not None and second.process.poll() is None:
        second.send(signal.SIGTERM)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        silent = f"redis://:secret@127.0.0.1:{nobody.getsockname()[1]}/0"
        said = second.start(CKAN_REDIS_URL=silent)
    assert second.wait() == 1
    assert said.startswith("The service named by CKAN_REDIS_URL does not answer")
    assert "secret" not in said

    given = ("CKAN_REDIS_URL", "CKAN_SOLR_URL", *SOLR_LOGIN)
    said = second.start(**{name: os.environ[name] for name in given})
    assert "The portal serves at" in said
    names = {process.name for process in processes.running(second.layout)}
    assert names == {"postgres", "tables", "web", "nginx", "worker", "indexer", "jobs"}
    assert "given from outside" in second.run("status").stdout
    assert second.send(signal.SIGTERM) == 0


def test_reset_asks_first_and_then_deletes_all_data(serving):
    assert serving.run("reset").returncode == 1
    assert serving.layout.postgres.exists()
    assert serving.run("reset", "--yes").returncode == 0
    assert serving.wait() == 0
    assert not any(path.exists() for path in serving.layout.keepsakes())
