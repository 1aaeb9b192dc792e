"""Everything that a write leaves of an entry, in a shape that two plays can be compared by.

Left out, by name only: the ids of member, package_tag, activity and view rows; timestamps, of
which it is kept in which round they moved; `_version_`, `_root_`, `indexed_ts`; `content_hash`.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.common import make_connection

from ckanext.sdopen.tests.bulk.corpus.cast import Cast
from ckanext.sdopen.tests.bulk.corpus.plays import Played

TIMESTAMPS = {"metadata_created", "metadata_modified", "created", "modified", "timestamp"}
LEFT_OUT = {
    "activity": {"id"},
    "document": {"_version_", "_root_", "indexed_ts"},
    "member": {"id"},
    "narrow": {"content_hash"},
    "number": {"changed"},
    "package_tag": {"id", "tag_id"},
    "tombstone": {"withdrawn"},
    "view": {"id"},
}
QUERIES = {
    "package": "SELECT p.id, to_jsonb(p) FROM package p",
    "resource": """SELECT r.package_id, to_jsonb(r) FROM resource r
        ORDER BY r.state, r.position, r.url, r.name""",
    "package_tag": """SELECT p.package_id,
        to_jsonb(p) || jsonb_build_object('tag', to_jsonb(t) - 'id')
        FROM package_tag p JOIN tag t ON t.id = p.tag_id ORDER BY t.name""",
    "member": """SELECT m.table_id, to_jsonb(m) FROM member m WHERE m.table_name = 'package'
        ORDER BY m.group_id, m.capacity, m.state""",
    "activity": "SELECT a.object_id, to_jsonb(a) FROM activity a ORDER BY a.timestamp",
    "narrow": "SELECT e.id, to_jsonb(e) FROM sdopen_entry e",
    "number": "SELECT n.entry_id, to_jsonb(n) FROM sdopen_number n ORDER BY n.prefix, n.number",
    "tombstone": "SELECT t.id, to_jsonb(t) FROM sdopen_tombstone t",
    "view": """SELECT r.package_id, to_jsonb(v) FROM resource_view v
        JOIN resource r ON r.id = v.resource_id ORDER BY v.title, v.resource_id""",
}
_RANDOM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def _without(value: Any, left_out: set[str]) -> Any:
    """The value without keys at any depth."""
    if isinstance(value, dict):
        return {k: _without(v, left_out) for k, v in value.items() if k not in left_out}
    if isinstance(value, list):
        return [_without(one, left_out) for one in value]
    return value


def _rows() -> dict[str, dict[str, list[Any]]]:
    """{entry id: {table: its rows}}."""
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: {name: [] for name in QUERIES})
    for name, query in QUERIES.items():
        for entry_id, row in model.Session.connection().exec_driver_sql(query):
            found[entry_id][name].append(row)
    return found


def _documents() -> dict[str, dict[str, Any]]:
    """{entry id: every stored field and docValue of its document}."""
    site = tk.config["ckan.site_id"]
    docs = (
        make_connection(decode_dates=False)
        .search("*:*", fq=f"+site_id:{site}", fl="*", rows=10_000)
        .docs
    )
    assert len(docs) == len({doc["id"] for doc in docs}), "two documents of one entry"
    for doc in docs:
        for name in ("data_dict", "validated_data_dict"):
            doc[name] = json.loads(doc[name])
        # the order of keys in JSONB, or in what was sent: it depends on who indexes when
        doc["data_dict"]["extras"].sort(key=lambda extra: extra["key"])
        # Solr returns docValues as a set
        for name, value in doc.items():
            doc[name] = sorted(value) if isinstance(value, list) else value
    return {doc["id"]: doc for doc in docs}


def _unstored_fields() -> list[str]:
    """The names of fields that are indexed and not stored: only their terms can be asked for."""
    answer = json.loads(make_connection()._send_request("get", "admin/luke?numTerms=0&wt=json"))
    flags = {name: about.get("schema", "") for name, about in answer["fields"].items()}
    return sorted(name for name, flag in flags.items() if flag[0] == "I" and "S" not in flag)


def _terms(entry_id: str, fields: Iterable[str]) -> dict[str, list[str]]:
    """{unstored field: the terms that the entry is found by}."""
    asked = {
        "fq": f'+id:"{entry_id}"',
        "rows": 0,
        "facet": "true",
        "facet.field": list(fields),
        "facet.method": "enum",
        "facet.mincount": 1,
        "facet.limit": -1,
    }
    counted = make_connection().search("*:*", **asked).facets["facet_fields"]
    return {name: sorted(values[::2]) for name, values in counted.items() if values}


def _shown(entry_id: str, use_cache: bool) -> Any:
    context = {"ignore_auth": True, "use_cache": use_cache}
    return tk.get_action("package_show")(context, {"id": entry_id})


def _agreed(rows: dict[str, list[Any]], document: dict[str, Any] | None) -> bool:
    """Whether row, narrow row and document name one moment of change."""
    found = [row["metadata_modified"] for row in rows["package"]]
    found += [row["modified"] for row in rows["narrow"]]
    if document:
        found.append(document["metadata_modified"])
        found += [document[n]["metadata_modified"] for n in ("data_dict", "validated_data_dict")]
    return len({_milliseconds(one) for one in found}) == 1


def _milliseconds(moment: str) -> str:
    """A moment as the index keeps it."""
    return datetime.fromisoformat(moment.rstrip("Z")).isoformat(timespec="milliseconds")


def _tags() -> dict[str, str]:
    """{id: what stands for it} of all tags."""
    rows = model.Session.connection().exec_driver_sql("SELECT id, name FROM tag")
    return {row.id: f"tag {row.name}" for row in rows}


def _moved(played: Played, one: str) -> list[str]:
    """For each round, since which round creation and change of a resource stand."""
    first: dict[Any, int] = {}
    for number, moments in enumerate(played.moments.get(one, ())):
        for moment in moments or ():
            first.setdefault(moment, number)
    return [
        "/".join(str(first[m]) if m else "-" for m in moments) if moments else ""
        for moments in played.moments.get(one, ())
    ]


def _named(snapshot: Any, names: dict[str, str], resources: list[Any]) -> Any:
    """The snapshot with names for users and tags, and places for other ids made at random."""
    text = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, default=str)
    for user_id, name in names.items():
        text = text.replace(user_id, name)
    for number, resource in enumerate(resources):
        if _RANDOM.fullmatch(resource["id"]):
            text = text.replace(resource["id"], f"resource {number}")
    return json.loads(text)


def _of_entry(
    rows: dict[str, list[Any]],
    document: dict[str, Any] | None,
    played: Played,
    names: dict[str, str],
) -> Any:
    entry_id = rows["package"][0]["id"]
    entry = model.Package.get(entry_id)
    snapshot: dict[str, Any] = {
        "labels": get_permission_labels().get_dataset_labels(entry),
        "moments agree": _agreed(rows, document),
        "resources moved": [_moved(played, row["id"]) for row in rows["resource"]],
        "shown": _shown(entry_id, True),
        "shown uncached": _shown(entry_id, False),
        "document": _without(document, LEFT_OUT["document"]),
    }
    for name, found in rows.items():
        kept = [{k: v for k, v in r.items() if k not in LEFT_OUT.get(name, ())} for r in found]
        snapshot[name] = kept
    for table, column in (("resource", "extras"), ("activity", "data")):
        for row in snapshot[table]:
            text = row[column] or ""
            # how the text is written counts too: some of CKAN's are escaped, some are not
            row["escaped"] = "\\u" in text
            row[column] = json.loads(text) if text else row[column]
    snapshot["activity"] = _telling(snapshot["activity"])
    snapshot["moments"] = _moments(snapshot["activity"])
    return _named(_without(snapshot, TIMESTAMPS), names, rows["resource"])


def _telling(activities: list[Any]) -> list[Any]:
    """The activities without those that tell of no change.

    CKAN 2.12 leaves one for a record that changes nothing, unless it is what package_show shows;
    the entry's moment moves, too, where it lost a tag some time ago.
    """
    told: list[Any] = []
    # an interface is private where its catalog is: another record made it so
    apart = {*TIMESTAMPS, "private"}
    for activity in activities:
        package = _without(activity["data"].get("package"), apart)
        same = told and package == _without(told[-1]["data"].get("package"), apart)
        if not (same and activity["activity_type"] == "changed package"):
            told.append(activity)
    return told


def _moments(activities: list[Any]) -> dict[str, list[int]]:
    """For each activity, since which one the entry bears its moments of creation and change."""
    packages = [a["data"]["package"] for a in activities if "package" in a["data"]]
    return {
        name: [[p[name] for p in packages].index(package[name]) for package in packages]
        for name in ("metadata_created", "metadata_modified")
    }


def taken(played: Played, cast: Cast) -> dict[str, Any]:
    """{name of the entry: all of it}, and what belongs to none."""
    model.Session.remove()
    documents, unstored = _documents(), _unstored_fields()
    every, names = _rows(), {**cast.names, **_tags()}
    entries = {i: rows for i, rows in every.items() if rows["package"]}
    result: dict[str, Any] = {}
    for entry_id, rows in sorted(entries.items()):
        name = rows["package"][0]["name"]
        document = documents.pop(entry_id, None)
        result[name] = _of_entry(rows, document, played, names)
        terms = _terms(entry_id, unstored) if document else None
        result[name]["terms"] = _named(terms, names, rows["resource"])
    tags = "SELECT name, vocabulary_id FROM tag ORDER BY name"
    result["of none"] = {
        "outcomes": [[(o.accepted, sorted(o.fields)) for o in rnd] for rnd in played.outcomes],
        "documents": sorted(documents),
        "tags": [list(row) for row in model.Session.connection().exec_driver_sql(tags)],
    }
    model.Session.remove()
    return result
