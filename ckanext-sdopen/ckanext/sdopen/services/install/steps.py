"""Run the steps of an installation, several at once where they do not wait for each other."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ckanext.sdopen.services import commands
from ckanext.sdopen.services.messages import say, text

HEARTBEAT = 10.0


def always() -> bool:
    """A step that is due at every run."""
    return True


@dataclass(frozen=True)
class Step:
    """One step: what it does, which steps come first, whether it is due, shows its own progress."""

    name: str
    work: Callable[[], None]
    after: tuple[str, ...] = ()
    due: Callable[[], bool] = always
    speaks: bool = False


class Running:
    """The steps on their way, each in a thread."""

    def __init__(self, steps: Sequence[Step]) -> None:
        unknown = {name for s in steps for name in s.after} - {s.name for s in steps}
        if unknown:
            raise ValueError(f"steps that nobody takes: {sorted(unknown)}")
        self.waiting = list(steps)
        self.started: dict[str, float] = {}
        self.silent: list[str] = []
        self.finished: set[str] = set()
        self.failure: BaseException | None = None
        self._reports: queue.Queue[tuple[str, BaseException | None]] = queue.Queue()

    def start_ready(self) -> None:
        """Start every step whose predecessors are finished; what is not due is finished at once."""
        while ready := [s for s in self.waiting if self.finished.issuperset(s.after)]:
            for step in ready:
                self.waiting.remove(step)
                if not step.due():
                    self.finished.add(step.name)
                    continue
                self.started[step.name] = time.monotonic()
                self.silent += [] if step.speaks else [step.name]
                say("begin", what=text(f"step_{step.name}"))
                threading.Thread(target=self._perform, args=(step,), daemon=True).start()

    def _perform(self, step: Step) -> None:
        try:
            step.work()
        except BaseException as error:  # noqa: BLE001  handed to the thread that waits
            self._reports.put((step.name, error))
        else:
            self._reports.put((step.name, None))

    def wait(self) -> None:
        """Wait for the next step to end; tell every ten seconds what is still going on."""
        try:
            name, error = self._reports.get(timeout=HEARTBEAT)
        except queue.Empty:
            now = time.monotonic()
            doing = [
                text("doing", what=text(f"step_{name}"), seconds=f"{now - since:.0f}")
                for name, since in self.started.items()
                if name in self.silent
            ]
            if doing:
                say("still", doing=text("comma").join(doing))
            return
        seconds = time.monotonic() - self.started.pop(name)
        if error is None:
            self.finished.add(name)
            say("end", what=text(f"step_{name}"), seconds=f"{seconds:.1f}")
        elif self.failure is None:
            self.failure = error
            commands.stop_all()


def perform(steps: Sequence[Step]) -> None:
    """Run all steps in their order; the first failure ends the others and is raised."""
    running = Running(steps)
    try:
        while running.failure is None and (running.waiting or running.started):
            running.start_ready()
            if running.started:
                running.wait()
    except BaseException:
        commands.stop_all()
        running.failure = running.failure or KeyboardInterrupt()
        raise
    finally:
        while running.failure is not None and running.started:
            running.wait()
    if running.failure is not None:
        raise running.failure
