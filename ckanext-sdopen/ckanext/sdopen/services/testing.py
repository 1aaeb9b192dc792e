"""scripts/test: fresh services under var/test, pytest on them, and nothing left behind.

The suite may be split over several processes of pytest. Each has a stack of its own: PostgreSQL
tells all that use a cluster of each other's transactions, and tests empty what they find.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from ckanext.sdopen.services import commands, stack_state
from ckanext.sdopen.services.install import database, install
from ckanext.sdopen.services.install.steps import Step, perform
from ckanext.sdopen.services.layout import BACK, TEST, Layout
from ckanext.sdopen.services.messages import text
from ckanext.sdopen.services.running import processes
from ckanext.sdopen.services.running.neighbours import NOTE, Neighbour
from ckanext.sdopen.services.running.stack import Options, Stack
from ckanext.sdopen.services.servers import postgres

# the tests' data dies with them: no wait for the disk
UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# one process of the table reader is enough for tests; on a busy machine it answers late
READER = {
    "processes": "1",
    "memory": "150000000",
    "seconds": "60",
    "silent_seconds": "60",
}
OPTIONS = Options("512m", UNSAFE, frozenset(BACK), outside=False, reader=READER)
# more cores would help, but each process takes up to 2 GB with its services
MOST_BY_THEMSELVES = 4
PLUGIN = "ckanext.sdopen.tests.parallel"


def _number(said: str) -> int:
    """A number of processes, of which there is at least one."""
    if not (said.isascii() and said.isdigit() and int(said)):
        raise argparse.ArgumentTypeError(text("processes_impossible", number=said))
    return int(said)


@dataclass(frozen=True)
class Wish:
    """Over how many processes the suite is split, and pytest's own arguments."""

    processes: int
    pytest: tuple[str, ...]

    @classmethod
    def of(cls, arguments: Sequence[str]) -> "Wish":
        """What is asked; whoever asks pytest for something gets one process unless he says else."""
        parser = argparse.ArgumentParser("scripts/test", add_help=False, allow_abbrev=False)
        parser.add_argument("--processes", type=_number)
        known, others = parser.parse_known_args(arguments)
        cores = min(len(os.sched_getaffinity(0)), MOST_BY_THEMSELVES)
        return cls(known.processes or (1 if others else cores), tuple(others))

    def command(self, python: str) -> list[str]:
        """The command line of pytest; a process that crashed is not replaced, but an error."""
        split = ["-n", str(self.processes), "--no-loadscope-reorder", "--max-worker-restart=0"]
        several = ["-p", PLUGIN, *split] if self.processes > 1 else []
        return [python, "-m", "pytest", *several, *self.pytest]


def beside(number: int) -> Layout:
    """Where the stack of the process of this number keeps its things; the first has `TEST`."""
    return Layout(TEST.var / str(number))


def install_and_test(arguments: Sequence[str]) -> NoReturn:
    """Bring the machine to where the tests can run, then go on in the project's Python."""
    Wish.of(arguments)
    stack = Stack(TEST, options=OPTIONS)
    with install.alone(TEST.var / "lock"):
        stack.stop_left_behind()
        empty(TEST)
        for folder in TEST.var.glob("[0-9]*"):
            processes.stop_left_behind(Layout(folder))
            shutil.rmtree(folder)
        install.prepare(TEST, stack.addresses, tools=True, browser=True)
        install.enter_venv(TEST, "pytest", *arguments)


def test(arguments: Sequence[str]) -> int:
    """Run pytest with these arguments; its exit status, and its last line the last."""
    stack = Stack(TEST, options=OPTIONS)
    with install.alone(TEST.var / "lock"):
        stack.configure()
        return run(stack, Wish.of(arguments))


def empty(layout: Layout) -> None:
    """Begin with fresh databases and a fresh index."""
    for path in layout.keepsakes():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    layout.make()


def environment(stack: Stack) -> dict[str, str]:
    """What the tests see: the addresses, and the settings of test.ini."""
    names = {k: v for k, v in stack.addresses.urls.items() if k not in ("CKAN_SITE_URL",)}
    names["CKAN_SITE_ID"] = "sdopen_test"
    ini = {"CKAN_INI": str(stack.layout.root / "test.ini")}
    return {**stack.environment(), **names, **ini}


def run(stack: Stack, wish: Wish) -> int:
    """Bring the services up, run pytest, stop them; pytest's status."""
    # only now: honcho comes with the project's own Python
    from ckanext.sdopen.services.running.serving import verdict
    from ckanext.sdopen.services.running.supervisor import Supervisor

    supervisor = Supervisor(stack.layout)
    supervisor.add(stack.names(), stack.environment())
    others = neighbours(wish.processes)
    status: list[int] = []

    def conduct(supervisor: Supervisor) -> None:
        for other in others:
            other.watch(supervisor.finish)
        perform([Step("services", lambda: stack.bring_up(supervisor, *BACK))])
        make_tables(stack)
        if others:
            perform([Step("neighbours", lambda: wait_for(others))])
        python = str(stack.layout.venv / "bin" / "python")
        root = stack.layout.root
        status.append(commands.attend(wish.command(python), environment(stack), root))
        for other in others:
            other.stop()
        supervisor.finish()

    try:
        for other in others:
            other.start()
        supervisor.conduct(conduct)
    finally:
        for other in others:
            other.end()
    for other in others:
        if other.failure:
            raise other.failure
    if status and not supervisor.casualty:
        return status[0]
    return verdict(supervisor) or 1


def neighbours(count: int) -> list[Neighbour]:
    """The stacks of all processes but the first."""
    keeper = [sys.executable, "-m", "ckanext.sdopen.services", "stand"]
    return [Neighbour(beside(number), [*keeper, str(number)]) for number in range(2, count + 1)]


def wait_for(others: Sequence[Neighbour]) -> None:
    """Wait until all stacks can be used."""
    for other in others:
        other.wait()


def stand(arguments: Sequence[str]) -> int:
    """Keep the stack of another process up until the end; never a success by itself."""
    from ckanext.sdopen.services.running.serving import verdict
    from ckanext.sdopen.services.running.supervisor import Supervisor

    layout = beside(int(arguments[0]))
    stack = Stack(layout, options=OPTIONS)
    postgres.create_cluster(layout)
    stack.configure()
    supervisor = Supervisor(layout)
    supervisor.add(stack.names(), stack.environment())

    def conduct(supervisor: Supervisor) -> None:
        perform([Step("services", lambda: stack.bring_up(supervisor, *BACK))])
        # the texts of the pages' scripts are the checkout's: the first stack makes them
        make_tables(stack, "texts")
        seen = environment(stack)
        own = {name: seen[name] for name in seen if seen[name] != os.environ.get(name)}
        stack_state.write(layout.run / NOTE, own)

    supervisor.conduct(conduct)
    return verdict(supervisor) or 1


def make_tables(stack: Stack, *left_out: str) -> None:
    """Make databases and tables, but for the steps left out."""
    env = environment(stack)
    ckan = database.Ckan(stack.layout, stack.layout.root / "test.ini", env)
    steps = database.table_steps(ckan, stack.layout, stack.addresses, stack.ports["postgres"])
    perform([step for step in steps if step.name not in left_out])
