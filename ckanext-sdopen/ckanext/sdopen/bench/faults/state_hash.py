"""One hash over all that entries leave in tables and index, and what must not stand there twice.

Two portals that were brought the same have the same hash, however often a part fell meanwhile.
Left out are moments and what is numbered by chance: ids of members, tags, their pairs and
activities, `_version_` and `indexed_ts` of documents.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus

from ckanext.sdopen.bench.stand import Stand

# {table: its columns, by what stands in them where an id is by chance}
COLUMNS: Mapping[str, str] = {
    "package": """
        SELECT id, name, title, version, url, author, author_email, maintainer, maintainer_email,
            notes, license_id, type, owner_org, creator_user_id, private, state, plugin_data, extras
        FROM package""",
    "resource": """
        SELECT id, package_id, url, format, description, hash, position, name, resource_type,
            mimetype, mimetype_inner, size, cache_url, url_type, extras, state
        FROM resource""",
    "tag": "SELECT name, vocabulary_id FROM tag",
    "package_tag": """
        SELECT p.package_id, t.name, p.state FROM package_tag p JOIN tag t ON t.id = p.tag_id""",
    "member": """
        SELECT table_id, table_name, capacity, group_id, state FROM member
        WHERE table_name = 'package'""",
    "activity": """
        SELECT object_id, activity_type, user_id, permission_labels, data FROM activity
        WHERE object_id IN (SELECT id FROM package)""",
    "sdopen_entry": """
        SELECT id, kind, region, code, owner_org, title, title_key, state, private, sharing,
            opening, topics, update_cycle, updated_on, serves, source_id, content_hash
        FROM sdopen_entry""",
    "sdopen_number": """
        SELECT kind, region, prefix, number, state, organization_id, entry_id, user_id, reason
        FROM sdopen_number""",
    "sdopen_outbox": "SELECT entry_id FROM sdopen_outbox",
    "sdopen_tombstone": "SELECT id, name FROM sdopen_tombstone",
    "sdopen_removed_resource": "SELECT id, entry_id FROM sdopen_removed_resource",
}
# moments, wherever they stand in JSON or in a document
MOMENTS = frozenset(
    (
        "metadata_created",
        "metadata_modified",
        "created",
        "last_modified",
        "cache_last_updated",
        "res_created",
        "_version_",
        "_root_",
        "indexed_ts",
    )
)
_JSON = ("data_dict", "validated_data_dict", "extras")
_TWICE: Mapping[str, str] = {
    "entries of one code": """
        SELECT kind, region, lower(code) FROM sdopen_entry WHERE code IS NOT NULL
        GROUP BY 1, 2, 3 HAVING count(*) > 1""",
    "entries with no or several organizations": """
        SELECT p.id FROM package p LEFT JOIN member m ON m.table_id = p.id
            AND m.table_name = 'package' AND m.capacity = 'organization' AND m.state = 'active'
        GROUP BY 1 HAVING count(m.id) <> 1""",
    "tags of one name": """
        SELECT name FROM tag WHERE vocabulary_id IS NULL GROUP BY 1 HAVING count(*) > 1""",
    "pairs of an entry and a tag": """
        SELECT package_id, tag_id FROM package_tag GROUP BY 1, 2 HAVING count(*) > 1""",
    "resources at one place": """
        SELECT package_id, position FROM resource WHERE state = 'active'
        GROUP BY 1, 2 HAVING count(*) > 1""",
    "entries created twice": """
        SELECT object_id FROM activity WHERE activity_type = 'new package'
        GROUP BY 1 HAVING count(*) > 1""",
    "entries without a narrow row": """
        SELECT id FROM package WHERE id NOT IN (SELECT id FROM sdopen_entry)""",
}
_PAGE = 500


def timeless(value: Any) -> Any:
    """A value of JSON without moments; JSON within texts is opened."""
    if isinstance(value, Mapping):
        return {
            str(key): timeless(_nameless(key, _opened(key, part)))
            for key, part in value.items()
            if key not in MOMENTS
        }
    if isinstance(value, list | tuple):
        return [timeless(part) for part in value]
    return value


def _nameless(key: Any, value: Any) -> Any:
    """Tags are known by their names: their ids are by chance."""
    if key != "tags" or not isinstance(value, list):
        return value
    return [
        {name: part for name, part in tag.items() if name != "id"} if isinstance(tag, dict) else tag
        for tag in value
    ]


def _opened(key: Any, value: Any) -> Any:
    return json.loads(value) if key in _JSON and isinstance(value, str) else value


def documents(stand: Stand) -> Iterator[dict[str, Any]]:
    """All documents of the index, by the order of their keys."""
    mark = "*"
    while True:
        asked = f"/select?q=*:*&sort=index_id+asc&rows={_PAGE}&cursorMark={quote_plus(mark)}"
        found = stand.solr(asked)
        yield from found["response"]["docs"]
        if found["nextCursorMark"] == mark:
            return
        mark = found["nextCursorMark"]


def _digest(lines: Iterator[str]) -> str:
    found = hashlib.sha256()
    for line in sorted(lines):
        found.update(line.encode() + b"\n")
    return found.hexdigest()


def _line(value: Any) -> str:
    return json.dumps(timeless(value), ensure_ascii=False, sort_keys=True, default=str)


def state(stand: Stand) -> dict[str, list[str]]:
    """{table, or `solr`: its rows as lines of JSON, sorted}."""
    stand.solr("/update?commit=true&waitSearcher=true", {})
    found = {
        name: sorted(_line(_parsed(name, row)) for row in stand.sql(statement))
        for name, statement in COLUMNS.items()
    }
    found["solr"] = sorted(_line(document) for document in documents(stand))
    return found


def _parsed(table: str, row: tuple[Any, ...]) -> list[Any]:
    """A row with JSON that is kept as text opened."""
    opened = table in ("activity", "resource")
    return [
        json.loads(value) if opened and isinstance(value, str) and value[:1] == "{" else value
        for value in row
    ]


def state_hash(found: Mapping[str, list[str]]) -> str:
    """The hash of a state."""
    return _digest(f"{name} {_digest(iter(lines))}" for name, lines in found.items())


def differences(one: Mapping[str, list[str]], other: Mapping[str, list[str]]) -> dict[str, Any]:
    """{table: (rows only in the one, rows only in the other)}, the first three of each."""
    differing = {}
    for name in one:
        first, second = set(one[name]), set(other[name])
        if sorted(one[name]) != sorted(other[name]):
            differing[name] = (sorted(first - second)[:3], sorted(second - first)[:3])
    return differing


def twice(stand: Stand) -> dict[str, int]:
    """{what stands twice, or not at all where it must: how often}; nothing where all is well."""
    counts = {name: len(stand.sql(statement)) for name, statement in _TWICE.items()}
    counts["documents of one entry"] = _document_doubles(stand)
    counts["entries that wait"] = stand.waiting()
    return {name: count for name, count in counts.items() if count}


def _document_doubles(stand: Stand) -> int:
    ids = [document["id"] for document in documents(stand)]
    return len(ids) - len(set(ids))
