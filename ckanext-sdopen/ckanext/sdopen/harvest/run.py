"""One harvest run: read, check, map, merge, push, report."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ckanext.sdopen.harvest.pushing import bulk_push, one_by_one
from ckanext.sdopen.harvest.pushing.by_batches import Bulk
from ckanext.sdopen.harvest.pushing.one_by_one import Outcome
from ckanext.sdopen.harvest.pushing.portal import Portal
from ckanext.sdopen.harvest.reading import mapping, readers, same_entries, workbook_rows
from ckanext.sdopen.harvest.reading.mapping import Entry
from ckanext.sdopen.harvest.reading.source import WORKBOOK, Source
from ckanext.sdopen.harvest.report import Report

BULK = "bulk"
WAYS = ("action", BULK)
Outcomes = Iterable[Outcome]


def gather(source: Source) -> tuple[list[Entry], Report]:
    """Read the source's file and map it; nothing is sent.

    Raises:
        HarvestError: the file cannot be read, or a column that the source names is missing.
    """
    if source.input.format == WORKBOOK:
        entries, rows, notes = workbook_rows.gather(source)
        return entries, Report(source, rows=rows, file_findings=notes)
    table = readers.read(source)
    report = Report(source, rows=len(table.rows))
    found, report.file_findings = mapping.check_columns(source, table)
    mapped = ((mapping.map_row(row, source, found), row) for row in table.rows)
    return same_entries.distinct_entries(mapped, source, found), report


@dataclass(frozen=True)
class Pushing:
    """How a run is pushed: connections to the portal, how many at once, and by which of WAYS."""

    portals: Callable[[], Portal]
    workers: int
    way: str = WAYS[0]

    def outcomes(
        self, entries: list[Entry], source: Source, departments: dict[str, str]
    ) -> Outcomes:
        """What became of each entry, in their order, while they are pushed."""
        if self.way == BULK:
            bulk = Bulk(self.portals(), bulk_push.new_run(source.id), self.workers)
            return bulk_push.push(entries, source, bulk, departments)
        return one_by_one.push(entries, source, self.portals, departments, self.workers)


def run(
    entries: list[Entry],
    report: Report,
    pushing: Pushing,
    on_outcome: Callable[[Outcome], None],
) -> None:
    """Push the entries; the report grows with each, so an interrupted run can be told and rerun.

    Raises:
        PortalError: the portal cannot be used any more.
    """
    portal = pushing.portals()
    portal.check_account()
    source = report.source
    departments, report.departments_made = one_by_one.make_departments(entries, source, portal)
    for outcome in pushing.outcomes(entries, source, departments):
        report.outcomes.append(outcome)
        on_outcome(outcome)


def default_folder() -> Path:
    """Where reports go unless told otherwise: var/harvest under the working directory."""
    return Path("var") / "harvest"
