"""Whether a service answers, asked the way its users ask it."""

import base64
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

from ckanext.sdopen.services.addresses import Addresses, host_and_port, without_password
from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.messages import Trouble
from ckanext.sdopen.services.servers.postgres import binaries

PAUSE = 0.1
# our own services are on loopback: a proxy of the environment has no business there
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def until(
    answers: Callable[[], object],
    seconds: float,
    goes_on: Callable[[], bool],
    life: Callable[[], object] = lambda: None,
) -> bool:
    """Ask again until there is an answer, or there is no point in waiting.

    Args:
        answers: asked again and again.
        seconds: how long it is waited while nothing moves.
        goes_on: whether there is a point in waiting.
        life: what is another value when something moved meanwhile.
    """
    while goes_on():
        before, deadline = life(), time.monotonic() + seconds
        while time.monotonic() < deadline and goes_on():
            if answers():
                return True
            time.sleep(PAUSE)
        if life() == before:
            return False
    return False


def http_status(url: str, timeout: float = 10.0, headers: Mapping[str, str] | None = None) -> int:
    """The status of a GET request, 0 when nobody answers."""
    request = urllib.request.Request(url, headers=dict(headers or {}))  # noqa: S310
    try:
        with DIRECT.open(request, timeout=timeout) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def knocks(host: str, port: int, timeout: float = 5.0) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection((host, port), timeout).close()
    except OSError:
        return False
    return True


def postgres_answers(layout: Layout, port: int) -> bool:
    """Whether our PostgreSQL accepts connections; during recovery it does not yet."""
    argv = [str(binaries(layout) / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(argv, check=False).returncode == 0


def redis_answers(port: int, password: str) -> bool:
    """Whether our Redis answers a PING; while it loads its file it does not yet."""
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as link:
            link.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            link.settimeout(2)
            said = b""
            while said.count(b"\n") < 2:
                part = link.recv(256)
                if not part:
                    break
                said += part
    except OSError:
        return False
    return b"+PONG" in said


def solr_headers(urls: Mapping[str, str]) -> dict[str, str]:
    """The headers of a request to Solr: name and password where there are any."""
    user = urls.get("CKAN_SOLR_USER")
    if not user:
        return {}
    login = f"{user}:{urls.get('CKAN_SOLR_PASSWORD', '')}".encode()
    return {"Authorization": "Basic " + base64.b64encode(login).decode()}


def solr_status(urls: Mapping[str, str]) -> int:
    """The status of the smallest search."""
    url = f"{urls['CKAN_SOLR_URL'].rstrip('/')}/select?q=*:*&rows=0"
    return http_status(url, headers=solr_headers(urls))


def refuse_silent_outsiders(addresses: Addresses) -> None:
    """End when a service given from outside does not answer."""
    for variable, url in addresses.outside().items():
        if not knocks(*host_and_port(url)):
            raise Trouble("outside_silent", variable=variable, url=without_password(url))
    if not addresses.starts("solr") and "CKAN_SOLR_URL" in addresses.urls:
        status = solr_status(addresses.urls)
        if status != 200:
            url = without_password(addresses.urls["CKAN_SOLR_URL"])
            raise Trouble("outside_solr", url=url, status=status)
