"""Whether portal, narrow table and index agree, both ways, in constant memory; and the repair."""

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
import orjson
from ckan import model
from sqlalchemy import select, text

from ckanext.sdopen.access import activities, entry_facts, labels
from ckanext.sdopen.ckan_seams.index_document import removes_deleted
from ckanext.sdopen.ckan_seams.rows import Row, Stored, existing, packages, served
from ckanext.sdopen.directory import narrow_table, outbox
from ckanext.sdopen.directory.model import entries as narrow
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.index import open_transactions, solr
from ckanext.sdopen.index.documents.builder import Labels

# of each difference the first ids are named
NAMED = 10
_BATCH = 1_000
# a write posts its document before its commit, and waits for Solr's answer meanwhile
_PATIENCE = 120.0
_MILLISECOND = datetime.timedelta(milliseconds=1)
INDEX = ("index_missing", "index_stale", "index_labels")
NARROW = ("narrow_missing", "narrow_different")
PRIVATE = "package_private"
ORPHANS = ("index_orphan", "narrow_orphan")


@dataclass
class Difference:
    """One kind of difference: how many entries show it, and the first of them."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, ids: Collection[str]) -> None:
        """Count entries."""
        self.count += len(ids)
        self.first += list(ids)[: NAMED - len(self.first)]


@dataclass
class Comparison:
    """What the three places hold that does not agree; `packages` is how many were looked at."""

    differences: dict[str, Difference] = field(
        default_factory=lambda: {
            name: Difference() for name in (*INDEX, *NARROW, PRIVATE, *ORPHANS)
        }
    )
    packages: int = 0
    # entries that wait in the outbox differ rightly
    waiting: int = 0

    @property
    def agrees(self) -> bool:
        """Whether there is no difference."""
        return not any(one.count for one in self.differences.values())


def _keyset(column: Any) -> Iterator[list[str]]:
    last = ""
    while True:
        asked = select(column).where(column > last).order_by(column).limit(_BATCH)
        found = list(model.Session.scalars(asked))
        model.Session.rollback()
        if not found:
            return
        yield found
        last = found[-1]


def _is_stale(row: Row, doc: Mapping[str, Any]) -> bool:
    """Whether a document is of another state of the row; Solr keeps milliseconds."""
    moment = datetime.datetime.fromisoformat(doc["metadata_modified"]).replace(tzinfo=None)
    return abs(row["metadata_modified"] - moment) >= _MILLISECOND


def _index_differences(
    rows: Mapping[str, Row], all_rows: Mapping[str, Row], own: Labels
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in (*INDEX, "index_orphan")}
    docs = solr.stored_documents(rows, "metadata_modified,labels_digest")
    for one, row in rows.items():
        doc = docs.get(one)
        gone = row["state"] in (None, model.State.DELETED) and removes_deleted()
        if gone or doc is None:
            if gone != (doc is None):
                found["index_orphan" if gone else "index_missing"].append(one)
        elif _is_stale(row, doc):
            found["index_stale"].append(one)
        else:
            wanted = own.of(Stored(row, catalog=all_rows.get(served(row))))
            if doc.get("labels_digest") != labels.digest(wanted):
                found["index_labels"].append(one)
    return found


def _narrow_differences(rows: Mapping[str, Row]) -> dict[str, list[str]]:
    asked = select(narrow).where(narrow.c.id.in_(list(rows)))
    stored = {row.id: dict(row._mapping) for row in model.Session.execute(asked)}
    found: dict[str, list[str]] = {name: [] for name in (*NARROW, "narrow_orphan")}
    for one, row in rows.items():
        kept = stored.get(one)
        if not entry_facts.is_ours(row["type"]):
            found["narrow_orphan"] += [one] if kept else []
        elif kept is None:
            found["narrow_missing"].append(one)
        elif {**kept, "content_hash": None} != narrow_table.row_of(row):
            found["narrow_different"].append(one)
    return found


def _wrongly_private(rows: Mapping[str, Row], all_rows: Mapping[str, Row]) -> list[str]:
    """Published entries that CKAN takes for private and everybody reads, or the other way round."""
    found = []
    for one, row in rows.items():
        if entry_facts.is_ours(row["type"]) and row["state"] == model.State.ACTIVE:
            known = entry_facts.of_columns(row, all_rows.get(served(row)))
            found += [one] if bool(row["private"]) == entry_facts.is_public(known) else []
    return found


def _waiting(ids: Collection[str]) -> set[str]:
    found = text("SELECT entry_id FROM sdopen_outbox WHERE entry_id = ANY(:ids)")
    return {one for (one,) in model.Session.execute(found, {"ids": list(ids)})}


def _of_packages(ids: list[str], own: Labels) -> dict[str, list[str]]:
    """The differences of packages, looked at twice: what was under way the first time is not."""
    suspects: Collection[str] = ids
    found: dict[str, list[str]] = {}
    for _ in range(2):
        all_rows = packages(suspects)
        rows = {one: all_rows[one] for one in suspects if one in all_rows}
        found = _index_differences(rows, all_rows, own) | _narrow_differences(rows)
        found[PRIVATE] = _wrongly_private(rows, all_rows)
        suspects = {one for listed in found.values() for one in listed}
        model.Session.rollback()
        if not suspects:
            break
        solr.soft_commit()
    return found


def _indexed() -> Iterator[list[str]]:
    """The ids of all documents of this portal, in portions."""
    mark, before = "*", ""
    while mark != before:
        query = {
            "query": "*:*",
            "filter": [f'+site_id:"{tk.config["ckan.site_id"]}"', "+entity_type:package"],
            "fields": "id",
            "sort": "index_id asc",
            "limit": _BATCH,
            "params": {"cursorMark": mark},
        }
        answer = solr.asked("select", orjson.dumps(query))
        yield [doc["id"] for doc in answer["response"]["docs"]]
        mark, before = answer["nextCursorMark"], mark


def _without_package(ids: Collection[str]) -> list[str]:
    """Those of the ids of documents that no package has, nor one that is being written."""
    lost = set(ids) - existing(ids)
    model.Session.rollback()
    if lost:
        if not open_transactions.have_ended(_PATIENCE):
            raise SdopenError(
                "somebody has been writing in one transaction for minutes; check again after it"
            )
        lost -= existing(lost)
        model.Session.rollback()
    return sorted(lost)


def compare(
    on_batch: Callable[[int], None], on_differences: Callable[[str, list[str]], None]
) -> Comparison:
    """Compare the three places; `on_differences` is told of each kind of them, in portions.

    Raises:
        SdopenError: a transaction that lasts keeps secret whether documents have a package.
    """
    result = Comparison()

    def note(kind: str, ids: list[str]) -> None:
        if ids:
            result.differences[kind].add(ids)
            on_differences(kind, ids)

    solr.soft_commit()
    own = Labels()
    for ids in _keyset(model.Package.id):
        found = _of_packages(ids, own)
        waiting = _waiting({one for listed in found.values() for one in listed})
        for kind, listed in found.items():
            rightly = waiting if kind.startswith("index_") else set()
            note(kind, [one for one in listed if one not in rightly])
        result.packages += len(ids)
        result.waiting += len(waiting)
        on_batch(len(ids))
    for ids in _indexed():
        note("index_orphan", _without_package(ids))
    for ids in _keyset(narrow.c.id):
        note("narrow_orphan", sorted(set(ids) - existing(ids)))
        model.Session.rollback()
    return result


def repair(kind: str, ids: list[str]) -> None:
    """Mend differences of one kind; documents are made anew by the drainer."""
    if kind in INDEX:
        outbox.enqueue(ids)
    elif kind == "index_orphan":
        # a deleted one may be coming back just now: the drainer holds its row
        there = existing(ids)
        outbox.enqueue(there)
        solr.remove(set(ids) - there)
    elif kind == PRIVATE:
        _open_or_close(ids)
    for one in ids if kind in NARROW else ():
        narrow_table.write_row(one)
    for one in ids if kind == "narrow_orphan" else ():
        narrow_table.forget(one)
    model.Session.commit()


def _open_or_close(ids: list[str]) -> None:
    for entry in model.Session.query(model.Package).filter(model.Package.id.in_(ids)).all():
        entry.private = not entry.private
        model.Session.flush()
        narrow_table.write_row(entry.id)
        activities.relabel(entry)
    outbox.enqueue(ids)
