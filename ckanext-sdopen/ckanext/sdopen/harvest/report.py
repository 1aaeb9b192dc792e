"""The report of a run: counts and reasons on the terminal, every finding in a CSV file."""

import csv
import datetime
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ckanext.sdopen.harvest.messages import say
from ckanext.sdopen.harvest.pushing.one_by_one import FAILED, MERGED, RESULTS, Outcome
from ckanext.sdopen.harvest.reading.row_findings import Finding
from ckanext.sdopen.harvest.reading.source import Source

_COLUMNS = ("row", "key", "title", "result", "code", "message")


@dataclass
class Report:
    """What a run did, gathered while it goes on, so that an interrupted run can tell too."""

    source: Source
    rows: int = 0
    departments_made: int = 0
    file_findings: list[Finding] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    started: datetime.datetime = field(default_factory=lambda: datetime.datetime.now().astimezone())

    def counts(self) -> dict[str, int]:
        """{result: rows}: every row of the file in one of RESULTS."""
        counts = Counter(outcome.result for outcome in self.outcomes)
        counts[MERGED] = sum(len(outcome.entry.merged_rows) for outcome in self.outcomes)
        return {result: counts[result] for result in RESULTS}

    def findings_by_code(self) -> dict[str, int]:
        """How often each finding stands in the run."""
        return dict(Counter(finding.code for finding in self._findings()).most_common())

    def _findings(self) -> Iterable[Finding]:
        yield from self.file_findings
        for outcome in self.outcomes:
            yield from outcome.entry.findings

    def lines(self) -> Iterable[dict[str, Any]]:
        """One line per row and finding; a row without findings has one line all the same."""
        for finding in self.file_findings:
            yield self._line("", "", "", "", finding.code, finding.sentence)
        for outcome in sorted(self.outcomes, key=lambda o: o.entry.row):
            entry = outcome.entry
            said = [(f.row, f.code, f.sentence) for f in entry.findings]
            if outcome.reason:
                said.append(
                    (entry.row, "portal_refused", say("portal_refused", reason=outcome.reason))
                )
            for row, code, sentence in said or [(entry.row, "", "")]:
                result = MERGED if code == "row_merged" else outcome.result
                yield self._line(row, entry.key, entry.title, result, code, sentence)

    @staticmethod
    def _line(*cells: Any) -> dict[str, Any]:
        return dict(zip(_COLUMNS, cells, strict=True))

    def rejected(self) -> list[tuple[int, str, str]]:
        """(row, title, reason) of each rejected row."""
        found = []
        for outcome in self.outcomes:
            if outcome.result in FAILED:
                reason = outcome.reason or " ".join(f.sentence for f in outcome.entry.findings)
                found.append((outcome.entry.row, outcome.entry.title, reason))
        return sorted(found)

    def summary(self) -> dict[str, Any]:
        """The run as one JSON object."""
        return {
            "source": self.source.id,
            "started": self.started.isoformat(timespec="seconds"),
            "rows": self.rows,
            **self.counts(),
            "departments_made": self.departments_made,
            "findings": self.findings_by_code(),
        }

    def write(self, folder: Path) -> Path:
        """Write summary and findings; returns the CSV, which a spreadsheet opens as it is."""
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"{self.source.id}-{self.started:%Y%m%d-%H%M%S}"
        summary = json.dumps(self.summary(), ensure_ascii=False, indent=1)
        (folder / f"{stem}.json").write_text(summary + "\n", encoding="utf-8")
        path = folder / f"{stem}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(say(f"report_{column}") for column in _COLUMNS)
            for line in self.lines():
                writer.writerow(_safe(line[column]) for column in _COLUMNS)
        return path


def _safe(cell: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if str(cell)[:1] in tuple("=+-@\t\r") else str(cell)
