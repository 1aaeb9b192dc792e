"""Packages of the database into the index: read, made into documents, sent."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import ckan.plugins.toolkit as tk
import orjson
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ckanext.sdopen.catalog.stored import Stored, load
from ckanext.sdopen.search import posting
from ckanext.sdopen.search.documents import Builder, Document

log = logging.getLogger(__name__)


@dataclass
class Outcome:
    """What became of packages: how many are in the index, out of it, and {id: reason} refused."""

    posted: int = 0
    removed: int = 0
    refused: dict[str, str] = field(default_factory=dict)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.posted + other.posted,
            self.removed + other.removed,
            self.refused | other.refused,
        )


def _document(builder: Builder, entry: Stored, outcome: Outcome) -> Document | None:
    try:
        return builder.document(entry)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 whatever a package holds, it stops no other
        outcome.refused[entry.id] = f"{type(error).__name__}: {error}"
        return None


def index(ids: Collection[str], lock: bool = False) -> Outcome:
    """Send the documents of packages, and take out those that are deleted; no commit.

    With `lock` the rows cannot change before Solr has answered: whoever changes them afterwards has
    his own document sent later, so an older one never follows a newer. The caller ends the
    transaction.

    Raises:
        SolrSilent: what was taken is unknown.
    """
    outcome, docs, gone = Outcome(), [], []
    entries = load(ids, lock)
    builder = Builder()
    for one in ids:
        entry = entries.get(one)
        doc = _document(builder, entry, outcome) if entry else None
        if doc is not None:
            docs.append(doc)
        elif one not in outcome.refused:
            gone.append(one)
    outcome.refused |= posting.post(docs)
    posting.remove(gone)
    for one, reason in outcome.refused.items():
        log.warning("entry %s is not indexed: %s", one, reason)
    outcome.posted = len(ids) - len(gone) - len(outcome.refused)
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
        outcome += index(batch, lock=True)
        # the locks last until Solr has answered, no longer
        model.Session.commit()
    return outcome.posted


def make_visible() -> None:
    """Wait until all that was sent can be found."""
    posting.soft_commit()


def missing(ids: Sequence[str]) -> list[str]:
    """Those of the ids that cannot be found in the index, as far as it has been committed."""
    keys = {posting.index_id(one): one for one in ids}
    query = {
        "query": "*:*",
        "filter": ["{!terms f=index_id}" + ",".join(keys)],
        "fields": "index_id",
        "limit": len(keys),
    }
    found = posting.asked("select", orjson.dumps(query))["response"]["docs"]
    there = {doc["index_id"] for doc in found}
    return [one for key, one in keys.items() if key not in there]
