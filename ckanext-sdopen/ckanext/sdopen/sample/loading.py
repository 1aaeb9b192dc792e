"""Load the sample province into the portal: in phases, each of which a rerun continues."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar, cast

import ckan.plugins.toolkit as tk
import click
from ckan import model
from ckan.types import Context

from ckanext.sdopen.catalog import outbox
from ckanext.sdopen.catalog.bulk import batch
from ckanext.sdopen.catalog.bulk.candidates import CREATED
from ckanext.sdopen.portal import accounts, topics
from ckanext.sdopen.portal.groups import batch as groups
from ckanext.sdopen.portal.groups.sorts import DEPARTMENT
from ckanext.sdopen.sample.places import PROVINCE
from ckanext.sdopen.sample.province import Province
from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.table_files import resources_of
from ckanext.sdopen.search import drain

BATCH = 1000
T = TypeVar("T")


class SampleRefused(click.ClickException):
    """The rules of the portal refuse a record of the sample; the text says which and why."""


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


def load_departments(province: Province, told: Told) -> None:
    """Write the departments that the portal lacks, by the batch; nobody did this work, either.

    The harvest account goes over to the data authority of the sample.

    Raises:
        SampleRefused: the portal's rules refuse a department of the sample.
    """
    accounts.make_way(PROVINCE)
    for some in batches(province.departments(), BATCH):
        have = known(model.Group, [department.id for department in some])
        records = [one.payload() for one in some if one.id not in have]
        if records:
            answer = groups.upsert(_silent(), DEPARTMENT, records, run="", key="")
            _require_created(records, answer)
        model.Session.remove()
        told(len(some))
    accounts.follow_authority()


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
            _require_created(records, batch.upsert(_silent(), records, run="", key=""))
        model.Session.remove()
        told(len(entries_))


def _silent() -> Context:
    """The context of work that nobody did."""
    return cast(Context, {**site_context(), batch.SILENT: True})


def _require_created(records: list[dict[str, Any]], answer: dict[str, Any]) -> None:
    for record, outcome in zip(records, answer["records"], strict=True):
        if outcome["result"] != CREATED:
            said = [finding["message"] for finding in outcome.get("findings", ())]
            raise SampleRefused(f"{record['title']}: {'; '.join(said) or outcome['result']}")


def index(told: Told, seconds: float = 600) -> None:
    """Index what waits, and wait until it can be found."""
    waiting = outbox.length(1_000_000)
    model.Session.remove()
    left = drain.drain_until(outbox.highest(), seconds)
    model.Session.remove()
    told(waiting - left)
