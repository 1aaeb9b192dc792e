"""What an entry's graph names besides the entry: its department, its catalog, its services.

Neighbours are asked for with the reader's own rights: what may not be read is not named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

Entry = Mapping[str, Any]
# the bound of Solr on one query is 1,024 clauses
# so many ids make a question shorter than `ckanext.sdopen.search.query_length`
_AT_ONCE = 150
_MOST = 1000
_SAID = ("provider_code", "kind", "level")


@dataclass(frozen=True)
class Department:
    """What a graph says of a department: name, code, kind, level."""

    title: str
    provider_code: str = ""
    kind: str = ""
    level: str = ""


@dataclass(frozen=True)
class Related:
    """Departments by id; readable catalogs by id; readable interfaces by the catalog they serve."""

    departments: Mapping[str, Department] = field(default_factory=dict)
    catalogs: Mapping[str, Entry] = field(default_factory=dict)
    services: Mapping[str, Sequence[Entry]] = field(default_factory=dict)


def departments(ids: Iterable[str]) -> dict[str, Department]:
    """The departments of these ids; one query."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    group = model.Group
    rows = model.Session.query(group.id, group.title, group.extras).filter(group.id.in_(wanted))
    return {
        identity: Department(title, *(str((extras or {}).get(name) or "") for name in _SAID))
        for identity, title, extras in rows
    }


def _entries_of(reader: Context, fields: str, ids: Sequence[str]) -> list[Entry]:
    """The readable entries of which a field is one of the ids."""
    found: list[Entry] = []
    for start in range(0, len(ids), _AT_ONCE):
        quoted = " OR ".join(f'"{identity}"' for identity in ids[start : start + _AT_ONCE])
        query = {
            "q": "*:*",
            "fq": f"{fields}:({quoted})",
            "rows": _MOST,
            "sort": "name asc",
            "include_private": bool(reader.get("user")),
        }
        # search changes the context it is given
        asked = Context(user=reader.get("user", ""), auth_user_obj=reader.get("auth_user_obj"))
        found += tk.get_action("package_search")(asked, query)["results"]
    return found


def of(entries: Sequence[Entry], reader: Context) -> Related:
    """The neighbours of the entries that the reader may know: one query, two searches."""
    ids = sorted({str(e["id"]) for e in entries if e.get("type") == "dataset"})
    served = sorted({str(e["catalog"]) for e in entries if e.get("catalog")})
    services: dict[str, list[Entry]] = {}
    for service in _entries_of(reader, "catalog", ids):
        services.setdefault(str(service.get("catalog")), []).append(service)
    return Related(
        departments(str(e["owner_org"]) for e in entries if e.get("owner_org")),
        {str(catalog["id"]): catalog for catalog in _entries_of(reader, "id", served)},
        services,
    )
