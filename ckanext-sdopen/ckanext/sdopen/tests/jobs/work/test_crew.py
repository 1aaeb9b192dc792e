"""Real worker processes: killed, hung and stopped ones lose nothing and delay no other queue."""

import os
import signal
from contextlib import ExitStack
from pathlib import Path

import pytest
from ckan import model

from ckanext.sdopen.jobs import leases, queues, schedule
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.tests.corpus import workers
from ckanext.sdopen.tests.jobs.corpus.kinds import HANG, REFUSE, STEPS, TICK

pytestmark = [pytest.mark.usefixtures("kinds"), pytest.mark.slow]
COMMAND = ["-m", "ckanext.sdopen.tests.jobs.corpus.kinds"]


class Running:
    """A crew that runs; begun anew where a test has ended it, for a start takes its time."""

    def __init__(self, folder):
        # a second process of the imports takes what the first one lost
        # who lives renews the lease in time, on a busy machine, too
        options = {"lease_seconds": 4, "stop_seconds": 2, "retry_seconds": 0}
        options = {f"jobs.{name}": value for name, value in options.items()}
        self._ini = workers.settings(folder, **options, **{"jobs.processes": "imports:2"})
        self._log, self.ticks = folder / "log", folder / "ticks"
        self.ticks.touch()
        self._stack = ExitStack()
        self.child = None

    def up(self):
        """The process of the crew, which runs."""
        if self.child is None or self.child.poll() is not None:
            self.down()
            env = {"SDOPEN_TEST_TICKS": str(self.ticks)}
            command = [*COMMAND, str(self._ini)]
            self.child = self._stack.enter_context(workers.working(command, self._log, env))
        return self.child

    def down(self):
        """End it, and what is left of it."""
        self._stack.close()


@pytest.fixture(scope="module")
def crew(tmp_path_factory):
    running = Running(tmp_path_factory.mktemp("crew"))
    yield running
    running.down()


def queued(kind, subject="a", **payload):
    found = queues.enqueue(kind, payload, subject=subject)
    model.Session.commit()
    return found


def held(folder):
    """The ids of the processes that wait in the middle of a job."""
    return [int(path.name.removeprefix("held-")) for path in folder.glob("held-*")]


def ended(job, child):
    def found():
        row = queues.find(job)
        return row if row.ended else None

    return workers.until(found, child)


def is_gone(process):
    return not Path(f"/proc/{process}").exists()


def test_when_a_process_is_killed_another_goes_on_and_no_other_queue_waits(crew, tmp_path):
    job = queued(STEPS, folder=str(tmp_path), total=3, hold=1)
    child = crew.up()
    (first,) = workers.until(lambda: held(tmp_path), child)
    # while the import is under way, a check is done
    assert ended(queued(REFUSE), child).error == "没有这样的表"
    os.kill(first, signal.SIGKILL)
    workers.until(lambda: len(held(tmp_path)) == 2, child)
    (tmp_path / "go").touch()
    row = ended(job, child)
    assert (row.state, row.done, row.tries) == (State.DONE, 3, 2)
    assert (tmp_path / "steps").read_text().split() == ["0", "1", "2"]


def test_work_that_hangs_ends_at_its_deadline_and_is_tried_so_often_as_it_may(crew, tmp_path):
    job = queued(HANG, folder=str(tmp_path))
    row = ended(job, crew.up())
    assert (row.state, row.tries) == (State.FAILED, 2)
    # the queue has one process, which ended at the first deadline: another has begun
    assert len(held(tmp_path)) == 2


def test_a_process_that_was_frozen_finds_its_job_done_by_another(crew, tmp_path):
    job = queued(STEPS, folder=str(tmp_path), total=3, hold=1)
    child = crew.up()
    (frozen,) = workers.until(lambda: held(tmp_path), child)
    os.kill(frozen, signal.SIGSTOP)
    try:
        workers.until(lambda: len(held(tmp_path)) == 2, child)
        (tmp_path / "go").touch()
        row = ended(job, child)
    finally:
        os.kill(frozen, signal.SIGCONT)
    assert row.state == State.DONE
    # it writes the step that it was about to write, and no more
    workers.until(lambda: len((tmp_path / "steps").read_text().split()) == 4, child)
    assert queues.find(job) == row


def test_a_cancelled_job_that_does_not_look_ends_with_its_process(crew, tmp_path):
    job = queued(STEPS, folder=str(tmp_path), total=3, hold=1)
    child = crew.up()
    (process,) = workers.until(lambda: held(tmp_path), child)
    assert leases.cancel(job)
    workers.until(lambda: is_gone(process), child)
    assert queues.find(job).state == State.CANCELLED


def test_a_periodic_task_is_done_again_and_again(crew):
    # the row went with the test before; a process makes it once, at its start
    schedule.settle(TICK)
    before = len(crew.ticks.read_text().split())
    workers.until(lambda: len(crew.ticks.read_text().split()) >= before + 3, crew.up())


def test_a_power_cut_loses_and_doubles_no_step(crew, tmp_path):
    job = queued(STEPS, folder=str(tmp_path), total=4, hold=2)
    child = crew.up()
    workers.until(lambda: held(tmp_path), child)
    workers.kill(child)
    assert queues.find(job).state == State.RUNNING
    (tmp_path / "go").touch()
    row = ended(job, crew.up())
    assert (row.state, row.done, row.tries) == (State.DONE, 4, 2)
    assert (tmp_path / "steps").read_text().split() == ["0", "1", "2", "3"]


def test_a_process_that_is_told_to_stop_gives_its_work_back_at_once(crew, tmp_path):
    job = queued(STEPS, folder=str(tmp_path), total=3, hold=1)
    child = crew.up()
    (process,) = workers.until(lambda: held(tmp_path), child)
    child.send_signal(signal.SIGTERM)
    assert child.wait(workers.PATIENCE) == 0
    assert is_gone(process)
    row = queues.find(job)
    assert (row.state, row.holder, row.tries) == (State.WAITING, None, 0)


def test_the_children_of_a_killed_parent_end_and_give_their_work_back(crew, tmp_path):
    job = queued(STEPS, folder=str(tmp_path), total=3, hold=1)
    child = crew.up()
    (process,) = workers.until(lambda: held(tmp_path), child)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    workers.until(lambda: queues.find(job).state == State.WAITING)
    workers.until(lambda: is_gone(process))
