"""Load the sample province into the portal: in phases, each of which a rerun continues."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar, cast

import ckan.plugins.toolkit as tk
import click
from ckan import model
from ckan.types import Context

from ckanext.sdopen.bulk import batch
from ckanext.sdopen.bulk.record import CREATED
from ckanext.sdopen.departments import topic_pages
from ckanext.sdopen.departments.batch import batch as department_batch
from ckanext.sdopen.departments.batch.group_types import DEPARTMENT
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.portal import accounts
from ckanext.sdopen.sample.entries.places import PROVINCE
from ckanext.sdopen.sample.province import Province
from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.tables.resources import resources_of

BATCH = 1000
# seconds in which even a very busy Solr takes something
PATIENCE = 300.0
T = TypeVar("T")


class SampleRefused(click.ClickException):
    """The rules of the portal refuse a record of the sample; the text says which and why."""


OnLoaded = Callable[[int], None]


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


def load_topics(on_loaded: OnLoaded) -> None:
    """Make the topics of the code list that the portal lacks."""
    for _ in topic_pages.make():
        on_loaded(1)


def load_departments(province: Province, on_loaded: OnLoaded) -> None:
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
            answer = department_batch.upsert(_silent(), DEPARTMENT, records, run="", key="")
            _require_created(records, answer)
        model.Session.remove()
        on_loaded(len(some))
    accounts.follow_authority()


def load_entries(entries: Iterable[Entry], on_loaded: OnLoaded) -> None:
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
        on_loaded(len(entries_))


def _silent() -> Context:
    """The context of work that nobody did."""
    return cast(Context, {**site_context(), batch.SILENT: True})


def _require_created(records: list[dict[str, Any]], answer: dict[str, Any]) -> None:
    for record, outcome in zip(records, answer["records"], strict=True):
        if outcome["result"] != CREATED:
            said = [finding["message"] for finding in outcome.get("findings", ())]
            raise SampleRefused(f"{record['title']}: {'; '.join(said) or outcome['result']}")


def index(on_loaded: OnLoaded, patience: float = PATIENCE) -> int:
    """Index what waits, and wait until it can be found, or until nothing moved for so many seconds.

    Returns:
        How many entries still wait; whoever drains the outbox goes on with them.
    """
    waiting = outbox.length(1_000_000)
    model.Session.remove()
    left = drainer.drain_while_it_moves(outbox.highest(), patience)
    model.Session.remove()
    on_loaded(waiting - left)
    return left
