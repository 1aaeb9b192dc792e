"""The gate: what becomes of each write of an entry that the rules take.

A plugin that reviews entries implements `ISdopenGate`; without one, accounts that publish publish,
and others write drafts that nobody outside sees. Single writes and batches ask here alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import ckan.plugins.toolkit as tk
from ckan.plugins import Interface, PluginImplementations

WRITE, PENDING, REJECT = VERDICTS = ("write", "pending", "reject")
SAVE, WITHDRAW, MOVE, TABLE, DELETE, PURGE = ACTS = (
    "save",
    "withdraw",
    "move",
    "table",
    "delete",
    "purge",
)


class Permissions(Protocol):
    """What a decider may ask of the account that writes."""

    @property
    def trusted(self) -> bool:
        """Whether trusted code writes, which nobody's rights bound."""

    @property
    def is_sysadmin(self) -> bool:
        """Whether no rule stops the account."""

    def publishes(self, region: str) -> bool:
        """Whether the account publishes entries of a region."""

    def user_id(self) -> str | None:
        """The id of the account, None for nobody."""


@dataclass(frozen=True)
class Asked:
    """A write at the gate.

    `record` is the whole record as it would be written, with its `state`; of another act than
    SAVE, what it changes. `is_new` says whether no entry of its id exists; `state_before` is that
    of the stored one, empty for a new one; `act` is one of ACTS.
    """

    entry_id: str
    record: Mapping[str, Any]
    region: str
    is_new: bool
    state_before: str
    act: str = SAVE


@dataclass(frozen=True)
class Verdict:
    """What becomes of a write: one of VERDICTS, and why where nothing is written."""

    what: str = WRITE
    reason: str = ""


class ISdopenGate(Interface):
    """Decides on writes of entries, keeps those that wait, and learns what batches wrote."""

    def decide(self, asked: Sequence[Asked], permissions: Permissions) -> Sequence[Verdict | None]:
        """One verdict for each write, in order; None leaves it to the next plugin.

        Called in the write's own transaction, before its commit. What is stored here is stored
        when, and only when, the transaction is: of a single write that is not let through, and of
        a record that goes by the actions, it is not. A save has passed the rules; a TABLE has not:
        the DataStore looks at it afterwards.
        """
        return [None] * len(asked)

    def keep_pending(self, asked: Sequence[Asked], permissions: Permissions) -> None:
        """Keep the writes that its own verdict has wait: nothing of their entries is written.

        Called in the batch's transaction; for a single write in one of its own, which is then
        committed.
        """

    def after_bulk(self, entry_ids: Sequence[str]) -> None:
        """The entries that a batch has written; called after the commit."""


# a verdict, and the plugin that gave it; None where none did
Decided = tuple[Verdict, ISdopenGate | None]


def sentence(verdict: Verdict) -> str:
    """Why nothing is written, in the user's language."""
    if verdict.reason:
        return verdict.reason
    if verdict.what == PENDING:
        return str(tk._("It waits for review; until then everything stays as it is"))
    return str(tk._("The review does not take it; everything stays as it is"))


def has_deciders() -> bool:
    """Whether any plugin decides."""
    return any(True for _ in PluginImplementations(ISdopenGate))


def decide(asked: Sequence[Asked], permissions: Permissions) -> list[Verdict]:
    """What becomes of the writes of a batch, in whose transaction those that wait are kept.

    The next plugin is asked only about what those before it have left undecided; what no plugin
    decides is written.
    """
    found = decided(asked, permissions)
    store_pending(asked, found, permissions)
    return [verdict for verdict, _ in found]


def decided(asked: Sequence[Asked], permissions: Permissions) -> list[Decided]:
    """The verdict on each write, and the plugin that gave it."""
    found: dict[int, Decided] = {}
    for plugin in PluginImplementations(ISdopenGate):
        left = [place for place in range(len(asked)) if place not in found]
        if not left:
            break
        verdicts = plugin.decide([asked[place] for place in left], permissions)
        # one too few would let a record through
        for place, verdict in zip(left, verdicts, strict=True):
            if verdict is not None:
                found[place] = verdict, plugin
    return [found.get(place, (Verdict(), None)) for place in range(len(asked))]


def store_pending(
    asked: Sequence[Asked], decided: Sequence[Decided], permissions: Permissions
) -> None:
    """Have each plugin store what its verdict has wait."""
    waiting: dict[int, tuple[Any, list[Asked]]] = {}
    for one, (verdict, plugin) in zip(asked, decided, strict=True):
        if verdict.what == PENDING:
            waiting.setdefault(id(plugin), (plugin, []))[1].append(one)
    for plugin, listed in waiting.values():
        plugin.keep_pending(listed, permissions)


def notify_deciders(entry_ids: Sequence[str]) -> None:
    """Tell every plugin what a batch has written."""
    for plugin in PluginImplementations(ISdopenGate):
        plugin.after_bulk(entry_ids)
