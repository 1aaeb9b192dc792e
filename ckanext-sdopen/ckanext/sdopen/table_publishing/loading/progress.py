"""How far a load is, told to its job: a stage, and the share of the whole in per cent."""

import time

from ckanext.sdopen.jobs.held import Job

# how often the job's row is written, seconds; a cancelled job is noticed as soon
_PAUSE = 0.5


class Progress:
    """Tells a job how far its load is; raises what ends it."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._stage, self._begin, self._end = "", 0, 0
        self._told = 0.0

    def stage(self, name: str, begin: int, end: int) -> None:
        """Enter a stage, from one per cent of the whole to another.

        Raises:
            LeaseLost: the job is not ours any more.
            Stopped: the process is to stop.
        """
        self._stage, self._begin, self._end = name, begin, end
        self._told = 0.0
        self.share(0.0)

    def share(self, share: float) -> None:
        """Say which share of the stage is done, from 0 to 1; raises as `stage` does."""
        now = time.monotonic()
        if now - self._told < _PAUSE:
            return
        self._told = now
        done = self._begin + round((self._end - self._begin) * min(max(share, 0.0), 1.0))
        self._job.progress(done, 100, {"stage": self._stage})
