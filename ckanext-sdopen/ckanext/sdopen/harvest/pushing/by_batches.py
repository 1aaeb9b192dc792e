"""Push records by the portal's bulk path: whole batches, several in flight, retried by their keys.

A batch that was sent and not answered may have been written: it is sent again under the same key,
and the portal gives its first answer. Each batch has a connection of its own, for kept-alive ones
may all end at one process of the web server.
"""

import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from threading import Event
from typing import Any

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from ckanext.sdopen.harvest.messages import PortalError, say
from ckanext.sdopen.harvest.pushing.batches import RECORDS, Batch, batches
from ckanext.sdopen.harvest.pushing.portal import Portal, words

Result = dict[str, Any]
_PATH = "/api/3/bulk/sdopen_entry_bulk_upsert"
_TOO_LARGE = requests.codes.request_entity_too_large
_LATER = (requests.codes.too_many_requests, requests.codes.service_unavailable)
# between two tries at most so long, unless the portal itself names a time
_LONGEST_PAUSE = 10.0
_LONGEST_ASKED = 300.0
# seconds that one request for the end of a run waits at the portal
_COMMIT_WAIT = 30


class _Unanswered(Exception):
    """The portal did not answer, or asks to be asked again, perhaps in so many seconds."""

    def __init__(self, failure: str, asked: float | None = None) -> None:
        super().__init__(failure)
        self.asked = asked
        self.moment = time.monotonic()


def _failure(state: RetryCallState) -> _Unanswered:
    failure = state.outcome.exception() if state.outcome else None
    return failure if isinstance(failure, _Unanswered) else _Unanswered("")


def _nobody(failure: str) -> None:
    """Nobody wants to know that the portal is waited for."""


@dataclass(frozen=True)
class Bulk:
    """How a run is pushed: its name, batches in flight, and seconds of patience with a portal
    that is down or asks to wait, counted from the first failure of a batch; who is told of it."""

    portal: Portal
    run: str
    workers: int = 2
    records: int = RECORDS
    patience: float = 900.0
    waits: Callable[[str], None] = _nobody
    _pauses: random.Random = field(default_factory=random.SystemRandom, repr=False)

    def push(self, lines: Iterable[bytes]) -> Iterator[Result]:
        """What became of each record, in their order: `{"id", "name", "result", "findings"}`.

        Raises:
            PortalError: the account may not write, or the portal stayed out of order.
        """
        pool, ended = ThreadPoolExecutor(self.workers), Event()
        flying: deque[Future[list[Result]]] = deque()
        try:
            for batch in batches(lines, self.records):
                flying.append(pool.submit(self._send, batch, ended))
                # one more than are sent at once, so that nobody waits for the next to be made
                if len(flying) > self.workers:
                    yield from flying.popleft().result()
            while flying:
                yield from flying.popleft().result()
        finally:
            # an interrupted or failed run finishes what is under way and begins nothing more
            ended.set()
            pool.shutdown(wait=True, cancel_futures=True)

    def commit(self) -> bool:
        """Wait until all that was pushed can be found; False where patience ended before.

        Raises:
            PortalError: the portal refuses, or cannot be reached.
        """
        deadline = time.monotonic() + self.patience
        asked = {"run": self.run, "wait": _COMMIT_WAIT}
        while True:
            found = self._answer("/api/3/action/sdopen_bulk_commit", Event(), json=asked)
            if isinstance(found, dict) and found["searchable"]:
                return True
            if time.monotonic() > deadline:
                return False

    def _send(self, batch: Batch, ended: Event) -> list[Result]:
        headers = {
            "Content-Type": "application/x-ndjson",
            "Content-Encoding": "gzip",
            "Idempotency-Key": batch.key(self.run),
        }
        body = batch.body
        sent = {"params": {"run": self.run}, "data": body, "headers": headers}
        found = self._answer(_PATH, ended, **sent)
        if found is not None:
            records: list[Result] = found["records"]
            return records
        if len(batch.lines) == 1:
            return [{"id": "", "name": "", "result": "rejected", "findings": [_too_large()]}]
        return [result for half in batch.halves() for result in self._send(half, ended)]

    def _answer(self, path: str, ended: Event, **sent: Any) -> dict[str, Any] | None:
        """The result of a request that is repeated until answered; None where it is too large.

        Once the run has `ended` it is not repeated.
        """
        failures: list[_Unanswered] = []

        def is_over(state: RetryCallState) -> bool:
            failures.append(_failure(state))
            if len(failures) == 1:
                self.waits(str(failures[0]))
            waited = failures[-1].moment - failures[0].moment
            return waited + state.upcoming_sleep > self.patience

        def rest(seconds: float) -> None:
            if ended.wait(seconds):
                raise failures[-1]

        retrying = Retrying(
            retry=retry_if_exception_type(_Unanswered),
            wait=self._pause,
            stop=is_over,
            sleep=rest,
            reraise=True,
        )
        try:
            return retrying(self._once, path, **sent)
        except _Unanswered as failure:
            raise PortalError("portal_gave_up", url=self.portal.url, detail=str(failure)) from None

    def _once(self, path: str, **sent: Any) -> dict[str, Any] | None:
        try:
            response = self.portal.post_once(path, **sent)
        except requests.RequestException as error:
            raise _Unanswered(type(error).__name__) from None
        status = response.status_code
        if status == _TOO_LARGE:
            return None
        if status >= requests.codes.server_error or status in _LATER:
            said = f"{status} {_said(response)}".strip()
            raise _Unanswered(said, _retry_after(response))
        return self._result(response)

    def _pause(self, state: RetryCallState) -> float:
        asked = _failure(state).asked
        if asked is not None:
            # not all at once when the time is over
            return min(asked, _LONGEST_ASKED) + self._pauses.random() * 0.5
        pause = min(0.25 * 2.0 ** min(state.attempt_number - 1, 10), _LONGEST_PAUSE)
        return pause * (0.5 + self._pauses.random() / 2)

    def _result(self, response: requests.Response) -> dict[str, Any]:
        answer = self.portal.answer(response)
        if answer["success"]:
            result: dict[str, Any] = answer["result"]
            return result
        if response.status_code in (requests.codes.unauthorized, requests.codes.forbidden):
            raise PortalError("portal_token", url=self.portal.url)
        detail = words(answer.get("error"))
        raise PortalError("portal_refuses", url=self.portal.url, detail=detail)


def _too_large() -> dict[str, Any]:
    return {"code": "record_too_large", "severity": "error", "message": say("record_too_large")}


def _said(response: requests.Response) -> str:
    """The portal's own words on a failure, where it has any."""
    try:
        answer = response.json()
    except ValueError:
        return ""
    return words(answer.get("error")) if isinstance(answer, dict) else ""


def _retry_after(response: requests.Response) -> float | None:
    """Seconds that the portal asks to wait, from its header."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isdigit():
        return float(asked)
    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
