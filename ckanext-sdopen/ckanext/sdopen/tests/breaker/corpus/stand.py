"""A real web server whose PostgreSQL, Solr and Redis stand behind proxies that misbehave."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ckanext.sdopen.bench.faults.proxy import Proxy, standing_before
from ckanext.sdopen.services.addresses import DATABASES
from ckanext.sdopen.services.layout import ROOT
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.services.servers import web

# longer than any bound of the portal's; only what waits for ever would reach it
PATIENCE = 300.0
_SIGNS = "/?=&:%"
# shorter than those of the other tests, longer than the portal's: a busy machine answers late
_SETTINGS = {
    "ckanext.sdopen.breaker.connect_seconds": "5",
    "ckanext.sdopen.breaker.solr_read_seconds": "5",
    "ckanext.sdopen.breaker.solr_write_seconds": "15",
    "ckanext.sdopen.breaker.redis_seconds": "5",
    "ckanext.sdopen.breaker.patience_seconds": "4",
    "sqlalchemy.pool_timeout": "3",
    "ckan.datastore.sqlalchemy.pool_timeout": "3",
}


@dataclass(frozen=True)
class Answer:
    """What the server answers."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Stand:
    """The server's address, the proxies before its parts, and its log."""

    url: str
    postgres: Proxy
    solr: Proxy
    redis: Proxy
    log: Path

    def ask(self, path: str, body: Any = None, token: str = "") -> Answer:
        """GET a page or action; POST where there is a body."""
        headers = {"Authorization": token} if token else {}
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        asked = urllib.request.Request(f"{self.url}{quote(path, _SIGNS)}", data, headers)
        try:
            with ready.DIRECT.open(asked, timeout=PATIENCE) as response:
                return self._answer(response.status, response)
        except urllib.error.HTTPError as error:
            with error:
                return self._answer(error.code, error)

    @staticmethod
    def _answer(status: int, response: Any) -> Answer:
        return Answer(status, response.read().decode("utf-8", "replace"), dict(response.headers))

    def action(self, name: str, token: str = "", **parameters: Any) -> Answer:
        """Call an action."""
        return self.ask(f"/api/3/action/{name}", parameters, token)

    def wait_until(self, *parts: str, known: str) -> None:
        """Wait until the process says so of these parts, or of all, at `/health`."""
        assert ready.until(lambda: self._says(parts, known), PATIENCE, lambda: True)

    def _says(self, parts: tuple[str, ...], known: str) -> bool:
        told = self.ask("/health").json["parts"]
        return all(told[part] == known for part in parts or told)


@contextmanager
def standing(
    folder: Path, settings: Mapping[str, str] | None = None, **more: str
) -> Iterator[Stand]:
    """A server of one process; settings in place of the stand's, and more of its environment."""
    own = {**_SETTINGS, **(settings or {})}
    lines = "".join(f"{name} = {value}\n" for name, value in own.items())
    ini = folder / "portal.ini"
    ini.write_text(f"[app:main]\nuse = config:{ROOT / 'test.ini'}\n{lines}", encoding="utf-8")
    given = os.environ
    with (
        standing_before(given["CKAN_SQLALCHEMY_URL"]) as postgres,
        standing_before(given["CKAN_SOLR_URL"]) as solr,
        standing_before(given["CKAN_REDIS_URL"]) as redis,
    ):
        env = {name: postgres.before(given[name]) for name in DATABASES}
        env |= {"CKAN_SOLR_URL": solr.url, "CKAN_REDIS_URL": redis.url, "SDOPEN_WEB_WORKERS": "1"}
        log = folder / "web.log"
        with web.serve(ini, log, {**env, **more}) as url:
            yield Stand(url, postgres, solr, redis, log)
