"""A stack of its own in a folder, for measurements and faults: each part started and killed apart.

The portal's supervisor ends everything when one service falls; here a part may fall and come back.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ckanext.sdopen.services import commands, stack_state
from ckanext.sdopen.services.install import database, install
from ckanext.sdopen.services.install.steps import perform
from ckanext.sdopen.services.layout import BACK, SERVICES, Layout
from ckanext.sdopen.services.messages import Trouble, text
from ckanext.sdopen.services.running import processes, ready
from ckanext.sdopen.services.running.stack import Options, Stack

INDEXER, WORKER = "indexer", "worker"
# a worker is started only by who wants one
PARTS = (*BACK, "web", INDEXER)
# the texts of the scripts are the checkout's, not the stack's
_STEPS = ("database", "tables", "datastore")
_Child = subprocess.Popen[bytes]


class Apart(Stack):
    """A stack that knows no address from outside but those that it is given."""

    def __init__(self, folder: Path, options: Options, given: Mapping[str, str]) -> None:
        self.given = dict(given)
        # measurements ask the web server itself
        alone = replace(options, services=options.services - {"nginx"})
        super().__init__(Layout(folder), stack_state.free_port(), alone)

    def surroundings(self) -> dict[str, str]:
        """The environment without anybody's portal, and what was given."""
        foreign = ("CKAN_", "SDOPEN_", "PG")
        kept_back = {k: v for k, v in os.environ.items() if not k.startswith(foreign)}
        return {**kept_back, **self.given}


@dataclass
class Throwaway:
    """A stack that runs, its processes by name."""

    stack: Stack
    lines: Mapping[str, str]
    environment: dict[str, str]
    children: dict[str, _Child] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The portal's address."""
        return self.stack.url

    @property
    def layout(self) -> Layout:
        """Where the stack keeps its things."""
        return self.stack.layout

    @property
    def database_url(self) -> str:
        """The address of CKAN's database."""
        return self.stack.addresses.urls["CKAN_SQLALCHEMY_URL"]

    @property
    def solr_url(self) -> str:
        """The address of the index."""
        return self.stack.addresses.urls["CKAN_SOLR_URL"].rstrip("/")

    @property
    def solr_headers(self) -> dict[str, str]:
        """The headers of a request with a JSON body to the index."""
        login = ready.solr_headers(self.stack.addresses.urls)
        return {"Content-Type": "application/json", **login}

    @property
    def ckan(self) -> database.Ckan:
        """The ckan command on this stack."""
        return database.Ckan(self.layout, self.layout.ini, self.environment)

    def names(self) -> list[str]:
        """The parts that this stack starts itself, in their order."""
        return [name for name in PARTS if self.stack.addresses.starts(name)]

    def open(self, name: str) -> None:
        """Start a part without waiting for it."""
        with self.layout.log(name).open("ab") as out:
            self.children[name] = subprocess.Popen(  # noqa: S602  a Procfile's line is a shell's
                self.lines[name],
                shell=True,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=self.environment,
                cwd=self.layout.root,
                start_new_session=True,
            )

    def start(self, *names: str) -> None:
        """Start parts and wait until each answers.

        Raises:
            Trouble: one does not.
        """
        for name in names:
            self.open(name)
        for name in names:
            self.wait_for(name)

    def wait_for(self, name: str) -> None:
        """Wait until a part answers; indexer and worker listen nowhere and are not waited for.

        Raises:
            Trouble: it does not.
        """
        if name in (INDEXER, WORKER):
            return
        child = self.children[name]
        try:
            self.stack.wait_for(name, lambda: child.pid, lambda: child.poll() is None)
        except Trouble:
            log = self.layout.log(name)
            said = f"{log}\n{commands.tail(log)}"
            raise Trouble("not_answering", what=text(f"service_{name}"), log=said) from None

    def is_up(self, name: str) -> bool:
        """Whether the process of a part runs."""
        child = self.children.get(name)
        return child is not None and child.poll() is None

    def kill(self, name: str) -> None:
        """End a part as a power cut would: SIGKILL, for its children too."""
        child = self.children.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def stop(self, name: str) -> None:
        """End a part in order."""
        child = self.children.pop(name, None)
        if child is None:
            return
        child.send_signal(processes.stop_signal(name))
        try:
            child.wait(processes.PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()

    def stop_all(self) -> None:
        """End every part, the front before what it uses."""
        for name in reversed(SERVICES):
            self.stop(name)


def _refuse_full(folder: Path) -> None:
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise Trouble("folder_full", folder=folder)


def _install(stack: Stack) -> None:
    """Bring the machine to where the stack can start."""
    install.prepare(stack.layout, stack.addresses)


def _configure(stack: Stack) -> None:
    if stack.addresses.starts("postgres"):
        # a new cluster has none of the tables that an older one of this folder had
        stack_state.State(stack.layout).forget("database", "datastore")
    stack.configure()


def _make_tables(running: Throwaway) -> None:
    stack = running.stack
    steps = database.table_steps(
        running.ckan, stack.layout, stack.addresses, stack.ports["postgres"]
    )
    perform([step for step in steps if step.name in _STEPS])


@contextmanager
def running(
    folder: Path,
    *,
    options: Options | None = None,
    given: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Throwaway]:
    """A stack in this folder, its databases made, every part started; ended and deleted after.

    Args:
        folder: an empty or absent folder; it is deleted.
        options: memory and durability, those of the portal unless given.
        given: addresses of parts that run elsewhere (`CKAN_SOLR_URL`, …).
        settings: CKAN settings beside the shipped ones.

    Raises:
        Trouble: the folder holds something, which stays; or a part does not start.
    """
    _refuse_full(folder)
    # only here: honcho comes with the project's own Python
    from honcho.environ import parse_procfile

    stack = Apart(folder, options or Options(), given or {})
    _install(stack)
    _configure(stack)
    with stack.layout.ini.open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = {value}\n" for name, value in (settings or {}).items())
    procfile = (stack.layout.config / "Procfile").read_text(encoding="utf-8")
    lines = parse_procfile(procfile).processes
    found = Throwaway(stack, lines, stack.environment())
    try:
        found.start(*(name for name in found.names() if name in BACK))
        _make_tables(found)
        found.start(*(name for name in found.names() if name not in BACK))
        yield found
    finally:
        found.stop_all()
        shutil.rmtree(folder, ignore_errors=True)
