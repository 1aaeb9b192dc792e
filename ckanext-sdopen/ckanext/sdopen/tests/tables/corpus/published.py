"""Versions for tables of the tests."""

import hashlib
from datetime import UTC, datetime

from ckan import model

from ckanext.sdopen.tables import history
from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.store.store import Store
from ckanext.sdopen.tables.versions import Version
from ckanext.sdopen.tests.corpus.examples import created, department, harvested

COLUMNS = (Column("编号", key=True, nullable=False), Column("金额", Kind.NUMBER, 16, 2, unit="元"))


def put(store: Store, table: str, data: bytes) -> Version:
    """A version of a table with these bytes, in the store."""
    part = store.part()
    part.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    store.put(part, digest)
    moment = datetime(2026, 11, 30, 8, tzinfo=UTC)
    return Version(table, digest, 3, len(data), COLUMNS, moment, {"file": "表.csv"})


def publish(store: Store, resource: dict, data: bytes, wish: str = "data", keep: int = 10) -> int:
    """Publish a version of a resource's table with these bytes; its number."""
    version = put(store, resource["id"], data)
    number = history.publish(resource["package_id"], wish, version, {"rows": 3}, store, keep)
    model.Session.commit()
    return number


def resources(count: int, key: str = "1") -> list[dict]:
    """Resources of one entry, whose files stand elsewhere."""
    listed = [
        {"name": f"{n}.csv", "url": f"https://data.example/{key}/{n}.csv"} for n in range(count)
    ]
    bureau = department("山东省医疗保障局")
    more = {"source_key": key, "title": f"企业名录{key}", "resources": listed}
    return created(harvested(bureau["id"], **more))["resources"]
