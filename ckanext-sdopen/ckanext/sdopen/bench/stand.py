"""A portal of its own for measurements: departments and account made, emptied between runs."""

import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from ckanext.sdopen.services import commands
from ckanext.sdopen.services.running import ready, throwaway
from ckanext.sdopen.services.running.stack import Options
from ckanext.sdopen.services.running.throwaway import Throwaway

# what entries leave behind; departments, topics and accounts stay
TABLES = (
    "package",
    "resource",
    "tag",
    "package_tag",
    "activity",
    "sdopen_entry",
    "sdopen_number",
    "sdopen_outbox",
    "sdopen_bulk_receipt",
    "sdopen_tombstone",
)
_POLL = 0.1
# how long a database may recover from a killed process, in seconds, on a busy machine
_RECOVERY = 300.0


@dataclass(frozen=True)
class Stand:
    """The stack, and where the token of the harvest account is kept."""

    stack: Throwaway
    token_file: Path

    @property
    def token(self) -> str:
        """The harvest account's token."""
        return self.token_file.read_text(encoding="utf-8").strip()

    def pids(self) -> list[int]:
        """The first process of every part."""
        return [child.pid for child in self.stack.children.values()]

    def _link(self) -> "psycopg2.extensions.connection":
        """A connection, waited for while the database recovers from a killed process."""
        deadline = time.monotonic() + _RECOVERY
        while True:
            try:
                return psycopg2.connect(self.stack.database_url)
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_POLL)

    @contextmanager
    def _cursor(self) -> Iterator["psycopg2.extensions.cursor"]:
        """A cursor on a connection of its own, whose statements are transactions of their own."""
        link = self._link()
        link.autocommit = True
        try:
            with link.cursor() as cursor:
                yield cursor
        finally:
            link.close()

    def sql(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement, in a transaction of its own."""
        with self._cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def solr(self, path: str, body: object = None) -> dict[str, Any]:
        """The JSON answer of the index."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310  our own service
            f"{self.stack.solr_url}{path}", data, self.stack.solr_headers
        )
        with ready.DIRECT.open(request, timeout=600) as response:
            found: dict[str, Any] = json.load(response)
            return found

    def indexed(self) -> int:
        """How many entries a search finds."""
        found = self.solr("/select?q=*:*&rows=0&fq=entity_type:package&fq=state:active")
        return int(found["response"]["numFound"])

    def waiting(self) -> int:
        """How many entries wait for the index."""
        return int(self.sql("SELECT count(*) FROM sdopen_outbox")[0][0])

    def wait_until_indexed(self, entries: int, seconds: float = 600) -> None:
        """Wait until nothing waits for the index and a search finds so many entries.

        Raises:
            TimeoutError: it does not come to that.
        """
        deadline = time.monotonic() + seconds
        while True:
            try:
                self._watch(entries, deadline)
            except psycopg2.OperationalError:
                # a killed session takes those beside it along, this one too
                if time.monotonic() > deadline:
                    raise
            else:
                return

    def _watch(self, entries: int, deadline: float) -> None:
        # one connection, seldom asked: the watching must not cost what is watched
        with self._cursor() as cursor:
            while True:
                cursor.execute("SELECT EXISTS (SELECT FROM sdopen_outbox)")
                if not cursor.fetchall()[0][0] and self.indexed() == entries:
                    return
                if time.monotonic() > deadline:
                    found = f"{self.waiting()} wait, {self.indexed()} of {entries} are found"
                    raise TimeoutError(found)
                time.sleep(_POLL)

    def clear(self) -> None:
        """Remove every entry, from the tables and from the index."""
        self.sql(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        self.sql("DELETE FROM member WHERE table_name = 'package'")
        # what deleted rows leave, which an empty portal has not
        self.sql("VACUUM member")
        self.solr("/update?commit=true", {"delete": {"query": "*:*"}})

    def call(self, action: str, values: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """(status, answer) of an action, called by the harvest account."""
        request = urllib.request.Request(  # noqa: S310  our own service
            f"{self.stack.url}/api/3/action/{action}",
            json.dumps(values).encode(),
            {"Content-Type": "application/json", "Authorization": self.token},
        )
        try:
            with ready.DIRECT.open(request, timeout=600) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def renew_token(self) -> None:
        """Give the harvest account a new token."""
        arguments = ["sdopen", "portal", "harvest-account", "--token-file", str(self.token_file)]
        self.stack.ckan("harvest", *arguments)

    def within(self, *arguments: str) -> None:
        """Run one of the benches' hidden commands inside this portal."""
        argv = [sys.executable, "-m", "ckanext.sdopen.bench", *arguments]
        log = self.stack.layout.log("bench")
        commands.run("sample", argv, log, env=self.stack.environment)


@contextmanager
def standing(
    folder: Path,
    catalogs: int,
    *,
    options: Options | None = None,
    given: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Stand]:
    """A portal in this folder that is ready for a province of so many catalogs."""
    with throwaway.running(folder, options=options, given=given, settings=settings) as stack:
        stand = Stand(stack, folder / "harvest.token")
        stand.within("furnish", "--catalogs", str(catalogs), "--token-file", str(stand.token_file))
        yield stand
