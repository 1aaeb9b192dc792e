"""Typed readers of the settings of background work."""

import ckan.plugins.toolkit as tk

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.jobs.kinds import Queue


def lease_seconds() -> float:
    """For how long a job is its worker's, without a sign of life."""
    return max(1.0, float(tk.config["ckanext.sdopen.jobs.lease_seconds"]))


def poll_seconds() -> float:
    """How often an idle worker looks for work."""
    return max(0.05, float(tk.config["ckanext.sdopen.jobs.poll_seconds"]))


def stop_seconds() -> float:
    """How long a job that is under way may go on when its process is told to stop."""
    return float(tk.config["ckanext.sdopen.jobs.stop_seconds"])


def retry_seconds(tries: int) -> float:
    """The pause after so many tries, each twice the one before, at most an hour."""
    first = float(tk.config["ckanext.sdopen.jobs.retry_seconds"])
    return float(min(first * 2 ** min(tries - 1, 12), 3_600.0))


def waiting_calls() -> int:
    """How many calls of a process may wait for the end of a job."""
    return int(tk.config["ckanext.sdopen.jobs.waiting_calls"])


def keep_days() -> int:
    """For how many days ended jobs can be looked at."""
    return int(tk.config["ckanext.sdopen.jobs.keep_days"])


def processes() -> dict[str, int]:
    """{queue: how many processes}, for queues that do not have one.

    Raises:
        SdopenError: the setting is no list of `queue:number`, or names no queue.
    """
    found = {}
    for part in tk.config["ckanext.sdopen.jobs.processes"]:
        queue, _, number = str(part).partition(":")
        if queue not in list(Queue) or not number.isdigit():
            raise SdopenError(f"ckanext.sdopen.jobs.processes: write queue:number, not {part}")
        found[queue] = int(number)
    return found
