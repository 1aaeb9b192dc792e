"""What stands before any service: packages, the Python environment, Solr's jars."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from ckanext.sdopen.services import commands
from ckanext.sdopen.services.addresses import Addresses
from ckanext.sdopen.services.install import packages
from ckanext.sdopen.services.install.steps import Step, perform
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble, say
from ckanext.sdopen.services.servers import postgres

JAVA = 17
GIB = 1 << 30
# measured: packages 1.2 GiB, Python 0.5, Maven 0.2, the sample province 0.6
FIRST_RUN_GIB = 3.0
LATER_GIB = 0.3


def fingerprint(paths: Iterable[Path], *more: str) -> str:
    """A hash over files and words; it changes when any of them does."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    digest.update("\0".join(more).encode())
    return digest.hexdigest()


@contextmanager
def alone(path: Path, waiting: str | None = None) -> Iterator[None]:
    """Hold a lock that dies with its holder; wait for it, or refuse when `waiting` is None."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            # a record lock: processes that we start do not inherit it
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if waiting is None:
                raise Trouble("already_running", root=path.parent) from error
            say(waiting)
            fcntl.lockf(file, fcntl.LOCK_EX)
        yield


def locks(layout: Layout, tools: bool) -> dict[Path, Path]:
    """{mark: the lock file that it signs}: of what serves, then of the tools of tests and checks.

    The lock of the tools holds all that serves, too, in the same versions.
    """
    names = {"packages": "requirements.lock"} | (
        {"tools": "requirements-test.lock"} if tools else {}
    )
    return {layout.venv / mark: layout.root / lock for mark, lock in names.items()}


def venv_marks(layout: Layout, tools: bool) -> dict[Path, str]:
    """What the environment is made from: the locked packages first, then the project itself."""
    root = layout.root
    # the interpreter behind .venv: the terminal's own may be any other
    python = (layout.venv / "bin" / "python").resolve()
    project = [root / "pyproject.toml", root / "setup.py"]
    locked = {
        mark: fingerprint([lock], str(root), str(python))
        for mark, lock in locks(layout, tools).items()
    }
    return {**locked, layout.venv / "project": fingerprint(project)}


def unmade(marks: dict[Path, str]) -> list[Path]:
    """The marks that are absent, half made or of older files."""
    return [
        mark for mark, wanted in marks.items() if not mark.exists() or mark.read_text() != wanted
    ]


def venv_is_due(layout: Layout, tools: bool) -> bool:
    """Whether something in the environment is to be installed; what is more in it may stay."""
    return bool(unmade(venv_marks(layout, tools)))


def packages_are_due(layout: Layout) -> bool:
    """Whether the packages that serve are to be installed, for which a compiler is needed."""
    return layout.venv / "packages" in unmade(venv_marks(layout, tools=False))


def venv_commands(layout: Layout, tools: bool) -> list[tuple[list[str], list[Path]]]:
    """The commands that make the environment, and the marks that each of them earns.

    A new lock of what serves makes it all anew, without tools unless they are asked for.
    """
    python = str(layout.venv / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--no-input", "--progress-bar=off", "--retries=3"]
    pip += ["--disable-pip-version-check", "--timeout=60"]
    found: list[tuple[list[str], list[Path]]] = []
    if packages_are_due(layout):
        # the interpreter itself, also when an environment is active, perhaps the one to be cleared
        own = os.path.realpath(sys.executable)
        found.append(([own, "-m", "venv", "--clear", str(layout.venv)], []))
        due = locks(layout, tools)
    else:
        left = unmade(venv_marks(layout, tools))
        due = {mark: lock for mark, lock in locks(layout, tools).items() if mark in left}
    if due:
        # the last lock holds what stands in the one before
        lock = str(list(due.values())[-1])
        found.append(([*pip, "--require-hashes", "--no-compile", "-r", lock], list(due)))
    project = ["--no-deps", "--no-build-isolation", "--editable", str(layout.root)]
    return [*found, ([*pip, *project], [layout.venv / "project"])]


def make_venv(layout: Layout, tools: bool) -> None:
    """Create .venv from the lock file, hashes checked, and the project itself, editable."""
    for argv, earned in venv_commands(layout, tools):
        commands.run("python", argv, layout.build / "python.log")
        marks = venv_marks(layout, tools)
        for mark in earned:
            mark.write_text(marks[mark])


def solr_sources(layout: Layout) -> list[Path]:
    """What Solr's jars and our launcher are built from."""
    folder = layout.config / "solr"
    return [folder / "pom.xml", *sorted((folder / "src").rglob("*.java"))]


def solr_is_due(layout: Layout) -> bool:
    """Whether Solr is not built, or built from older sources."""
    mark = layout.solr_build / "complete"
    return not mark.exists() or mark.read_text() != fingerprint(solr_sources(layout))


def build_solr(layout: Layout) -> None:
    """Fetch Solr's jars and compile the launcher by Maven, apart from the sources."""
    refuse_old_java()
    work = layout.build / "solr.new"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    shutil.copy(layout.config / "solr" / "pom.xml", work)
    shutil.copytree(layout.config / "solr" / "src", work / "src")
    argv = ["mvn", "--batch-mode", "--no-transfer-progress", "--quiet"]
    argv += ["--strict-checksums", "package"]
    commands.run("solr", argv, layout.build / "maven.log", cwd=work)
    target = work / "target"
    (target / "complete").write_text(fingerprint(solr_sources(layout)))
    shutil.rmtree(layout.solr_build, ignore_errors=True)
    target.rename(layout.solr_build)
    shutil.rmtree(work)


def refuse_old_java() -> None:
    """End when the compiler is older than Solr needs."""
    said = subprocess.run(["javac", "-version"], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+)", said.stdout + said.stderr)
    if not found or int(found[1]) < JAVA:
        version = (said.stdout or said.stderr).strip()
        raise Trouble("java_too_old", needed=JAVA, found=version)


def refuse_full_disk(layout: Layout) -> None:
    """End before anything is half written when the disk cannot hold it."""
    need = FIRST_RUN_GIB if packages_are_due(layout) else LATER_GIB
    free = shutil.disk_usage(layout.var).free / GIB
    if free < need:
        raise Trouble("disk_too_small", need=need, free=f"{free:.1f}", folder=layout.var)


def stages(layout: Layout, addresses: Addresses, browser: bool) -> dict[str, list[str]]:
    """Which packages each part of the installation waits for."""
    own = addresses.starts
    solr = own("solr") and solr_is_due(layout)
    return {
        # first what leads to the longest wait, pip
        "packages_python": ["magic", *(["python"] if packages_are_due(layout) else [])],
        "packages_java": (["java"] if solr else []) + (["java-run"] if own("solr") else []),
        "packages_servers": [name for name in ("postgres", "redis", "nginx") if own(name)],
        "packages_browser": ["nginx", "browser"] if browser else [],
    }


def plan(layout: Layout, addresses: Addresses, tools: bool, browser: bool) -> list[Step]:
    """The steps of an installation; Maven and pip work while apt goes on."""
    wanted = stages(layout, addresses, browser)
    packages.refuse_if_impossible(
        packages.missing(stage for part in wanted.values() for stage in part)
    )
    steps = []
    before: tuple[str, ...] = ()
    for name, part in wanted.items():  # one after the other: apt has one lock

        def work(part: list[str] = part) -> None:
            packages.install(layout, part)

        def due(part: list[str] = part) -> bool:
            return bool(packages.missing(part))

        steps.append(Step(name, work, before, due))
        before = (name,)
    own = addresses.starts
    return [
        *steps,
        Step(
            "solr",
            lambda: build_solr(layout),
            ("packages_java",),
            lambda: own("solr") and solr_is_due(layout),
        ),
        Step(
            "python",
            lambda: make_venv(layout, tools),
            ("packages_python",),
            lambda: venv_is_due(layout, tools),
        ),
        Step(
            "cluster",
            lambda: postgres.create_cluster(layout),
            ("packages_servers",),
            lambda: own("postgres") and postgres.is_absent(layout),
        ),
    ]


def prepare(
    layout: Layout, addresses: Addresses, tools: bool = False, browser: bool = False
) -> None:
    """Bring the machine to where the services can start; what is there already stays.

    Args:
    X"""
    refuse_full_disk(layout)
    with alone(layout.build / "lock", waiting="waiting_for_build"):
        perform(plan(layout, addresses, tools, browser))


def enter_venv(layout: Layout, *arguments: str) -> NoReturn:
    """Go on as the project's own Python; does not return."""
    python = str(layout.venv / "bin" / "python")
    os.execv(python, [python, "-m", "ckanext.sdopen.services", *arguments])  # noqa: S606
