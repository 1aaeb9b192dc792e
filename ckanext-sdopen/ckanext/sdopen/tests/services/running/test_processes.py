import os
import signal
import subprocess
import sys

import pytest

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.install import install
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble
from ckanext.sdopen.services.running import processes
from ckanext.sdopen.services.servers import postgres


@pytest.fixture
def layout(tmp_path) -> Layout:
    made = Layout(tmp_path / "var")
    made.make()
    return made


@pytest.fixture
def sleeper():
    child = subprocess.Popen(["sleep", "600"])
    yield child
    child.kill()
    child.wait()


def test_what_a_killed_run_left_is_stopped(layout, sleeper):
    processes.record(layout, "solr", sleeper.pid)
    assert [process.name for process in processes.running(layout)] == ["solr"]
    assert processes.stop_left_behind(layout) == ["solr"]
    assert sleeper.wait(300) == -signal.SIGTERM


def test_a_process_that_got_an_old_number_is_left_alone(layout, sleeper):
    stack_state.write(layout.run / "solr.json", {"pid": sleeper.pid, "born": "1"})
    assert processes.stop_left_behind(layout) == []
    assert sleeper.poll() is None
    assert not (layout.run / "solr.json").exists()


def test_a_look_at_a_stale_note_leaves_it_to_the_supervisor(layout, sleeper):
    stale = {"pid": sleeper.pid, "born": "1"}
    stack_state.write(layout.run / "solr.json", stale)
    assert processes.recorded(layout, "solr") is None
    assert processes.running(layout) == []
    assert stack_state.read(layout.run / "solr.json") == stale


def test_postgresql_is_stopped_by_the_signal_that_ends_its_clients():
    assert processes.stop_signal("postgres") is signal.SIGINT
    assert processes.stop_signal("web") is signal.SIGTERM
    assert processes.PATIENCE >= 20


def test_a_stale_lock_file_of_postgresql_goes_and_a_held_one_is_reported(layout, monkeypatch):
    layout.postgres.mkdir()
    lock = layout.postgres / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n")  # a number that somebody else has by now
    postgres.wait_for_orphans(layout)
    assert not lock.exists()

    lock.write_text("1\n")
    monkeypatch.setattr(postgres, "ORPHANS_LEAVE_WITHIN", 0.5)
    backend = subprocess.Popen(["sleep", "600"], cwd=layout.postgres)
    try:
        with pytest.raises(Trouble, match=str(backend.pid)):
            postgres.wait_for_orphans(layout)
        assert lock.exists()
    finally:
        backend.kill()
        backend.wait()


def test_the_lock_of_a_checkout_is_free_again_when_its_holder_was_killed(tmp_path):
    lock = tmp_path / "lock"
    code = (
        "import sys, time; from pathlib import Path\n"
        "from ckanext.sdopen.services.install.install import alone\n"
        "with alone(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(600)\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(lock)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(Trouble) as trouble, install.alone(lock):
        pass
    assert trouble.value.key == "already_running"
    holder.kill()
    holder.wait()
    with install.alone(lock):
        pass
