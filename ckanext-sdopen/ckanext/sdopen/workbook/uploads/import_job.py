"""The sound entries of a book into the directory, in a background job, by its user's rights."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.jobs.held import Again, Job, Refused
from ckanext.sdopen.jobs.kinds import Kind, Queue
from ckanext.sdopen.workbook.checking.differences import changed, taken_over
from ckanext.sdopen.workbook.uploads import prepared, store
from ckanext.sdopen.workbook.uploads.prepared import Prepared
from ckanext.sdopen.workbook.uploads.providers import (
    NoProvider,
    Providers,
    future_id,
    region_of,
)
from ckanext.sdopen.workbook.uploads.store import Uploaded

__all__ = ["WORKBOOK_IMPORT"]

# so many refusals are kept with their reasons
_MOST_REASONS = 200
# of a shown entry what a write does not take, or leaves as it is where the record is silent
_NOT_SENT = frozenset(
    (
        "creator_user_id",
        "groups",
        "isopen",
        "license_title",
        "metadata_created",
        "metadata_modified",
        "num_resources",
        "num_tags",
        "organization",
        "private",
        "relationships_as_object",
        "relationships_as_subject",
        "resources",
        "state",
    )
)
Counts = dict[str, Any]
Line = Mapping[str, Any]


def import_book(job: Job) -> Counts:
    """Create what is new as drafts, update what differs, leave what is the same; batch by batch.

    Raises:
        Refused: the book or the account is not there any more.
        Again: nothing can be written at present.
    """
    user = model.User.get(job.account)
    if user is None or not user.is_active:
        raise Refused(tk._("The account that asked for it is not active any more"))
    kept = job.kept or {"next": 0, "size": _batch_size(), "counts": _nothing()}
    counts, number = kept["counts"], kept["next"]
    book = _book(job)
    for lines in _batches(book, kept["size"], number):
        batch = _settled(job, book, number, lines, user.name)
        _count(counts, batch, _written(job, number, batch, user.name))
        number += 1
        done = min(number * kept["size"], book.summary["catalogs"])
        job.progress(done, book.summary["catalogs"], {**kept, "next": number, "counts": counts})
        # the book may be removed while it is imported
        book = _book(job)
    prepared.forget(book.folder)
    return dict(counts)


def _batch_size() -> int:
    settings = ("ckanext.sdopen.workbook.import_batch", "ckanext.sdopen.bulk.records")
    return max(1, min(int(tk.config[name]) for name in settings))


def _nothing() -> Counts:
    return {
        **dict.fromkeys(("created", "updated", "unchanged", "pending", "faulty"), 0),
        "refused_count": 0,
        "refused": [],
    }


def _book(job: Job) -> Uploaded:
    book = store.find(job.payload["book"])
    if book is None:
        raise Refused(tk._("There is no such workbook, or its days are over"))
    return book


def _batches(book: Uploaded, size: int, begin: int) -> Iterator[list[Line]]:
    lines: Iterator[Line] = islice(book.checked().entries(), begin * size, None)
    while batch := list(islice(lines, size)):
        yield batch


def _settled(job: Job, book: Uploaded, number: int, lines: list[Line], user: str) -> Prepared:
    def make() -> Prepared:
        return _prepare(book, lines, user)

    try:
        return prepared.settled(book.folder, f"{job.id}-{number}", make)
    except FileNotFoundError:
        raise Refused(tk._("There is no such workbook, or its days are over")) from None


def _prepare(book: Uploaded, lines: list[Line], user_name: str) -> Prepared:
    """What of some lines is to be written, and what is decided of the others."""
    batch = Prepared(faulty=sum(bool(line["errors"]) for line in lines))
    sound = [line for line in lines if not line["errors"]]
    providers = Providers(user_name, [line["entry"] for line in sound])
    read: list[tuple[Line, dict[str, Any], str]] = []
    for line in sound:
        try:
            department = providers.of(line["entry"])
        except NoProvider as error:
            _refuse(batch, line, str(error))
            continue
        entry = {**line["entry"], "owner_org": department.id}
        read.append((line, entry, future_id(region_of(department), entry)))
    known = _stored({entry_id for _, _, entry_id in read})
    for line, entry, entry_id in read:
        if entry_id not in known:
            _send(batch, line, {**entry, "type": "dataset", "state": "draft"})
            continue
        _compare(batch, book, line, entry, entry_id, user_name)
    return batch


def _stored(ids: set[str]) -> set[str]:
    """Those of some ids that entries bear."""
    rows = model.Session.query(model.Package.id).filter(
        model.Package.id.in_(ids - {""}), model.Package.state != model.State.DELETED
    )
    return {row.id for row in rows}


def _compare(
    batch: Prepared, book: Uploaded, line: Line, read: dict[str, Any], entry_id: str, user: str
) -> None:
    """Send what a book changes of a stored entry; what it has no column for stays."""
    context: Context = {"user": user, "ignore_auth": False}
    try:
        stored = tk.get_action("package_show")(context, {"id": entry_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        _refuse(batch, line, tk._("You may not change this entry"))
        return
    columns = book.summary["columns"][line["sheet"]]
    if not changed(stored, read, columns):
        batch.unchanged += 1
        return
    whole = taken_over(stored, read, columns)
    _send(batch, line, {name: value for name, value in whole.items() if name not in _NOT_SENT})


def _send(batch: Prepared, line: Line, record: dict[str, Any]) -> None:
    batch.records.append(record)
    batch.places.append({"sheet": line["sheet"], "row": line["row"]})


def _refuse(batch: Prepared, line: Line, message: str) -> None:
    batch.refused.append({"sheet": line["sheet"], "row": line["row"], "message": message})


def _written(job: Job, number: int, batch: Prepared, user: str) -> list[dict[str, Any]]:
    """The answers to the records of a batch; those of its first write where it was written before.

    Raises:
        Refused: the account may not write at all.
        Again: nothing can be written at present.
    """
    if not batch.records:
        return []
    # the directory is written by its own action: a rule of the house, as bulk stands above
    write = tk.get_action("sdopen_entry_bulk_upsert")
    context: Context = {"user": user, "ignore_auth": False}
    key = f"workbook {job.payload['book']} {job.id} {number}"
    asked = {"records": batch.records, "run": f"workbook {job.id}", "key": key}
    try:
        return list(write(context, asked)["records"])
    except tk.NotAuthorized as error:
        raise Refused(str(error) or tk._("You may not change this entry")) from None
    except tk.ValidationError as error:
        seconds = getattr(error, "seconds", None)
        if seconds is None:
            raise
        raise Again(float(seconds)) from None


def _count(counts: Counts, batch: Prepared, answers: list[dict[str, Any]]) -> None:
    counts["faulty"] += batch.faulty
    counts["unchanged"] += batch.unchanged
    refused = list(batch.refused)
    for place, answer in zip(batch.places, answers, strict=True):
        if answer["result"] in counts:
            counts[answer["result"]] += 1
        else:
            said = "；".join(str(one["message"]) for one in answer.get("findings", ()))
            refused.append({**place, "message": said})
    counts["refused_count"] += len(refused)
    counts["refused"] += refused[: _MOST_REASONS - len(counts["refused"])]


def _seconds() -> float:
    return float(tk.config["ckanext.sdopen.workbook.import_seconds"])


# a try goes on where the one before was, so that many are no harm
WORKBOOK_IMPORT = Kind("workbook_import", Queue.IMPORTS, import_book, _seconds, tries=10)
