"""Single writes of entries at the gate, each act where CKAN or an action of ours does it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from flask import has_request_context

from ckanext.sdopen.access.authority import governs
from ckanext.sdopen.entries import gate


class Held(tk.ValidationError):
    """A write that the gate does not let through."""

    def __init__(self, verdict: gate.Verdict) -> None:
        super().__init__({"state": [gate.sentence(verdict)]})
        self.verdict = verdict


@dataclass(frozen=True)
class Caller:
    """The account of one action."""

    context: Context

    @property
    def trusted(self) -> bool:
        """Whether trusted code writes."""
        return bool(self.context.get("ignore_auth"))

    @property
    def is_sysadmin(self) -> bool:
        """Whether no rule stops the account."""
        account = self._account()
        return account is not None and account.is_active and account.sysadmin

    def publishes(self, region: str) -> bool:
        """Whether the account publishes entries of a region."""
        return self.trusted or governs(self.context.get("user"), region)

    def user_id(self) -> str | None:
        """The id of the account, None for nobody."""
        account = self._account()
        return account.id if account else None

    def _account(self) -> model.User | None:
        name = self.context.get("user")
        return model.User.get(str(name)) if name else None


def _let_through(asked: gate.Asked, permissions: gate.Permissions) -> gate.Verdict:
    """The verdict on a single write; but for WRITE, nothing of its transaction stays."""
    decided = gate.decided([asked], permissions)
    verdict = decided[0][0]
    if verdict.what != gate.WRITE:
        model.Session.rollback()
        gate.store_pending([asked], decided, permissions)
        model.Session.commit()
    return verdict


def _asked_of(entry: model.Package, act: str, changes: Mapping[str, Any]) -> gate.Asked:
    record = {"id": entry.id, "name": entry.name, "type": entry.type, **changes}
    return gate.Asked(
        entry.id, record, str(entry.extras.get("region") or ""), False, entry.state, act
    )


def require(context: Context, entry: model.Package, act: str, **changes: Any) -> None:
    """Ask about a single write but SAVE, whose auth function has been asked before.

    Raises:
        Held: a withdrawal is not let through; its form shows the sentence.
        NotAuthorized: another act is not; CKAN's pages and actions pass this error on.
    """
    verdict = _let_through(_asked_of(entry, act, changes), Caller(context))
    if verdict.what == gate.WRITE:
        return
    if act == gate.WITHDRAW:
        raise Held(verdict)
    raise _refused(verdict)


def require_all(
    context: Context, entries: Iterable[model.Package], act: str, **changes: Any
) -> None:
    """Ask about one act on many entries, which is done to all of them or to none; none waits.

    Raises:
        NotAuthorized: it is not let through for one of them.
    """
    if not gate.has_deciders():
        return
    asked = [_asked_of(entry, act, changes) for entry in entries]
    for verdict, _ in gate.decided(asked, Caller(context)):
        if verdict.what != gate.WRITE:
            model.Session.rollback()
            raise _refused(verdict)


def _refused(verdict: gate.Verdict) -> tk.NotAuthorized:
    if has_request_context():
        # CKAN's pages answer 403 in words of their own; the error page shows this sentence too
        tk.g.sdopen_refusal = gate.sentence(verdict)
    return tk.NotAuthorized(gate.sentence(verdict))


@dataclass
class _Saving:
    """An entry on its way through CKAN's action that saves it."""

    caller: Caller
    record: Mapping[str, Any]
    entry_id: str
    state_before: str
    is_asked: bool = False


# CKAN hands no context down to all the places where it tells of a save
_SAVING: ContextVar[_Saving | None] = ContextVar("sdopen_saving", default=None)


@contextmanager
def saving(
    context: Context, record: Mapping[str, Any], stored: model.Package | None
) -> Iterator[None]:
    """Have the gate asked about the entry that CKAN's action saves here; see `reached`."""
    before = (stored.id, stored.state) if stored else ("", "")
    token = _SAVING.set(_Saving(Caller(context), record, *before) if gate.has_deciders() else None)
    try:
        yield
    finally:
        _SAVING.reset(token)


def reached(entry: model.Package) -> bool:
    """Ask once about an entry that is being saved: the rules take it, and something changes.

    CKAN tells of a save twice: before it stores files, and when all is done but the commit.

    Returns:
        Whether this entry is being saved by an action that `saving` surrounds.

    Raises:
        Held: nothing of it is written.
    """
    found = _SAVING.get()
    if found is None or found.entry_id not in ("", entry.id):
        return False
    if found.is_asked:
        return True
    found.is_asked = True
    asked = gate.Asked(
        entry.id,
        {**found.record, "id": entry.id, "name": entry.name, "type": entry.type},
        str(entry.extras.get("region") or ""),
        not found.entry_id,
        found.state_before,
    )
    verdict = _let_through(asked, found.caller)
    if verdict.what != gate.WRITE:
        raise Held(verdict)
    return True
