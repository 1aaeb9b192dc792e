"""Which tags entries bear."""

from collections.abc import Sequence
from uuid import uuid4

from ckan import model
from sqlalchemy import text

from ckanext.sdopen.bulk.record import Candidate
from ckanext.sdopen.bulk.writing.statements import run

_TAG_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('sdopen-tags', 0))")
_TAGS = text("SELECT name, id FROM tag WHERE name = ANY(:names) AND vocabulary_id IS NULL")
_NEW_TAGS = text(
    """
    INSERT INTO tag (id, name)
    SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:names AS text[]))
    """
)
_BORNE = text(
    """
    INSERT INTO package_tag (id, package_id, tag_id, state)
    SELECT CAST(gen_random_uuid() AS text), package_id, tag_id, 'active'
    FROM json_to_recordset(CAST(:rows AS json)) AS r(package_id text, tag_id text)
    """
)
_TURNED = text(
    """
    UPDATE package_tag pt SET state = r.state
    FROM json_to_recordset(CAST(:rows AS json)) AS r(id text, state text) WHERE pt.id = r.id
    """
)


def _tag_ids(names: set[str]) -> dict[str, str]:
    """{name: id} of free tags, made where they are missing.

    The key of the table holds NULL for free tags, so no conflict tells of a double: who makes
    tags does so alone, and looks again first.
    """
    listed = {"names": sorted(names)}
    ids = {row.name: row.id for row in model.Session.execute(_TAGS, listed)}
    if names - set(ids):
        model.Session.execute(_TAG_LOCK)
        ids = {row.name: row.id for row in model.Session.execute(_TAGS, listed)}
        new = {name: str(uuid4()) for name in sorted(names - set(ids))}
        if new:
            values = {"ids": list(new.values()), "names": list(new)}
            model.Session.execute(_NEW_TAGS, values)
        ids |= new
    return ids


def tag(candidates: Sequence[Candidate]) -> None:
    """Write which tags the entries bear; one that returns is the row that it was."""
    for candidate in candidates:
        known_tags = candidate.known.tags if candidate.known else ()
        candidate.tag_ids = {t["name"]: t["tag_id"] for t in known_tags}
    changed = [c for c in candidates if set(c.tags) != active_tags(c)]
    if not changed:
        return
    ids = _tag_ids({name for c in changed for name in c.tags})
    borne, turned = [], []
    for candidate in changed:
        known = {t["tag_id"]: t for t in (candidate.known.tags if candidate.known else ())}
        candidate.tag_ids = {name: ids[name] for name in candidate.tags}
        wanted = set(candidate.tag_ids.values())
        for tag_id in wanted | set(known):
            state = "active" if tag_id in wanted else "deleted"
            before = known.get(tag_id)
            if before is None:
                borne.append({"package_id": candidate.entry_id, "tag_id": tag_id})
            elif before["state"] != state:
                turned.append({"id": before["id"], "state": state})
    run(_BORNE, borne)
    run(_TURNED, turned)


def active_tags(candidate: Candidate) -> set[str]:
    """The names of the free tags that the stored entry bears."""
    known = candidate.known.tags if candidate.known else ()
    return {t["name"] for t in known if t["state"] == "active" and not t["vocabulary_id"]}
