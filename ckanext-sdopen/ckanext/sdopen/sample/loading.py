"""Load the sample province into the portal: in phases, each of which a rerun continues."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.catalog import outbox
from ckanext.sdopen.catalog.authority import governing
from ckanext.sdopen.catalog.bulk import batch
from ckanext.sdopen.catalog.bulk.candidates import CREATED
from ckanext.sdopen.portal import topics
from ckanext.sdopen.sample.province import Province
from ckanext.sdopen.sample.records import Department, Entry
from ckanext.sdopen.sample.table_files import resources_of
from ckanext.sdopen.search import drain

BATCH = 1000
T = TypeVar("T")


class SampleRefused(Exception):
    """The rules of the portal refuse an entry of the sample; the text says which and why."""


Told = Callable[[int], None]


def site_context() -> Context:
    """A context of the site's own user, whom no rule stops."""
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return Context(user=site_user["name"], ignore_auth=True)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size` of the items, in their order."""
    stream = iter(items)
    while taken := list(islice(stream, size)):
        yield taken


def known(table: Any, ids: list[str]) -> set[str]:
    """Those of the ids that the table holds."""
    return {row[0] for row in model.Session.query(table.id).filter(table.id.in_(ids))}


def load_topics(told: Told) -> None:
    """Make the topics of the code list that the portal lacks."""
    for _ in topics.make():
        told(1)


def _group(department: Department) -> model.Group:
    payload = department.payload()
    group = model.Group(name=payload.pop("name"), title=payload.pop("title"), type="organization")
    group.id = payload.pop("id")
    group.is_organization = True
    group.extras = {name: str(value) for name, value in payload.items()}
    return group


def load_departments(province: Province, told: Told) -> None:
    """Make the departments that the portal lacks, set-based: the generator's own, already valid.

    organization_create takes 50 ms each; these rows are what it leaves, parents included.
    """
    for some in batches(province.departments(), 100):
        have = known(model.Group, [department.id for department in some])
        new = [(one, _group(one)) for one in some if one.id not in have]
        model.Session.add_all(group for _, group in new)
        model.Session.flush()
        for department, group in new:
            parent = governing(department.region, department.id)
            if parent:
                # the group itself: a Member made with its id alone is saved without it
                member = model.Member(
                    group=group, table_name="group", table_id=parent, capacity="public"
                )
                model.Session.add(member)
        model.Session.commit()
        told(len(some))


def load_entries(entries: Iterable[Entry], told: Told) -> None:
    """Write the entries that the portal lacks, by bulk writes; `index` makes them searchable.

    Nobody did this work: it leaves no activities. What stands there is left as it is.

    Raises:
        SampleRefused: the portal's rules refuse an entry of the sample.
    """
    for entries_ in batches(entries, BATCH):
        have = known(model.Package, [entry.id for entry in entries_])
        records = [
            {**entry.payload, "resources": resources_of(entry)}
            for entry in entries_
            if entry.id not in have
        ]
        if records:
            _write(records)
        model.Session.remove()
        told(len(entries_))


def _write(records: list[dict[str, Any]]) -> None:
    silent = {**site_context(), batch.SILENT: True}
    answer = batch.upsert(silent, records, run="", key="")  # type: ignore[arg-type]
    for record, outcome in zip(records, answer["records"], strict=True):
        if outcome["result"] != CREATED:
            raise SampleRefused(f"{record['title']}: {outcome}")


def index(told: Told, seconds: float = 600) -> None:
    """Index what waits, and wait until it can be found."""
    waiting = outbox.length(1_000_000)
    model.Session.remove()
    left = drain.drain_until(outbox.highest(), seconds)
    model.Session.remove()
    told(waiting - left)
