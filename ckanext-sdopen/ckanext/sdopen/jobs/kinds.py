"""What can be done in the background: kinds of jobs and periodic tasks, as capabilities declare it.

A capability declares them in its files of the kind `job` (`import_job.py`); `contents` finds them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ckanext.sdopen.jobs.held import Job


class Queue(StrEnum):
    """The queues: each has processes of its own, so that none delays the others."""

    CHECKS = "checks"
    IMPORTS = "imports"
    TABLES = "tables"
    DUMPS = "dumps"
    MAIL = "mail"
    UPKEEP = "upkeep"


@dataclass(frozen=True)
class Kind:
    """A kind of job.

    `work` does it and returns what is kept as its result; it may be called again for the same job,
    so a second call must do no harm. `seconds` says how long one try may take, `tries` how many
    there are.
    """

    name: str
    queue: Queue
    work: Callable[[Job], dict[str, Any] | None]
    seconds: Callable[[], float]
    tries: int = 3


@dataclass(frozen=True)
class Periodic:
    """A task that a process of its queue does again after so many seconds, one process at a time.

    `work` returns one line on what it did; `seconds` says how long it may take.
    """

    name: str
    queue: Queue
    every: Callable[[], float]
    work: Callable[[], str]
    seconds: float


@dataclass
class Declared:
    """All that the capabilities declare, asked for once, when it is first needed."""

    find: Callable[[], Iterable[Any]] = tuple
    _found: tuple[Any, ...] | None = field(default=None)

    def use(self, find: Callable[[], Iterable[Any]]) -> None:
        """Ask this function from now on."""
        self.find, self._found = find, None

    def _all(self) -> tuple[Any, ...]:
        if self._found is None:
            self._found = tuple(self.find())
        return self._found

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of jobs by name."""
        return {one.name: one for one in self._all() if isinstance(one, Kind)}

    @property
    def periodic(self) -> Mapping[str, Periodic]:
        """The periodic tasks by name."""
        return {one.name: one for one in self._all() if isinstance(one, Periodic)}

    def queues(self) -> tuple[Queue, ...]:
        """The queues that have anything to do."""
        used = {one.queue for one in self.kinds.values()}
        used |= {one.queue for one in self.periodic.values()}
        return tuple(queue for queue in Queue if queue in used)


declared = Declared()
