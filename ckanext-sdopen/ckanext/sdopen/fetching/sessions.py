"""Sessions of `requests` whose connections a guard makes."""

import socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from ckanext.sdopen.fetching.guard import Guard


class _Guarded:
    guard: Guard
    _dns_host: str
    port: int

    def _new_conn(self) -> socket.socket:
        return self.guard.connect(self._dns_host, self.port)


def _pools(guard: Guard) -> dict[str, Any]:
    kinds = (
        ("http", HTTPConnectionPool, HTTPConnection),
        ("https", HTTPSConnectionPool, HTTPSConnection),
    )
    return {
        scheme: type(
            "Pool",
            (pool,),
            {"ConnectionCls": type("Connection", (_Guarded, kind), {"guard": guard})},
        )
        for scheme, pool, kind in kinds
    }


class _Adapter(HTTPAdapter):
    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        """Make connections by the guard."""
        super().init_poolmanager(*arguments, **more)
        self.poolmanager.pool_classes_by_scheme = _pools(self._guard)

    def proxy_manager_for(self, proxy: Any, **more: Any) -> Any:
        """Make connections to the proxy by the guard, too."""
        manager = super().proxy_manager_for(proxy, **more)
        manager.pool_classes_by_scheme = _pools(self._guard)
        return manager


def session(guard: Guard) -> requests.Session:
    """A session that reads nothing from the environment: no proxy, no passwords of `.netrc`."""
    made = requests.Session()
    made.trust_env = False
    made.headers.update({"User-Agent": "sdopen", "Accept": "*/*", "Accept-Encoding": "gzip"})
    made.verify = guard.rules.ca_file or True
    if guard.rules.proxy:
        made.proxies = {"http": guard.rules.proxy, "https": guard.rules.proxy}
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter(guard))
    return made
