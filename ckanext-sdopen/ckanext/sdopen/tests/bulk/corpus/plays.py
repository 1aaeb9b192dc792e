"""Plays: rounds of whole records and of work by hand, and how a round is brought to the portal."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.navl.dictization_functions import DataError

from ckanext.sdopen.entries.validation import identity
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.tests.bulk.corpus.cast import AUTHORITY, SITE

Record = dict[str, Any]
# an action that each way has its own for
WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Step:
    """A whole record and who hands it in; or a withdrawal, or an action that is called by hand."""

    data: Record
    by: str = AUTHORITY
    action: str = ""


Play = Sequence[Sequence[Step]]


@dataclass(frozen=True)
class Outcome:
    """Whether a record was taken, else the fields that the refusal names."""

    accepted: bool
    fields: frozenset[str] = frozenset()


# records of one user, in the order sent → an outcome for each
Apply = Callable[[list[Record], str], list[Outcome]]


@dataclass
class Played:
    """Outcomes by round, and after each round the moments of resources."""

    outcomes: list[list[Outcome]] = field(default_factory=list)
    moments: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))


def context_of(by: str) -> dict[str, Any]:
    """The context of a call by a user, or by trusted code."""
    if by == SITE:
        site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        return {"user": site, "ignore_auth": True}
    return {"user": by}


def _fields(errors: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name in errors if not name.startswith("__type"))


def _stored_id(record: Mapping[str, Any]) -> str | None:
    """The id of the entry that a record is about, if it is there."""
    given = record.get("id")
    for one in (given, identity.future_id(dict(record))):
        if isinstance(one, str) and model.Session.get(model.Package, one):
            return one
    return None


def call(action: str, by: str, data: Record) -> Outcome:
    """One action by one user."""
    try:
        tk.get_action(action)(context_of(by), data)
    except tk.ValidationError as error:
        model.Session.rollback()
        return Outcome(False, _fields(error.error_dict))
    except (tk.NotAuthorized, tk.ObjectNotFound, DataError):
        model.Session.rollback()
        return Outcome(False)
    finally:
        # each call is a request of its own
        model.Session.remove()
    return Outcome(True)


def by_actions(records: list[Record], by: str) -> list[Outcome]:
    """Entry by entry: package_update where the entry is there, else package_create."""
    outcomes = []
    for record in records:
        stored = _stored_id(record)
        if stored:
            outcomes.append(call("package_update", by, {**record, "id": stored}))
        else:
            outcomes.append(call("package_create", by, dict(record)))
    return outcomes


def by_bulk(records: list[Record], by: str) -> list[Outcome]:
    """All at once; the index follows from the outbox."""
    try:
        told = tk.get_action("sdopen_entry_bulk_upsert")(context_of(by), {"records": records})
    except tk.NotAuthorized:
        return [Outcome(False)] * len(records)
    drained()
    return [_outcome(one) for one in told["records"]]


def _withdrawn_singly(entries: list[Record], by: str) -> list[Outcome]:
    return [call("sdopen_entry_withdraw", by, entry) for entry in entries]


def _withdrawn_at_once(entries: list[Record], by: str) -> list[Outcome]:
    asked = {"entries": entries, "reason": entries[0]["reason"]}
    told = tk.get_action("sdopen_entry_bulk_withdraw")(context_of(by), asked)
    drained()
    return [_outcome(one) for one in told["records"]]


_WITHDRAWN: dict[Apply, Apply] = {by_actions: _withdrawn_singly, by_bulk: _withdrawn_at_once}


def _outcome(record: Mapping[str, Any]) -> Outcome:
    if record["result"] in ("created", "updated", "unchanged"):
        return Outcome(True)
    wrong = [f for f in record["findings"] if f["severity"] == "error"]
    if any(finding["code"] == "not_authorized" for finding in wrong):
        return Outcome(False)
    return Outcome(False, frozenset(finding["field"] for finding in wrong))


def drained() -> None:
    """Let the documents of all that waits be made anew, and be found."""
    model.Session.remove()
    drainer.Drainer(lambda said: None).run(once=True)
    solr.soft_commit()


def _moments(played: Played) -> None:
    """Keep what stands now as the moments of each resource."""
    place = len(played.outcomes)
    query = "SELECT id, created, metadata_modified FROM resource"
    for one, made, modified in model.Session.connection().exec_driver_sql(query):
        known = played.moments[one]
        known.extend([None] * (place - 1 - len(known)))
        known.append((made, modified))
    model.Session.remove()


def _by_hand(action: str, by: str, data: Record) -> Outcome:
    # what a deletion records of itself depends on whether the index has been committed
    rarely = tk.config["ckan.search.solr_commit"]
    tk.config["ckan.search.solr_commit"] = True
    try:
        return call(action, by, data)
    finally:
        tk.config["ckan.search.solr_commit"] = rarely


def run(play: Play, apply: Apply) -> Played:
    """Play all rounds; those who hand in records do so one after the other."""
    played = Played()
    for steps in play:
        outcomes: list[Outcome] = []
        for (action, by), together in groupby(steps, key=lambda step: (step.action, step.by)):
            batch = [step.data for step in together]
            if action == WITHDRAW:
                outcomes += _WITHDRAWN[apply](batch, by)
            elif action:
                outcomes += [_by_hand(action, by, data) for data in batch]
            else:
                outcomes += apply(batch, by)
        played.outcomes.append(outcomes)
        _moments(played)
    drained()
    return played
