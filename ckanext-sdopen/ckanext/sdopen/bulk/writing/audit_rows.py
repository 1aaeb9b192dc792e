"""Rows of the audit log for a batch: one for each record that was written or refused."""

from collections.abc import Sequence

from ckanext.sdopen.audit import log
from ckanext.sdopen.audit.kinds import Kind, Result
from ckanext.sdopen.audit.log import Event
from ckanext.sdopen.bulk.record import CREATED, REJECTED, UPDATED, Candidate
from ckanext.sdopen.entries import audited

# findings that a row names; the answer holds all
_CODES = 5


def record_written(candidates: Sequence[Candidate], user: str) -> None:
    """Tell with the batch's commit what was done to each entry."""
    log.record([_written(one) for one in candidates if one.result in (CREATED, UPDATED)], user)


def record_refused(candidates: Sequence[Candidate], user: str) -> None:
    """Tell with the batch's commit which records were not taken, and why."""
    log.record([_refused(one) for one in candidates if one.result == REJECTED], user)


def _written(candidate: Candidate) -> Event:
    known = candidate.known
    before = audited.facts_of(known.package) if known is not None else None
    return audited.event_of(candidate.entry_id, before, audited.facts_of(candidate.package))


def _refused(candidate: Candidate) -> Event:
    kind = Kind.ENTRY_UPDATE if candidate.known else Kind.ENTRY_CREATE
    codes = list(dict.fromkeys(str(found["code"]) for found in candidate.findings))
    details = {"codes": codes[:_CODES], "record": candidate.position}
    return Event(kind, candidate.entry_id, result=Result.REFUSED, details=details)
