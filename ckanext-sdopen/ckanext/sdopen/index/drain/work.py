"""What the drainer has under way: rows sent and not yet on Solr's disk, rows that Solr refused."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen.directory import outbox
from ckanext.sdopen.directory.outbox import Waiting
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.documents.send import Outcome

_REPORT_SECONDS = 5.0
# a document that Solr refused is tried again after so long, then after twice as long, …
_AGAIN, _AGAIN_AT_MOST = 60.0, 3_600.0


@dataclass
class Work:
    """What was sent and waits for the hard commit, and what is to be tried again later."""

    sent: dict[Waiting, None] = field(default_factory=dict)
    since: float = 0.0
    later: dict[Waiting, tuple[float, float]] = field(default_factory=dict)
    after: int = 0
    done: int = 0
    refused: int = 0
    # whether something was left out because somebody was changing it
    busy: bool = False
    # whether something was written that no search finds yet
    unseen: bool = False

    def add(self, rows: list[Waiting], outcome: Outcome) -> None:
        """Note what became of a batch."""
        if not self.sent:
            self.since = time.monotonic()
        apart = outcome.refused.keys() | set(outcome.busy)
        self.sent |= dict.fromkeys(row for row in rows if row.entry_id not in apart)
        self.done += len(rows) - len(apart)
        self.busy = self.busy or bool(outcome.busy)
        self.refused += len(outcome.refused)
        failed = {r: outcome.refused[r.entry_id] for r in rows if r.entry_id in outcome.refused}
        for row in failed:
            _, pause = self.later.get(row, (0.0, _AGAIN / 2))
            pause = min(pause * 2, _AGAIN_AT_MOST)
            self.later[row] = (time.monotonic() + pause, pause)
        outbox.failed(failed)
        model.Session.commit()

    def is_due(self) -> bool:
        """Whether enough was sent, or waits long enough, for a hard commit."""
        most = int(tk.config["ckanext.sdopen.search.drain_commit_documents"])
        longest = int(tk.config["ckanext.sdopen.search.drain_commit_seconds"])
        waits = time.monotonic() - self.since
        return bool(self.sent) and (len(self.sent) >= most or waits >= longest)

    def commit(self, visible: bool = False) -> None:
        """Have Solr write what was sent; only then its rows leave the outbox."""
        if self.sent:
            solr.hard_commit(visible)
            outbox.done(list(self.sent))
            model.Session.commit()
            # rows of transactions that ended after later ones have lower versions
            self.sent, self.after = {}, 0
            self.unseen = not visible
        elif visible and self.unseen:
            solr.soft_commit()
            self.unseen = False

    def forget(self) -> None:
        """Begin again with what stands in the outbox: nothing that was sent is certain."""
        self.sent, self.after = {}, 0

    def look_again(self) -> None:
        """Go through the outbox from its beginning; what was sent is not sent twice."""
        self.after = 0

    def next(self, limit: int) -> list[Waiting]:
        """The next rows to be indexed."""
        now = time.monotonic()
        while True:
            rows = outbox.waiting(self.after, limit)
            model.Session.rollback()
            if not rows:
                return []
            self.after = rows[-1].version
            due = [
                row
                for row in rows
                if row not in self.sent and self.later.get(row, (0.0, 0.0))[0] <= now
            ]
            if due:
                return due


class Progress:
    """Lines about the work, at most one in five seconds, none where nothing happens."""

    def __init__(self, say: Callable[[str], None], work: Work) -> None:
        self._say, self._work = say, work
        self._began = self._last = time.monotonic()
        self._counted = self._at_begin = 0

    def report(self, finished: bool) -> None:
        """Say how far the work is."""
        now, done = time.monotonic(), self._work.done + self._work.refused
        if done == self._counted:
            if finished:
                self._began, self._at_begin = now, done
            return
        if finished or now - self._last >= _REPORT_SECONDS:
            rate = (done - self._at_begin) / max(now - self._began, 0.001)
            waiting = outbox.length(1_000_000)
            model.Session.rollback()
            refused = f", {self._work.refused} could not be indexed" if self._work.refused else ""
            self._say(f"{self._work.done} indexed{refused}, {rate:.0f}/s, {waiting} waiting")
            self._last, self._counted = now, done
