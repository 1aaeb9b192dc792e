"""scripts/test: fresh services under var/test, pytest on them, and nothing left behind."""

import shutil
from collections.abc import Sequence
from typing import NoReturn

from ckanext.sdopen.services import commands, database, install
from ckanext.sdopen.services.layout import TEST, Layout
from ckanext.sdopen.services.stack import BACK, Options, Stack
from ckanext.sdopen.services.steps import Step, perform

# the tests' data dies with them: no wait for the disk
UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
OPTIONS = Options("512m", UNSAFE, frozenset(BACK), outside=False)


def install_and_test(arguments: Sequence[str]) -> NoReturn:
    """Bring the machine to where the tests can run, then go on in the project's Python."""
    stack = Stack(TEST, options=OPTIONS)
    with install.alone(TEST.var / "lock"):
        stack.stop_left_behind()
        empty(TEST)
        install.prepare(TEST, stack.addresses, browser=True)
        install.enter_venv(TEST, "pytest", *arguments)


def test(arguments: Sequence[str]) -> int:
    """Run pytest with these arguments; its exit status, and its last line the last."""
    stack = Stack(TEST, options=OPTIONS)
    with install.alone(TEST.var / "lock"):
        stack.settle()
        return run(stack, arguments)


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


def run(stack: Stack, arguments: Sequence[str]) -> int:
    """Bring the services up, run pytest, stop them; pytest's status."""
    # only now: honcho comes with the project's own Python
    from ckanext.sdopen.services.serving import verdict
    from ckanext.sdopen.services.supervisor import Supervisor

    supervisor = Supervisor(stack.layout)
    supervisor.add(stack.names(), stack.environment())
    status: list[int] = []

    def conduct(supervisor: Supervisor) -> None:
        perform([Step("services", lambda: stack.bring_up(supervisor, *BACK))])
        root = stack.layout.root
        env = environment(stack)
        ckan = database.Ckan(stack.layout, root / "test.ini", env)
        perform(database.table_steps(ckan, stack.layout, stack.addresses, stack.ports["postgres"]))
        python = str(stack.layout.venv / "bin" / "python")
        status.append(commands.attend([python, "-m", "pytest", *arguments], env, root))
        supervisor.finish()

    supervisor.conduct(conduct)
    if status and not supervisor.casualty:
        return status[0]
    return verdict(supervisor) or 1
