"""Whether CKAN's tables are those that the statements of this package were written for."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from ckan import model
from ckan.plugins import plugin_loaded
from sqlalchemy import text

_log = logging.getLogger(__name__)
# of CKAN 2.12.0 and its activity plugin
KNOWN: Mapping[str, str] = {
    "activity": "7c144d1501ac6fdf",
    "group": "d407200f33343a0a",
    "member": "b6cd5c69dc8e3618",
    "package": "4d3ae2c8fbd6f281",
    "package_tag": "e48c78fd9c62cd79",
    "resource": "f436fa87cc9d5e64",
    "tag": "dae329c1b6cbe109",
}
_COLUMNS = text(
    """
    SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = ANY(:tables)
    ORDER BY table_name, column_name
    """
)


def fingerprints() -> dict[str, str]:
    """{table: hash of its columns, their types, whether they may be empty} of the tables here."""
    lines: dict[str, list[str]] = defaultdict(list)
    for table, *column in model.Session.execute(_COLUMNS, {"tables": list(KNOWN)}):
        lines[table].append(" ".join(column))
    return {
        table: hashlib.sha256("\n".join(columns).encode()).hexdigest()[:16]
        for table, columns in lines.items()
    }


def different() -> list[str]:
    """The tables that are not as the statements of this package expect them."""
    wanted = {t: h for t, h in KNOWN.items() if t != "activity" or plugin_loaded("activity")}
    found = fingerprints()
    return [table for table, known in wanted.items() if found.get(table) != known]


@cache
def are_known() -> bool:
    """Whether bulk writes may write the tables themselves; asked once by each process."""
    others = different()
    if others:
        _log.warning(
            "The tables %s are not those of CKAN 2.12.0: bulk writes go by the actions, some "
            "thirty entries a second",
            ", ".join(others),
        )
    return not others
