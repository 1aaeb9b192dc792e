"""The records of a batch at the gate: some wait then, others are refused."""

from collections.abc import Sequence

from ckanext.sdopen.bulk.examining.permissions import Permissions
from ckanext.sdopen.bulk.record import CREATED, PENDING, UPDATED, Candidate
from ckanext.sdopen.entries import gate


def ask(candidates: Sequence[Candidate], permissions: Permissions, act: str = gate.SAVE) -> None:
    """Ask about the records that would be written."""
    written = [c for c in candidates if c.result in (CREATED, UPDATED)]
    if not written or not gate.has_deciders():
        return
    asked = [_asked(candidate, act) for candidate in written]
    for candidate, verdict in zip(written, gate.decide(asked, permissions), strict=True):
        apply(candidate, verdict)


def _asked(candidate: Candidate, act: str) -> gate.Asked:
    named = {"id": candidate.entry_id, "name": candidate.name, "type": candidate.package_type}
    return gate.Asked(
        candidate.entry_id,
        {**candidate.record, **named},
        candidate.region,
        candidate.known is None,
        candidate.known.state if candidate.known else "",
        act,
    )


def apply(candidate: Candidate, verdict: gate.Verdict) -> None:
    """Give its result to a record that is not let through."""
    if verdict.what == gate.PENDING:
        candidate.result = PENDING
    elif verdict.what != gate.WRITE:
        candidate.reject_for("state", gate.sentence(verdict), "gate")
