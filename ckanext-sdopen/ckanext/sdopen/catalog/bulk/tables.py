"""Whether CKAN's tables are those that the statements of this package were written for."""

import hashlib
import logging
from functools import cache

from ckan import model
from sqlalchemy import text

_log = logging.getLogger(__name__)
# of CKAN 2.12.0 with its activity plugin; `ckan sdopen catalog fingerprint` prints the present one
TABLES = ("activity", "group", "member", "package", "package_tag", "resource", "tag")
KNOWN = "0"
_COLUMNS = text(
    """
    SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = ANY(:tables)
    ORDER BY table_name, column_name
    """
)


def fingerprint() -> str:
    """A hash of the columns that a bulk write writes: names, types, whether they may be empty."""
    rows = model.Session.execute(_COLUMNS, {"tables": list(TABLES)})
    lines = "\n".join(" ".join(map(str, row)) for row in rows)
    return hashlib.sha256(lines.encode()).hexdigest()


@cache
def are_known() -> bool:
    """Whether bulk writes may write the tables themselves; asked once by each process."""
    found = fingerprint()
    if found == KNOWN:
        return True
    _log.warning(
        "CKAN's tables are not those of 2.12.0 (fingerprint %s): bulk writes go by the actions, "
        "some thirty entries a second",
        found,
    )
    return False
