"""What an entry breaks, by itself and among the others; whether everybody will read it."""

from ckan import model

from ckanext.sdopen.access import entry_facts
from ckanext.sdopen.directory import neighbours
from ckanext.sdopen.entries.steps.answers import Answers
from ckanext.sdopen.entries.steps.arrival import Arrival
from ckanext.sdopen.entries.validation import served_catalog
from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.standard.check import check, judged
from ckanext.sdopen.standard.findings import has_errors


def check_itself(arrival: Arrival, answers: Answers) -> None:
    """Ask the rules about the entry by itself."""
    entry = arrival.entry
    items = []
    if arrival.kind == ids.INTERFACE:
        items = served_catalog.items_of_catalog(answers.catalog(entry.get("catalog")), entry)
    profile = answers.profile(from_source=arrival.is_harvested)
    arrival.findings += check(entry, profile, arrival.kind, served_items=items)


def check_among_others(arrival: Arrival, answers: Answers) -> None:
    """Ask the directory about an entry that is sound by itself."""
    if has_errors(arrival.findings):
        return
    is_new = arrival.stored is None
    around = answers.around(arrival)
    found = neighbours.findings_of(around, arrival.entry, arrival.region, is_new)
    profile = answers.profile(from_source=arrival.is_harvested)
    arrival.findings += judged(found, profile.severities)


def close(arrival: Arrival, answers: Answers) -> None:
    """CKAN's `private`: not everybody reads it, once it is published.

    Without a provider the entry is refused for that alone.
    """
    entry = arrival.entry
    catalog = answers.catalog(entry.get("catalog"))
    read = entry_facts.of_values({**entry, "state": model.State.ACTIVE}, catalog)
    arrival.private = bool(entry.get("owner_org")) and not entry_facts.is_public(read)
