"""A load from beginning to end: bytes, tables, columns, version, findings, publication."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from ckanext.sdopen import moments
from ckanext.sdopen.table_publishing.loading import (
    fitting,
    kept,
    normalised,
    publishing,
    settings,
)
from ckanext.sdopen.table_publishing.loading.asked import Asked
from ckanext.sdopen.table_publishing.loading.fitting import Fitting
from ckanext.sdopen.table_publishing.loading.kept import BOOK, FINDINGS, MARKED, ROWS, Kept
from ckanext.sdopen.table_publishing.loading.progress import Progress
from ckanext.sdopen.table_publishing.loading.sentences import LANGUAGES, LoadRefused
from ckanext.sdopen.table_publishing.loading.source import FETCHED, bring
from ckanext.sdopen.table_publishing.marking import child_process as marking
from ckanext.sdopen.table_publishing.marking import wrong_rows
from ckanext.sdopen.tables import settings as tables_settings
from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.confined import calls as making
from ckanext.sdopen.tables.findings.records import (
    CellFinding,
    ColumnFinding,
    Rule,
    Summary,
    cell_sentence,
)
from ckanext.sdopen.tables.findings.sentences import say
from ckanext.sdopen.tables.making.make import Asked as ToMake
from ckanext.sdopen.tables.making.make import Made
from ckanext.sdopen.tables.store.store import Store


class Load:
    """A load under way: what is known of it so far is kept, however it ends."""

    def __init__(self, asked: Asked, progress: Progress) -> None:
        self.asked, self.progress = asked, progress
        self.folder = settings.work_folder(asked.job)
        self._said: dict[str, Any] = {}
        self._files: dict[str, Path] = {}

    def done(self) -> Kept:
        """Load and publish the table; what came of it.

        Raises:
            LoadRefused, FetchError, SheetError, TableError: nothing is published; see `refused`.
        """
        fitted, source = self._fitted()
        self._said = {"remarks": fitted.remarks, "source": dict(source)}
        _refuse_many(fitted.table.account.rows, self.asked.declared_rows)
        publishing.refuse_closed(self.asked.entry, fitted.matched)
        store = tables_settings.store()
        part = store.part()
        try:
            made = self._made(fitted, source, part)
            return self._published(fitted, made, store, part)
        finally:
            part.unlink(missing_ok=True)

    def _fitted(self) -> tuple[Fitting, Mapping[str, Any]]:
        """The table that is loaded, and what its version says of its source."""
        items = self.asked.items
        tables = normalised.tables(
            self.asked.source, fitting.expected(items), self.folder, self.progress
        )
        fitted = fitting.fitting(tables, items)
        return fitted, fitting.source_of(fitted.table.account, self.asked.source.name)

    def refused(self, why: Mapping[str, str]) -> Kept:
        """What is kept of a load of which nothing was published."""
        return self._kept(refused=dict(why))

    def keep(self, load: Kept) -> None:
        """Keep it for who may edit the entry."""
        kept.keep(load, self._files)

    def _made(self, fitted: Fitting, source: Mapping[str, Any], part: Path) -> Made:
        limits = tables_settings.limits()
        self.progress.stage("making", 50, 90)
        found = self.folder / f"{uuid4()}.csv"
        matched = fitted.matched
        asked = ToMake(self.asked.resource, source, matched.columns, matched.findings, fitted.typed)
        made = making.make(fitted.table.csv, asked, part, found, limits, self.progress.share)
        self._said["summary"] = told_of(made.summary, fitted.matched.columns)
        if made.summary.bad_cells:
            self._files[FINDINGS] = found
            self._write_rows(fitted, made.first)
        if made.version is None:
            raise _not_taken(made.summary, limits.bad_percent)
        return made

    def _write_rows(self, fitted: Fitting, first: tuple[CellFinding, ...]) -> None:
        """Write the wrong rows as files, and mark them in the department's own workbook."""
        self.progress.stage("findings", 90, 95)
        table, book, marks = (self.folder / f"{uuid4()}.{one}" for one in ("csv", "xlsx", "xlsx"))
        columns, csv = fitted.matched.columns, fitted.table.csv
        wrong_rows.write(csv, columns, first, (table, book), lambda: self.progress.share(0.5))
        self._files |= {ROWS: table, BOOK: book}
        account = fitted.table.account
        own = self._own_file() if marking.can_be(account) else None
        if own and marking.write(own, marks, account, columns, first, settings.marking()):
            self._files[MARKED] = marks

    def _own_file(self) -> Path | None:
        """The file that is loaded, where it is still here."""
        brought, source = self.folder / FETCHED, self.asked.source
        if source.address:
            return brought if brought.is_file() else None
        return bring(source, self.folder, self.progress.share)

    def _published(self, fitted: Fitting, made: Made, store: Store, part: Path) -> Kept:
        version = made.version
        assert version is not None  # noqa: S101 for the types
        self.progress.stage("publishing", 95, 100)
        # what is refused needs no room in the store
        publishing.require_gate(self.asked)
        store.put(part, version.hash)
        counts = made.summary.as_dict()
        number = publishing.publish(self.asked, fitted.matched, version, counts, store)
        return self._kept(number=number, hash=version.hash, rows=version.rows)

    def _kept(self, **outcome: Any) -> Kept:
        ended = moments.instant().replace(microsecond=0).isoformat()
        asked = self.asked
        return Kept(asked.resource, asked.job, ended, asked.source.name, **self._said, **outcome)


def _refuse_many(rows: int, declared: int) -> None:
    """Refuse a table of many more rows than its catalog declares: it may be the wrong file."""
    times = settings.declared_times()
    if times and declared and rows > declared * times:
        raise LoadRefused("many_rows", rows=rows, declared=declared, times=times)


def _not_taken(summary: Summary, most: float) -> LoadRefused:
    if summary.rows == summary.left_out:
        return LoadRefused("no_rows")
    share = f"{summary.bad_share:.1f}"
    return LoadRefused(
        "too_many_bad", rows=summary.rows, bad=summary.bad_rows, share=share, most=f"{most:g}"
    )


def told_of(summary: Summary, columns: Mapping[str, Column]) -> dict[str, Any]:
    """A summary as it is kept: a sentence in both languages at each count and column."""
    by_name = {column.name: column for column in columns.values()}
    told = summary.as_dict()
    for one in told["counts"]:
        rule, column = Rule(one["rule"]), by_name.get(one["column"])
        one |= {
            lang: cell_sentence(rule, column, lang) if column else say(rule, lang)
            for lang in LANGUAGES
        }
    for one in told["columns"]:
        finding = ColumnFinding(Rule(one["rule"]), one["column"])
        one |= {lang: finding.sentence(lang) for lang in LANGUAGES}
    return told
