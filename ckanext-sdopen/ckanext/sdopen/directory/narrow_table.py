"""The narrow table: one row per catalog and interface, written in the entry's own transaction."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ckan import model
from sqlalchemy import ScalarSelect, delete, select
from sqlalchemy.dialects.postgresql import Insert, insert

from ckanext.sdopen.access import entry_facts
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.directory.model import entries
from ckanext.sdopen.numbering import numbers
from ckanext.sdopen.standard import values
from ckanext.sdopen.standard.duplicates import title_key
from ckanext.sdopen.standard.elements import KIND_OF_TYPE

_BATCH = 500


def row_of(package: Mapping[str, Any]) -> dict[str, Any]:
    """The narrow row of an entry from the columns of its package row; `extras` is an object."""
    extras: Mapping[str, Any] = package["extras"]
    topics = values.listed(extras.get("topics"))
    return {
        "id": package["id"],
        "kind": KIND_OF_TYPE[package["type"]],
        "region": extras.get("region") or "",
        "code": extras.get("resource_code") or None,
        "owner_org": package["owner_org"] or "",
        "title": package["title"] or "",
        "title_key": title_key(package["title"] or ""),
        "state": package["state"],
        "private": bool(package["private"]),
        "sharing": extras.get("sharing"),
        "opening": extras.get("opening"),
        "topics": topics or [],
        "update_cycle": extras.get("update_cycle"),
        "updated_on": extras.get("updated_on"),
        "serves": (extras.get("catalog") or None) if package["type"] == "interface" else None,
        "source_id": extras.get("source_id"),
        "modified": package["metadata_modified"],
        "content_hash": None,
    }


_COLUMNS = ("id", "type", "owner_org", "title", "state", "private", "metadata_modified", "extras")


def _row(package: model.Package) -> dict[str, Any]:
    return row_of({name: getattr(package, name) for name in _COLUMNS})


def _written() -> Insert:
    written = insert(entries)
    changed = {c.name: written.excluded[c.name] for c in entries.columns if c.name != "id"}
    return written.on_conflict_do_update(index_elements=["id"], set_=changed)


def _write(rows: list[dict[str, Any]]) -> None:
    if rows:
        model.Session.execute(_written(), rows)


def write_row(package_id: str) -> None:
    """Write the row of an entry as it stands, and mark its number as used; no commit."""
    package = model.Session.get(model.Package, package_id)
    if package is None or not entry_facts.is_entry(package):
        return
    row = _row(package)
    _write([row])
    _use_number(row)


def write_new_row(package_id: str) -> None:
    """The same of a package just created, whose id may wait in the outbox since it was purged."""
    package = model.Session.get(model.Package, package_id)
    if package is None or not entry_facts.is_entry(package):
        return
    row = _row(package)
    renewed = outbox.renewed(package_id)
    # in the same statement: a single write sends no more of them
    model.Session.execute(_written().values(row).add_cte(renewed.cte("renewed")))
    _use_number(row)


def _use_number(row: Mapping[str, Any]) -> None:
    numbers.use(row["kind"], row["region"], row["code"] or "", row["id"], row["owner_org"])


def forget(entry_id: str) -> None:
    """Remove the row of an entry that is purged; its number is void from now on. No commit."""
    model.Session.execute(delete(entries).where(entries.c.id == entry_id))
    numbers.void_of_entry(entry_id)


def same_title(title: str, owner_org: str, kind: str, but: str) -> ScalarSelect[Any]:
    """The title of another entry of the provider that differs in punctuation only, as a query."""
    return (
        select(entries.c.title)
        .where(
            entries.c.owner_org == owner_org,
            entries.c.title_key == title_key(title),
            entries.c.kind == kind,
            entries.c.state != model.State.DELETED,
            entries.c.id != but,
        )
        .limit(1)
        .scalar_subquery()
    )


def rebuild(on_batch: Callable[[int], None]) -> int:
    """Write the rows of all entries anew, by keyset; a commit per batch.

    Returns:
        How many entries stand in the table.
    """
    last, count = "", 0
    while batch := _after(last):
        listed = [package for package in batch if entry_facts.is_entry(package)]
        _write([_row(package) for package in listed])
        for row in map(_row, listed):
            _use_number(row)
        last, count = batch[-1].id, count + len(listed)
        model.Session.commit()
        model.Session.expunge_all()
        on_batch(len(listed))
    return count


def _after(last: str) -> list[model.Package]:
    packages: Iterable[model.Package] = (
        model.Session.query(model.Package)
        .filter(model.Package.type.in_(list(KIND_OF_TYPE)), model.Package.id > last)
        .order_by(model.Package.id)
        .limit(_BATCH)
    )
    return list(packages)
