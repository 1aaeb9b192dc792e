"""A server of a test's own: started, waited for, and ended with the test."""

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ckanext.sdopen.services import commands
from ckanext.sdopen.services.messages import Trouble, text
from ckanext.sdopen.services.running import processes, ready


@contextmanager
def running(
    service: str,
    argv: Sequence[str],
    log: Path,
    env: Mapping[str, str],
    answers: Callable[[], bool],
    *,
    to_answer: float,
    to_stop: float,
    cwd: Path | None = None,
) -> Iterator[None]:
    """Run a command from when it answers; it ends by SIGTERM, by SIGKILL where that takes long.

    Args:
        service: its name among the services, for the sentence of an error.
        argv: the command.
        log: where it writes.
        env: its environment, whole.
        answers: whether it can be used.
        to_answer: seconds without a sign of life until it answers.
        to_stop: seconds until it has ended.
        cwd: its folder.

    Raises:
        Trouble: nothing moved for so long, or it ended.
    """
    with log.open("ab") as out:
        child = subprocess.Popen(
            argv,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        if not ready.until(
            answers,
            to_answer,
            lambda: child.poll() is None,
            lambda: processes.life(log, child.pid),
        ):
            said = f"{log}\n{commands.tail(log)}"
            raise Trouble("not_answering", what=text(f"service_{service}"), log=said)
        yield
    finally:
        child.terminate()
        try:
            child.wait(to_stop)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
