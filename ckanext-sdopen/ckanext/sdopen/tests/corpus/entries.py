"""Entries of every kind: those of a small sample province, and each oddity that rows can hold."""

import json
from typing import Any

from ckan import model
from ckan.tests.helpers import call_action

from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.loading import loading
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    catalog,
    created,
    department,
    harvested,
    interface,
    updated,
)
from ckanext.sdopen.tests.corpus.planted import CLASSES

SMALL = Province(catalogs=30)

CLOSED = CLASSES["closed"]
FILES: list[dict[str, Any]] = [
    {"url": "http://data.example/一.csv", "name": "药店 名录", "format": "csv"},
    {"url": "data.example/two.XLSX", "name": "", "description": "第二份", "format": "Excel"},
    {"url": "名录 三.zip", "url_type": "upload", "name": "三", "record_count": "12"},
    {"url": "http://data.example/4", "url_type": "datastore", "extra_of_source": "是"},
    {"url": "", "name": "没有地址", "hash": "abc", "size": 120},
]


def _ignored(count: int) -> None:
    """Nobody watches the progress."""


def sample() -> None:
    """The departments, catalogs and interfaces of a small province."""
    loading.load_topics(_ignored)
    loading.load_departments(SMALL, _ignored)
    loading.load_entries([*SMALL.catalog_entries(), *SMALL.interface_entries()], _ignored)


def _changed(owner: str) -> dict[str, Any]:
    """An entry that lost a resource and a tag, and whose title has blanks around."""
    tags = [{"name": "药品"}, {"name": "Ｂ tag"}, {"name": "医保"}]
    payload = catalog(owner, resource_code="307001/660001", resources=FILES, tags=tags)
    entry = created(payload)
    kept = entry["resources"][1:]
    return updated(entry, title="  名录 有空格 ", resources=kept, tags=tags[1:], version="2")


def _grouped(owner: str) -> dict[str, Any]:
    entry = created(catalog(owner, resource_code="307001/660002"))
    group = model.Group.get("ocean")
    member = {"id": group.id, "object": entry["id"], "object_type": "package"}
    call_action("member_create", as_site(), **member, capacity="public")
    return entry


def _planted(owner: str) -> dict[str, Any]:
    """Rows as no action writes them: odd extras, a licence, a table with an unknown column."""
    entry = created(catalog(owner, resource_code="307001/660003"))
    package = model.Package.get(entry["id"])
    package.license_id, package.notes = "cc-by", None
    rows = [{"name": "甲", "unknown": "乙", "primary_key": "true"}]
    package.extras = {**package.extras, "info_items": json.dumps(rows), "foreign": "外"}
    model.Session.commit()
    return entry


def _ended(owner: str) -> list[dict[str, Any]]:
    withdrawn = created(catalog(owner, resource_code="307001/660004"))
    call_action("sdopen_entry_withdraw", as_site(), id=withdrawn["id"], reason="过期")
    deleted = created(catalog(owner, resource_code="307001/660005"))
    call_action("package_delete", as_site(), id=deleted["id"])
    return [withdrawn, deleted]


def odd() -> list[str]:
    """The ids of the entries with oddities."""
    owner = department("省药品监督管理局")["id"]
    closed = created(catalog(owner, resource_code="307001/660006", **CLOSED))
    draft = {**catalog(owner, resource_code="307001/660007"), "state": "draft"}
    made = [
        _changed(owner),
        _grouped(owner),
        _planted(owner),
        *_ended(owner),
        closed,
        created(draft),
        created(harvested(owner, extras=[], notes="长" * 9_000, tags=[])),
        created(interface(owner, resource_code="307001/660008", catalog=closed["id"])),
        created(interface(owner, resource_code="307001/660009", **CLOSED)),
    ]
    empty = model.Package.get(made[6]["id"])
    empty.extras = {**empty.extras, "info_items": "[]"}
    model.Session.commit()
    return [entry["id"] for entry in made]


def everything() -> list[str]:
    """Fill the portal with the sample and the oddities; the ids of all, in order."""
    sample()
    odd()
    model.Session.expire_all()
    return [row[0] for row in model.Session.query(model.Package.id).order_by(model.Package.id)]
