"""A worker: does the jobs and periodic tasks of one queue, one after the other."""

import logging
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import ckan.plugins.toolkit as tk
import flask
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ckanext.sdopen.jobs import leases, schedule, settings
from ckanext.sdopen.jobs.held import Again, Job, LeaseLost, Refused, Stopped
from ckanext.sdopen.jobs.kinds import Kind, Periodic, Queue, declared
from ckanext.sdopen.jobs.leases import Taken
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.jobs.work.heartbeat import Heartbeat
from ckanext.sdopen.language import language

_LONGEST_PAUSE = 30.0
log = logging.getLogger(__name__)


def _where(error: Exception) -> str:
    """What an error is and where it came up; its message may quote what nobody should read."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return type(error).__name__ + "".join(f"\n  {f.filename}:{f.lineno}" for f in frames)


@dataclass
class Worker:
    """Works for one queue until it is told to stop."""

    app: flask.Flask
    queue: Queue
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Work until told to stop; while the database is away, wait for it."""
        for task in self._tasks():
            schedule.settle(task)
        pause = 1.0
        while not self.stop.is_set():
            try:
                worked = self.round()
                pause = 1.0
            except SQLAlchemyError as error:
                log.warning("PostgreSQL: %s; trying again", type(error).__name__)
                self.stop.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            if not worked:
                self.stop.wait(settings.poll_seconds())

    def work_off(self) -> int:
        """Do the jobs that are due, until none is; how many they were."""
        count = 0
        while self.do_job():
            count += 1
        return count

    def round(self) -> bool:
        """Do what is due of the tasks, and the next job; whether there was any."""
        did_tasks = [self._do_task(task) for task in self._tasks() if not self.stop.is_set()]
        return (not self.stop.is_set() and self.do_job()) or any(did_tasks)

    def _tasks(self) -> list[Periodic]:
        return [task for task in declared.periodic.values() if task.queue == self.queue]

    def _heartbeat(
        self, renew: Callable[[], bool], give_back: Callable[[bool], None], seconds: float
    ) -> Heartbeat:
        return Heartbeat(
            renew,
            give_back,
            lease=settings.lease_seconds(),
            seconds=seconds,
            patience=settings.stop_seconds(),
            stop=self.stop,
        )

    def _do_task(self, task: Periodic) -> bool:
        lease = schedule.take(task, settings.lease_seconds())
        if lease is None:
            return False

        def give_back(is_over: bool) -> None:
            schedule.end(lease, task, False, "deadline" if is_over else "stopped")

        renew = partial(schedule.renew, lease, settings.lease_seconds())
        with self._heartbeat(renew, give_back, task.seconds):
            succeeded, told = self._outcome_of(task)
        schedule.end(lease, task, succeeded, told)
        return True

    def _outcome_of(self, task: Periodic) -> tuple[bool, str]:
        try:
            with self._asked_in(language()):
                return True, task.work()
        except Exception as error:  # noqa: BLE001  a task that fails is tried again, others go on
            log.error("the task %s failed: %s", task.name, _where(error))
            return False, type(error).__name__
        finally:
            _end_session()

    def do_job(self) -> bool:
        """Do the next job that is due; whether there was any."""
        kinds = [kind.name for kind in declared.kinds.values() if kind.queue == self.queue]
        taken = leases.take(self.queue, kinds, settings.lease_seconds()) if kinds else None
        if taken is None:
            return False
        kind = declared.kinds[taken.row.kind]
        if taken.row.tries > kind.tries:
            # the process ended each time, so that nobody could say why
            self._fail(taken)
            return True
        job = Job(
            taken.lease,
            taken.row.payload,
            taken.row.account,
            taken.row.language,
            taken.row.kept,
            self.stop,
        )
        renew = partial(leases.renew, taken.lease, settings.lease_seconds())
        with self._heartbeat(renew, partial(self._give_back, kind, taken), kind.seconds()):
            self._work(kind, taken, job)
        return True

    def _work(self, kind: Kind, taken: Taken, job: Job) -> None:
        """Do a job, and say in its row what became of it."""
        try:
            with self._asked_in(job.language):
                result = kind.work(job)
            leases.end(taken.lease, State.DONE, result)
        except Refused as error:
            leases.end(taken.lease, State.FAILED, error=str(error))
        except Again as error:
            leases.put_back(taken.lease, error.seconds, counts=False)
        except Stopped:
            leases.put_back(taken.lease, 0, counts=False)
        except LeaseLost:
            log.info("the job %s was cancelled, or another process has it", job.id)
        except SQLAlchemyError as error:
            # the row says what is left to do when the database is back
            log.error("the job %s failed: %s", job.id, _where(error))
            _end_session()
            self._retry(kind, taken)
        except Exception as error:  # noqa: BLE001  a job that fails is tried again, others go on
            log.error("the job %s failed: %s", job.id, _where(error))
            self._retry(kind, taken)
        finally:
            _end_session()

    def _retry(self, kind: Kind, taken: Taken) -> None:
        if taken.row.tries < kind.tries:
            leases.put_back(taken.lease, settings.retry_seconds(taken.row.tries), counts=True)
        else:
            self._fail(taken)

    def _give_back(self, kind: Kind, taken: Taken, is_over: bool) -> None:
        if is_over:
            self._retry(kind, taken)
        else:
            leases.put_back(taken.lease, 0, counts=False)

    def _fail(self, taken: Taken) -> None:
        with self._asked_in(taken.row.language):
            message = tk._(
                "It could not be done, though it was tried several times; ask the operator,"
                " who finds the reason in the log under {id}"
            )
        leases.end(taken.lease, State.FAILED, error=message.format(id=taken.lease.id))

    def _asked_in(self, lang: str) -> flask.ctx.RequestContext:
        """The context of a request in a language, for the sentences that the work writes."""
        return self.app.test_request_context(environ_overrides={"CKAN_LANG": lang})


def _end_session() -> None:
    model.Session.rollback()
    model.Session.remove()
