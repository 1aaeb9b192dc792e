"""A job in the hands of who does it: what is asked, how far it is, and why it may not go on."""

import threading
from dataclasses import dataclass, field
from typing import Any

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.jobs import leases
from ckanext.sdopen.jobs.leases import Lease


class Refused(SdopenError):
    """The job cannot be done, now or later; the sentence is for who asked for it."""


class Again(SdopenError):
    """The job cannot be done now; it is worth trying after `seconds`, which counts as no try."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Stopped(SdopenError):
    """The process is told to stop: the job goes on where it is, in another one."""


class LeaseLost(SdopenError):
    """The job is not ours any more: it was cancelled, or another process has it."""


@dataclass(frozen=True)
class Job:
    """A job that this process holds.

    `kept` is what an earlier try left by `progress`; `account` is the id of the user who asked.
    """

    lease: Lease
    payload: dict[str, Any]
    account: str | None
    language: str
    kept: dict[str, Any]
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def id(self) -> str:
        """Its id."""
        return self.lease.id

    def progress(self, done: int, total: int, kept: dict[str, Any]) -> None:
        """Say how far it is, and keep what the next try needs to go on here.

        Raises:
            LeaseLost: the job is not ours any more; nothing more may be done.
            Stopped: the process is to stop; what was kept is kept.
        """
        if not leases.progress(self.lease, done, total, kept):
            raise LeaseLost(self.id)
        if self.stop.is_set():
            raise Stopped(self.id)
