"""The gate of the bulk path: what becomes of each record that passed the rules.

A plugin that reviews entries implements `ISdopenBulk`; without one, accounts that publish publish,
and others write drafts that nobody outside sees.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ckan.plugins import Interface, PluginImplementations
from ckan.types import Context

from ckanext.sdopen.catalog.bulk.candidates import CREATED, UPDATED, Candidate
from ckanext.sdopen.catalog.bulk.permissions import Permissions

WRITE, PENDING, REJECT = VERDICTS = ("write", "pending", "reject")
# in the context of an action that tries a record
_TRIAL = "sdopen_trial"


class Passed(Exception):
    """A record that is only tried: the rules take it, nothing of it is written."""


@dataclass(frozen=True)
class Asked:
    """A record at the gate.

    `record` is the whole record as it would be written, with its `state`; `is_new` says whether
    no entry of its id exists; `state_before` is that of the stored one, empty for a new one.
    """

    entry_id: str
    record: dict[str, Any]
    region: str
    is_new: bool
    state_before: str


@dataclass(frozen=True)
class Verdict:
    """What becomes of a record: one of VERDICTS, and why where it is not written."""

    what: str = WRITE
    reason: str = ""


class ISdopenBulk(Interface):
    """Decides on the records of a bulk write, and learns what was written."""

    def decide(self, asked: Sequence[Asked], permissions: Permissions) -> Sequence[Verdict | None]:
        """One verdict for each record, in order; None leaves it to the next plugin.

        Called inside the batch's transaction: a plugin that keeps records for review stores them
        here and answers PENDING; they are stored when, and only when, the batch is.
        """
        return [None] * len(asked)

    def after_bulk(self, entry_ids: Sequence[str]) -> None:
        """The entries that a batch has written; called after the commit."""


def decide(asked: Sequence[Asked], permissions: Permissions) -> list[Verdict]:
    """The first plugin's verdict for each record; what no plugin decides is written."""
    verdicts: list[Verdict | None] = [None] * len(asked)
    for plugin in PluginImplementations(ISdopenBulk):
        for place, verdict in enumerate(plugin.decide(asked, permissions)):
            verdicts[place] = verdicts[place] or verdict
    return [verdict or Verdict() for verdict in verdicts]


def settle(candidates: Sequence[Candidate], permissions: Permissions) -> None:
    """Ask about the records that would be written: some wait then, others are refused."""
    written = [c for c in candidates if c.result in (CREATED, UPDATED)]
    if not written:
        return
    asked = [
        Asked(c.entry_id, c.record, c.region, c.known is None, c.known.state if c.known else "")
        for c in written
    ]
    for candidate, verdict in zip(written, decide(asked, permissions), strict=True):
        if verdict.what == PENDING:
            candidate.result = PENDING
        elif verdict.what == REJECT:
            candidate.reject_for("state", verdict.reason, "gate")


def is_kept() -> bool:
    """Whether any plugin decides."""
    return any(True for _ in PluginImplementations(ISdopenBulk))


def trial(context: Context) -> Context:
    """The context of an action that is to stop before it commits."""
    context.update({_TRIAL: True})  # type: ignore[typeddict-item]
    return context


def end_trial(context: Context | dict[str, Any]) -> None:
    """Stop an action that only tries a record, after all rules.

    Raises:
        Passed: it does.
    """
    if context.get(_TRIAL):
        raise Passed


def tell(entry_ids: Sequence[str]) -> None:
    """Tell every plugin what was written."""
    for plugin in PluginImplementations(ISdopenBulk):
        plugin.after_bulk(entry_ids)
