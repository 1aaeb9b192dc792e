"""Packages of the database into the index: read, made into documents, sent."""

import logging
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ckanext.sdopen.ckan_seams.rows import Stored, existing, load
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.documents.builder import Builder, Document

# CKAN makes addresses, where no request is, in a context that all threads share; and while one
# thread makes its documents another sends, which goes faster than that all make theirs at once
_BUILDING = threading.Lock()
# seconds between attempts at what somebody is changing
_PAUSES = (0.1, 0.3, 1.0, 3.0)
log = logging.getLogger(__name__)


@dataclass
class Outcome:
    """What became of packages: how many are in the index, how many out of it.

    `refused` gives Solr's reasons by id; `busy` are those that somebody was changing.
    """

    posted: int = 0
    removed: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    busy: list[str] = field(default_factory=list)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.posted + other.posted,
            self.removed + other.removed,
            self.refused | other.refused,
            self.busy + other.busy,
        )


def _document(builder: Builder, entry: Stored, outcome: Outcome) -> Document | None:
    try:
        return builder.document(entry)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 whatever a package holds, it stops no other
        outcome.refused[entry.id] = f"{type(error).__name__}: {error}"
        return None


def _made(
    ids: Iterable[str], entries: Mapping[str, Stored], outcome: Outcome
) -> tuple[list[Document], list[str]]:
    """(documents, ids of what is to be taken out) of packages."""
    docs, gone, builder = [], [], Builder()
    with _BUILDING:
        for one in ids:
            entry = entries.get(one)
            doc = _document(builder, entry, outcome) if entry else None
            if doc is not None:
                docs.append(doc)
            elif one not in outcome.refused:
                gone.append(one)
    return docs, gone


def index(ids: Collection[str], lock: bool = False, one_by_one: bool = False) -> Outcome:
    """Send the documents of packages, and take out those that are deleted; no commit.

    With `lock` the rows cannot change before Solr has answered: whoever changes them afterwards has
    his own document sent later, so an older one never follows a newer. What somebody changes just
    now is left out, and is `busy`. The caller ends the transaction.
    `one_by_one` is for a batch on which Solr fails again and again.

    Raises:
        SolrSlow: it was too much for Solr, or Solr hangs; half of it may pass.
        SolrSilent: what was taken is unknown.
    """
    outcome = Outcome()
    entries = load(ids, lock)
    # what is not there is taken out: only where nobody has it, not where it was just not read
    held = existing([one for one in ids if one not in entries])
    outcome.busy = [one for one in ids if one in held]
    docs, gone = _made([one for one in ids if one not in held], entries, outcome)
    outcome.refused |= (solr.post_each if one_by_one else solr.post)(docs)
    solr.remove(gone)
    for one, reason in outcome.refused.items():
        log.warning("entry %s is not indexed: %s", one, reason)
    outcome.posted = len(ids) - len(gone) - len(outcome.refused) - len(held)
    outcome.removed = len(gone)
    return outcome


def batch_size() -> int:
    """How many documents a request carries."""
    return max(1, int(tk.config["ckanext.sdopen.search.batch"]))


def batches(ids: Sequence[str]) -> list[Sequence[str]]:
    """The ids in portions of one request."""
    size = batch_size()
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def index_entries(ids: Sequence[str]) -> int:
    """Send the documents of committed packages; how many are in the index now."""
    outcome = Outcome()
    for batch in batches(ids):
        outcome += index_patiently(batch)
    return outcome.posted


def index_patiently(ids: Collection[str]) -> Outcome:
    """Index packages, each in its turn; what is in somebody's hands for long goes to the outbox.

    Whoever holds a package posts its document himself, or leaves it in the outbox, unless he gives
    it up.
    """
    outcome = Outcome()
    for pause in _PAUSES:
        found = index(ids, lock=True)
        # the locks last until Solr has answered, no longer
        model.Session.commit()
        ids, found.busy = found.busy, []
        outcome += found
        if not ids:
            return outcome
        time.sleep(pause)
    outbox.enqueue(ids)
    model.Session.commit()
    outcome.busy = list(ids)
    return outcome


def make_visible() -> None:
    """Wait until all that was sent can be found."""
    solr.soft_commit()


def missing(ids: Sequence[str]) -> list[str]:
    """Those of the ids that cannot be found in the index, as far as it has been committed."""
    there = solr.stored_documents(ids)
    return [one for one in ids if one not in there]
