"""What follows from a batch: labels, activities, interfaces of its catalogs, what is withheld."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ckan import model
from ckan.plugins import plugin_loaded
from sqlalchemy import text

from ckanext.sdopen.access import entry_facts, labels, scopes, visibility
from ckanext.sdopen.bulk.record import CREATED, Candidate
from ckanext.sdopen.bulk.writing.statements import as_json, dumped
from ckanext.sdopen.ckan_seams import show
from ckanext.sdopen.ckan_seams.rows import Stored, organizations

# what is shown stands beside the rows: within them its JSON would be escaped and read again
_ACTIVITIES = text(
    """
    INSERT INTO activity
        (id, timestamp, user_id, object_id, activity_type, data, permission_labels)
    SELECT CAST(gen_random_uuid() AS text), :moment, :user_id, id, activity_type, data, labels
    FROM ROWS FROM (
        json_to_recordset(CAST(:rows AS json)) AS (id text, activity_type text, labels text[]),
        unnest(CAST(:data AS text[]))
    ) AS r(id, activity_type, labels, data)
    """
)
_RELABEL = text(
    """
    UPDATE activity a SET permission_labels = r.labels
    FROM json_to_recordset(CAST(:rows AS json)) AS r(id text, labels text[])
    WHERE a.object_id = r.id AND a.permission_labels IS DISTINCT FROM r.labels
    """
)
_SERVED_BY = text(
    """
    SELECT p.id FROM sdopen_entry e JOIN package p ON p.id = e.id
    WHERE e.serves = ANY(:ids) AND e.state <> 'deleted' ORDER BY p.id FOR UPDATE OF p
    """
)
_CLOSED = text(
    """
    UPDATE package p SET private = r.private
    FROM json_to_recordset(CAST(:rows AS json)) AS r(id text, private boolean)
    WHERE p.id = r.id AND p.private IS DISTINCT FROM r.private
    """
)
_CLOSED_ROWS = text(
    """
    UPDATE sdopen_entry e SET private = r.private
    FROM json_to_recordset(CAST(:rows AS json)) AS r(id text, private boolean) WHERE e.id = r.id
    """
)


def labels_of(package: Mapping[str, Any], catalog: model.Package | None) -> list[str]:
    """The labels of an entry from its package row; `catalog` is what an interface serves."""
    extras = package["extras"] or {}
    row = {name: package[name] for name in ("id", "state", "owner_org", "creator_user_id")}
    own = labels.plain_labels(entry_facts.of_values({**extras, **row}, catalog))
    return own if own == [labels.PUBLIC] else [*own, *scopes.holding(own)]


def is_narrower(candidate: Candidate) -> bool:
    """Whether somebody who read the entry, or its files, before reads less of it now."""
    if candidate.known is None:
        return False
    before, after = candidate.known.extras, candidate.package["extras"]
    return visibility.narrows(
        candidate.labels_before,
        candidate.labels,
        visibility.class_of(before.get("sharing"), before.get("opening")),
        visibility.class_of(after.get("sharing"), after.get("opening")),
    )


def record(candidates: Sequence[Candidate], account: Any, moment: datetime) -> None:
    """Leave the activities that the actions leave, and give older ones the present labels."""
    if not plugin_loaded("activity") or not candidates:
        return
    relabelled = [{"id": c.entry_id, "labels": c.labels} for c in candidates if c.known]
    if relabelled:
        model.Session.execute(_RELABEL, {"rows": dumped(relabelled)})
    if account is None:
        return
    owners = organizations({c.package["owner_org"] for c in candidates})
    shows = show.Shows()
    rows = [
        {
            "id": candidate.entry_id,
            "activity_type": "new package" if candidate.result == CREATED else "changed package",
            "labels": candidate.labels,
        }
        for candidate in candidates
    ]
    data = [
        as_json({"package": shows.custom(_stored(candidate, owners)), "actor": account.name})
        for candidate in candidates
    ]
    values = {"moment": moment, "user_id": account.id, "rows": dumped(rows), "data": data}
    model.Session.execute(_ACTIVITIES, values)


def _stored(candidate: Candidate, owners: Mapping[str, Any]) -> Stored:
    tags = [
        {"id": candidate.tag_ids[name], "name": name, "vocabulary_id": None}
        for name in sorted(candidate.tags)
    ]
    return Stored(
        candidate.package,
        candidate.resources,
        tags,
        owners.get(candidate.package["owner_org"]),
    )


def follow(catalogs: Sequence[Candidate]) -> tuple[list[str], list[str]]:
    """Relabel the interfaces of catalogs whose labels changed.

    An interface is seen by those only who see the catalog that it serves.

    Returns:
        (ids of those interfaces, ids of those that somebody does not see any more).
    """
    ids = [c.entry_id for c in catalogs if c.known and c.labels != c.labels_before]
    if not ids:
        return [], []
    served = list(model.Session.execute(_SERVED_BY, {"ids": ids}).scalars())
    if not served:
        return [], []
    model.Session.expire_all()
    # with the catalogs: each interface finds its own in the session
    loaded = model.Session.query(model.Package).filter(model.Package.id.in_([*ids, *served])).all()
    interfaces = [one for one in loaded if one.id in set(served)]
    own = {interface.id: labels.entry_labels(interface) for interface in interfaces}
    closed = [{"id": one, "private": labels.PUBLIC not in found} for one, found in own.items()]
    model.Session.execute(_CLOSED, {"rows": dumped(closed)})
    model.Session.execute(_CLOSED_ROWS, {"rows": dumped(closed)})
    if plugin_loaded("activity"):
        relabelled = [{"id": one, "labels": found} for one, found in own.items()]
        model.Session.execute(_RELABEL, {"rows": dumped(relabelled)})
    narrowed = {c.entry_id for c in catalogs if is_narrower(c)}
    hidden = [i.id for i in interfaces if i.extras.get("catalog") in narrowed]
    return served, hidden
