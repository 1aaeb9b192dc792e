"""Tags, formats and entries by parts of their names from rows, while the index is away."""

from collections.abc import Mapping
from typing import Any

from ckan import model
from ckan.types import Context
from sqlalchemy import func, or_, select

from ckanext.sdopen.directory import readable_rows
from ckanext.sdopen.directory.model import entries


def tags(context: Context | Mapping[str, Any], part: str) -> list[str]:
    """The free tags that hold a part, of the entries that the caller reads."""
    tag, pair = model.Tag, model.PackageTag
    read = readable_rows.condition(readable_rows.held_by(context))
    chosen = (
        select(tag.name)
        .join(pair, pair.tag_id == tag.id)
        .join(entries, entries.c.id == pair.package_id)
        .where(tag.vocabulary_id.is_(None), pair.state == model.State.ACTIVE, read)
        .distinct()
    )
    if part:
        chosen = chosen.where(tag.name.icontains(part, autoescape=True))
    return list(model.Session.scalars(chosen))


def formats(context: Context | Mapping[str, Any], part: str, limit: int) -> list[str]:
    """The formats that hold a part, of files of entries that the caller reads, commonest first."""
    file = model.Resource
    entries_of = func.count(file.package_id.distinct())
    chosen = (
        select(file.format)
        .join(entries, entries.c.id == file.package_id)
        .where(
            file.state == model.State.ACTIVE,
            file.format.icontains(part, autoescape=True),
            file.format != "",
            readable_rows.condition(readable_rows.held_by(context)),
        )
        .group_by(file.format)
        .order_by(entries_of.desc(), file.format)
        .limit(limit)
    )
    return list(model.Session.scalars(chosen))


def named(context: Context | Mapping[str, Any], part: str, limit: int) -> list[dict[str, str]]:
    """Entries that the caller reads whose name or title holds a part, as CKAN completes them."""
    name, title = model.Package.name, entries.c.title
    read = readable_rows.condition(readable_rows.held_by(context))
    holds = or_(name.icontains(part, autoescape=True), title.icontains(part, autoescape=True))
    chosen = (
        select(name, title)
        .join(model.Package, model.Package.id == entries.c.id)
        .where(read, holds)
        .order_by(title, name)
        .limit(limit)
    )
    return [_completed(found.name, found.title, part) for found in model.Session.execute(chosen)]


def _completed(name: str, title: str, part: str) -> dict[str, str]:
    by_name = part.lower() in name
    return {
        "name": name,
        "title": title,
        "match_field": "name" if by_name else "title",
        "match_displayed": name if by_name else f"{title} ({name})",
    }
