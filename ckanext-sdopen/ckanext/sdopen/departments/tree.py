"""The organization tree: regions of the province, city and county levels with their departments."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import func, or_

from ckanext.sdopen import codes
from ckanext.sdopen.language import language
from ckanext.sdopen.standard import values

MOST_RESULTS = 200
Counts = Mapping[str, int]


def _departments() -> Any:
    group = model.Group
    region, extra = group.extras["region"].astext, group.extras
    return (
        model.Session.query(
            group.id,
            group.name,
            group.title,
            region.label("region"),
            extra["level"].astext.label("level"),
            extra["kind"].astext.label("kind"),
            extra["is_authority"].astext.label("is_authority"),
            extra["former_names"].astext.label("former_names"),
        )
        .filter(group.is_organization.is_(True), group.state == model.State.ACTIVE)
        .order_by((extra["is_authority"].astext == "true").desc().nulls_last(), group.title)
    )


def _shown(row: Any, counted: Counts) -> dict[str, Any]:
    return {
        **row._mapping,
        "is_authority": row.is_authority == "true",
        "former_names": values.listed(row.former_names or []) or [],
        "entries": counted.get(row.name, 0),
    }


def in_region(region: str, counted: Counts) -> list[dict[str, Any]]:
    """The departments of a region itself, its data authority first."""
    rows = _departments().filter(model.Group.extras["region"].astext == region)
    return [_shown(row, counted) for row in rows]


def search(wanted: str, counted: Counts) -> list[dict[str, Any]]:
    """The first departments whose name, former name or address holds a text."""
    group = model.Group
    named = (group.title, group.extras["former_names"].astext, group.name)
    rows = _departments().filter(or_(*(one.icontains(wanted, autoescape=True) for one in named)))
    return [_shown(row, counted) for row in rows.limit(MOST_RESULTS)]


def departments_by_region() -> dict[str, int]:
    """{region: how many active departments it and the regions in it have}."""
    region = model.Group.extras["region"].astext
    rows = (
        model.Session.query(region, func.count())
        .filter(model.Group.is_organization.is_(True), model.Group.state == model.State.ACTIVE)
        .group_by(region)
    )
    totals: dict[str, int] = {}
    for code, count in rows:
        for above in codes.path(code) if code in codes.regions() else ():
            totals[above] = totals.get(above, 0) + count
    return totals


def node(code: str, departments: Counts, counted: Counts) -> dict[str, Any]:
    """A region as a line of the tree."""
    region = codes.region(code)
    return {
        "code": code,
        "label": codes.load("regions").label(code, language()),
        "level": region.level,
        "kind": region.kind,
        "historical": region.historical,
        "departments": departments.get(code, 0),
        "entries": counted.get(code, 0),
    }


def regions_in(parent: str | None, departments: Counts, counted: Counts) -> list[dict[str, Any]]:
    """The regions directly in another that have departments; without one, those outside home."""
    home = str(tk.config["ckanext.sdopen.portal.region"])
    return [
        node(code, departments, counted)
        for code, region in codes.regions().items()
        if region.parent == parent and departments.get(code) and (parent or code != home)
    ]
