"""A batch of departments or topics from beginning to commit."""

from collections.abc import Sequence
from typing import Any

from ckan import model
from ckan.types import Context
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ckanext.sdopen.bulk import receipts
from ckanext.sdopen.bulk.batch import SILENT
from ckanext.sdopen.bulk.record import counts
from ckanext.sdopen.departments.batch import examine, writing
from ckanext.sdopen.departments.batch.group_types import Sort
from ckanext.sdopen.departments.batch.record import CREATED, RESULTS, UPDATED, Candidate
from ckanext.sdopen.departments.lookups import LookedUp
from ckanext.sdopen.language import language
from ckanext.sdopen.standard.findings import sentence

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('sdopen-groups', 0))")
# the actions take no lock: what they create meanwhile is found at the second look
_TRIES = 3


def upsert(
    context: Context, sort: Sort, records: Sequence[dict[str, Any]], run: str, key: str
) -> dict[str, Any]:
    """Write the records of a batch; see `actions.sdopen_department_bulk_upsert`.

    Raises:
        receipts.OtherContent: the key belongs to another batch.
    """
    account = model.User.get(str(context.get("user") or ""))
    user_id = str(account.id) if account else ""
    content = receipts.digest([sort.noun, records])

    def write() -> dict[str, Any]:
        candidates = _written(context, sort, records, user_id)
        return {
            "run": run,
            "key": key,
            "counts": counts((candidate.result for candidate in candidates), RESULTS),
            "records": [candidate.as_answer() for candidate in candidates],
        }

    for left in reversed(range(_TRIES)):
        try:
            return receipts.once(user_id, key, content, write)
        except IntegrityError:
            model.Session.rollback()
            if not left:
                raise
    raise AssertionError("the last try has answered or raised")


def _written(
    context: Context, sort: Sort, records: Sequence[dict[str, Any]], user_id: str
) -> list[Candidate]:
    """The records, examined and written; no commit."""
    model.Session.execute(_LOCK)
    candidates, looked = _loaded(sort, records)
    examiner = examine.Examiner(context, sort, looked)
    with model.Session.no_autoflush:
        for candidate in candidates:
            if candidate.is_open:
                examiner.admit(candidate)
            if candidate.is_open:
                examiner.examine(candidate)
    model.Session.flush()
    sound = [candidate for candidate in candidates if candidate.is_open]
    if sort.is_organization:
        writing.place(sound)
    writing.set_results(sound)
    written = [candidate for candidate in sound if candidate.result in (CREATED, UPDATED)]
    writing.notify_plugins(written, sort)
    if not context.get(SILENT):
        writing.appoint(written, sort, user_id)
        writing.record(written, sort, user_id)
    model.Session.flush()
    writing.follow(written, sort)
    return candidates


def _loaded(sort: Sort, records: Sequence[dict[str, Any]]) -> tuple[list[Candidate], LookedUp]:
    """The records with the groups that they mean, loaded by one statement and locked."""
    odd = examine.unreadable(records)
    candidates = [Candidate(place, record) for place, record in enumerate(records)]
    asked: set[str] = set()
    for candidate in candidates:
        if candidate.position in odd:
            finding = odd[candidate.position]
            candidate.reject({finding.field: sentence(finding, language())}, finding.code)
            continue
        given = (candidate.record.get(name) for name in ("id", "name"))
        candidate.reference = sort.named(candidate.record)
        candidate.references = tuple(filter(None, (*given, candidate.reference)))
        asked.update(candidate.references, filter(None, [sort.called(candidate.record)]))
    looked = LookedUp(frozenset(asked))
    query = model.Session.query(model.Group).filter(
        model.Group.id.in_(asked) | model.Group.name.in_(asked)
    )
    for group in query.order_by(model.Group.id).with_for_update().populate_existing():
        looked.add(group)
    for candidate in candidates:
        candidate.stored = looked.first(candidate.references)
    return candidates, looked
