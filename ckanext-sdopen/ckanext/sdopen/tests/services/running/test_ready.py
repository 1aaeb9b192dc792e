"""How long a service is waited for."""

import os
import signal
import subprocess
import sys

from ckanext.sdopen.services.running import processes, ready

PATIENCE = 300


def test_while_something_moves_there_is_no_hurry():
    asked = []

    def answers() -> bool:
        asked.append(1)
        return len(asked) > 30

    # many times longer than the seconds in which nothing may move
    assert ready.until(answers, 0.1, lambda: True, lambda: len(asked))


def test_where_nothing_moves_the_wait_ends():
    assert not ready.until(lambda: False, 0.1, lambda: True, lambda: "the same")
    assert not ready.until(lambda: False, 0.1, lambda: True)


def test_where_there_is_no_point_in_waiting_it_ends_at_once():
    moves = iter(range(1000))
    assert not ready.until(lambda: False, PATIENCE, lambda: False, lambda: next(moves))


def test_a_process_shows_life_by_its_log_and_by_computing_but_not_by_waiting(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "STEP_OF_COMPUTING", 0.3)
    log = tmp_path / "log"
    waits = subprocess.Popen(["sleep", "600"], start_new_session=True)
    # the shell waits; who computes is its child
    works = subprocess.Popen(
        ["bash", "-c", f"{sys.executable} -c 'while True: pass'; true"], start_new_session=True
    )
    try:
        before = processes.life(log, works.pid)
        assert ready.until(lambda: processes.life(log, works.pid) != before, PATIENCE, lambda: True)
        idle = processes.life(log, waits.pid)
        log.write_text("a word")
        assert processes.life(log, waits.pid) == (6, idle[1]) != idle
    finally:
        for child in (waits, works):
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
