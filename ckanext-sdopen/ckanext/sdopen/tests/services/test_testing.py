"""scripts/test: over how many processes the suite is split, and what they share."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ckanext.sdopen.services import stack_state, testing
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.services.running.neighbours import NOTE
from ckanext.sdopen.services.testing import Wish
from ckanext.sdopen.tests import parallel
from ckanext.sdopen.tests.services.conftest import bare_environment

# longer than anything here takes; only what never comes reaches it
PATIENCE = 300


@pytest.mark.parametrize(
    ("arguments", "cores", "processes", "others"),
    [
        ([], 2, 2, ()),
        ([], 1, 1, ()),
        ([], 64, 4, ()),
        (["tests/shape", "-k", "x", "-x", "--pdb", "-s"], 8, 1, ("tests/shape", "-k", "x", "-x")),
        (["-q", "--processes", "3", "tests/shape"], 1, 3, ("-q", "tests/shape")),
        (["--processes=1"], 8, 1, ()),
    ],
)
def test_the_whole_suite_is_split_by_cores_and_parts_of_it_are_not(
    monkeypatch, arguments, cores, processes, others
):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(cores)))
    wish = Wish.of(arguments)
    assert wish.processes == processes
    assert wish.pytest[: len(others)] == others
    assert len(wish.pytest) == len([a for a in arguments if "processes" not in a and a != "3"])


@pytest.mark.parametrize("said", ["0", "-1", "two", "", "²"])
def test_an_impossible_number_of_processes_is_refused(said):
    with pytest.raises(SystemExit) as ended:
        Wish.of([f"--processes={said}"])
    assert ended.value.code == 2


def test_one_process_runs_pytest_as_it_is_and_several_by_the_plugin():
    assert Wish(1, ("-x",)).command("python") == ["python", "-m", "pytest", "-x"]
    several = Wish(2, ("-x",)).command("python")
    assert several[several.index("-p") + 1] == parallel.__name__
    assert several[several.index("-n") + 1] == "2"
    assert several[-1] == "-x"


def test_each_process_but_the_first_has_a_stack_of_its_own():
    neighbours = testing.neighbours(3)
    assert [other.layout for other in neighbours] == [testing.beside(2), testing.beside(3)]
    assert [other.argv[-2:] for other in neighbours] == [["stand", "2"], ["stand", "3"]]
    assert testing.neighbours(1) == []


def test_a_process_sees_its_own_services(monkeypatch, tmp_path):
    first = Layout(tmp_path)
    second = Layout(tmp_path / "2")
    second.make()
    stack_state.write(second.run / NOTE, {"CKAN_REDIS_URL": "redis://second"})
    monkeypatch.setattr(parallel, "FIRST", first)
    monkeypatch.setenv("CKAN_REDIS_URL", "redis://first")
    parallel.take_services("gw0")
    assert os.environ["CKAN_REDIS_URL"] == "redis://first"
    parallel.take_services("gw1")
    assert os.environ["CKAN_REDIS_URL"] == "redis://second"


def test_a_file_is_handed_out_whole_and_files_that_share_a_costly_fixture_together():
    assert parallel.unit("a/tests/shape/test_a.py::test_b[x::y]") == "a/tests/shape/test_a.py"
    (leaks,) = parallel.SPLIT
    tests = ("a[member]", "b[member-x]", "a[creator]", "c")
    parts = [parallel.unit(f"a/{leaks}::test_{name}") for name in tests]
    assert parts == [f"a/{leaks}::{name}" for name in ("member", "member", "creator", "")]
    faults = {parallel.unit(f"a/tests/bench/test_{name}.py::test_x") for name in ("a", "b")}
    assert faults == {"tests/bench/"}


def test_the_longest_files_come_first():
    names = ["tests/shape/test_a.py::b", "tests/services/test_portal.py::c", "tests/bench/t.py::d"]
    assert sorted(names, key=parallel.place) == names[::-1]


class Item:
    """A collected test, as far as its order asks."""

    def __init__(self, nodeid: str, *marks: str) -> None:
        self.nodeid, self.marks = nodeid, marks

    def get_closest_marker(self, name: str) -> bool:
        return name in self.marks


def test_a_file_with_a_test_that_must_be_alone_comes_last_and_whole():
    names = ["tests/a.py::x", "tests/a.py::y", "tests/b.py::z", "tests/bench/t.py::d"]
    items = [Item(name, *(["alone"] if name.endswith("y") else [])) for name in names]
    parallel.pytest_collection_modifyitems(items)  # type: ignore[arg-type]
    assert [item.nodeid[6:] for item in items] == ["bench/t.py::d", "b.py::z", "a.py::x", "a.py::y"]


def test_what_is_handed_out_first_is_there(repository):
    package = repository / "ckanext-sdopen" / "ckanext" / "sdopen"
    for path in (*parallel.LONG, *parallel.TOGETHER, *parallel.SPLIT):
        assert (package / path).exists(), path


def is_held(lock: Path) -> bool:
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_who_must_be_alone_waits_for_the_others_and_none_slips_in_meanwhile(tmp_path):
    order: list[str] = []

    def take(name: str, alone: bool) -> None:
        with parallel.turn(alone, tmp_path):
            order.append(name)

    measuring = threading.Thread(target=take, args=("measuring", True))
    late = threading.Thread(target=take, args=("late", False))
    with parallel.turn(False, tmp_path), parallel.turn(False, tmp_path):
        measuring.start()
        assert ready.until(lambda: is_held(tmp_path / "door.lock"), PATIENCE, measuring.is_alive)
        late.start()
        # time enough to slip in, where it could
        late.join(0.2)
        order.append("early")
    for thread in (measuring, late):
        thread.join(PATIENCE)
    assert order == ["early", "measuring", "late"]


def test_nobody_runs_beside_one_who_must_be_alone(tmp_path):
    began = threading.Event()

    def take() -> None:
        with parallel.turn(False, tmp_path):
            began.set()

    other = threading.Thread(target=take)
    with parallel.turn(True, tmp_path):
        other.start()
        assert not began.wait(0.3)
    assert began.wait(PATIENCE)
    other.join(PATIENCE)


TESTS = """
import os, pytest
NUMBERS = range(4)

@pytest.mark.parametrize("number", NUMBERS)
def test_passes(number):
    with open(os.environ["SEEN"], "a") as file:
        file.write(f"{__name__} {os.environ['PYTEST_XDIST_WORKER']} {os.environ['OWN']}\\n")

def test_fails():
    assert "right" == "wrong"
"""


SLOW = """
import os, pathlib, time, pytest

@pytest.fixture(scope="module")
def server():
    yield
    time.sleep(2)
    pathlib.Path(f"{__file__}.ended").touch()

def test_waits(server):
    pathlib.Path(f"{__file__}.began").touch()
    time.sleep(600)
"""


@pytest.fixture
def suite(tmp_path):
    """Begin pytest over two processes on the files of a folder."""
    first = Layout(tmp_path / "var")
    for layout, own in ((first, "one"), (Layout(first.var / "2"), "two")):
        layout.make()
        stack_state.write(layout.run / NOTE, {"OWN": own})
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = alone\n")
    env = bare_environment(
        SDOPEN_VAR=str(first.var),
        SEEN=str(tmp_path / "seen"),
        OWN="one",
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
    )

    def begin(source: str, *names: str) -> "subprocess.Popen[str]":
        for name in names:
            (tmp_path / f"test_{name}.py").write_text(source)
        return subprocess.Popen(
            [*Wish(2, ("-p", "xdist", "-q")).command(sys.executable), str(tmp_path)],
            cwd=tmp_path,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return begin


def test_several_processes_end_in_one_count_with_the_failures_and_their_status(suite, tmp_path):
    run = suite(TESTS, "a", "b", "c", "d")
    said, _ = run.communicate()
    assert run.returncode == 1, said
    assert said.splitlines()[-1].startswith("4 failed, 16 passed")
    assert said.count("assert 'right' == 'wrong'") >= 4
    told = {tuple(line.split()) for line in (tmp_path / "seen").read_text().splitlines()}
    # each file in one process, each process on its own services
    assert len(told) == 4
    assert {line[1:] for line in told} == {("gw0", "one"), ("gw1", "two")}


@pytest.mark.slow
def test_an_interrupted_suite_puts_away_what_its_processes_started(suite, tmp_path):
    run = suite(SLOW, "a", "b")
    assert ready.until(
        lambda: len(list(tmp_path.glob("*.began"))) == 2, PATIENCE, lambda: run.poll() is None
    )
    run.send_signal(signal.SIGINT)
    said, _ = run.communicate()
    assert run.returncode == 2, said
    assert len(list(tmp_path.glob("*.ended"))) == 2
