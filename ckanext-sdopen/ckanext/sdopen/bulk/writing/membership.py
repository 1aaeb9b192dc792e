"""Which department an entry belongs to: the rows that CKAN asks, beside its own column."""

from collections.abc import Sequence

from ckan import model
from sqlalchemy import text

from ckanext.sdopen.bulk.record import Candidate
from ckanext.sdopen.bulk.writing.statements import run

_OWNERS = text(
    """
    UPDATE member m SET state = CASE WHEN m.group_id = r.owner_org THEN 'active' ELSE 'deleted' END
    FROM json_to_recordset(CAST(:rows AS json)) AS r(id text, owner_org text)
    WHERE m.table_id = r.id AND m.table_name = 'package' AND m.capacity = 'organization'
    AND (m.state = 'active') IS DISTINCT FROM (m.group_id = r.owner_org)
    """
)
_OWNED = text(
    """
    INSERT INTO member (id, table_name, table_id, capacity, group_id, state)
    SELECT gen_random_uuid(), 'package', r.id, 'organization', r.owner_org, 'active'
    FROM json_to_recordset(CAST(:rows AS json)) AS r(id text, owner_org text)
    WHERE NOT EXISTS (
        SELECT FROM member m WHERE m.table_id = r.id AND m.table_name = 'package'
        AND m.capacity = 'organization' AND m.group_id = r.owner_org
    )
    """
)


def own(candidates: Sequence[Candidate]) -> None:
    """Leave each entry exactly one active membership, in its provider.

    CKAN 2.12 leaves an entry that comes back to a department without one
    (package_owner_org_update).
    """
    moved = [
        {"id": c.entry_id, "owner_org": c.package["owner_org"]}
        for c in candidates
        if c.known is None
        or c.known.owner_org != c.package["owner_org"]
        # a deletion ends the membership
        or c.known.state == model.State.DELETED
    ]
    if any(c.known is not None for c in candidates):
        run(_OWNERS, moved)
    run(_OWNED, moved)
