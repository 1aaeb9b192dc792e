"""Departments and topics for the pages that list them: one query a page.

CKAN 2.12 shows a page of groups by calling group_show for each of them (_group_or_org_list).
"""

from typing import Any

from ckan import model
from sqlalchemy import asc, desc, or_


def listed(
    group_type: str, wanted: str, sort: str, limit: int | None, offset: int
) -> list[dict[str, Any]]:
    """A page of groups of a type: `{id, name, title, display_name, description, type, region}`.

    Departments stand by region, then title, unless `sort` says `title asc` or `title desc`.
    """
    group = model.Group
    region = group.extras["region"].astext
    rows = model.Session.query(
        group.id, group.name, group.title, group.description, group.type, region.label("region")
    ).filter(group.type == group_type, group.state == model.State.ACTIVE)
    if wanted:
        rows = rows.filter(
            or_(
                group.title.icontains(wanted, autoescape=True),
                group.name.icontains(wanted, autoescape=True),
                group.extras["former_names"].astext.icontains(wanted, autoescape=True),
            )
        )
    directed = desc if sort.endswith("desc") else asc
    rows = rows.order_by(directed(group.title)) if sort else rows.order_by(region, group.title)
    found = rows.offset(offset).limit(limit)
    return [{**row._mapping, "display_name": row.title or row.name} for row in found]
