"""SolrCloud from the same jars and the same config set: two nodes and their ZooKeeper."""

import json
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.layout import TEST
from ckanext.sdopen.services.messages import Trouble, text
from ckanext.sdopen.services.running import processes, ready
from ckanext.sdopen.services.servers import solr

COLLECTION = "sd"
_Child = subprocess.Popen[bytes]
# of an answer, and without a sign of life
_SECONDS = 300.0


def ask(url: str, body: object = None) -> dict[str, Any]:
    """The JSON answer of a node."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data, headers)  # noqa: S310  our own service
    with ready.DIRECT.open(request, timeout=_SECONDS) as response:
        found: dict[str, Any] = json.load(response)
        return found


def _java(*arguments: str, heap: str, log: Path) -> _Child:
    classes = solr.environment(TEST)["SDOPEN_SOLR_CLASSES"]
    with log.open("ab") as out:
        return subprocess.Popen(
            ["java", f"-Xmx{heap}", "-cp", classes, *arguments],
            stdout=out,
            stderr=subprocess.STDOUT,
            # by which what it computes is counted
            start_new_session=True,
        )


@dataclass
class Cloud:
    """Nodes by their ports."""

    folder: Path
    keeper: _Child
    keeper_port: int
    session_ms: int
    nodes: dict[str, _Child] = field(default_factory=dict)
    commands: dict[str, list[str]] = field(default_factory=dict)

    def url(self, port: str) -> str:
        """The collection's address at a node."""
        return f"http://127.0.0.1:{port}/solr/{COLLECTION}"

    def admin(self, port: str, **asked: Any) -> dict[str, Any]:
        """The answer of the API of collections."""
        query = urllib.parse.urlencode(asked)
        return ask(f"http://127.0.0.1:{port}/solr/admin/collections?{query}")

    def add(self, name: str) -> str:
        """Start a node more; its port."""
        source = solr.source(TEST)
        home = self.folder / name
        home.mkdir()
        for file in ("solr.xml", "log4j2.xml"):
            (home / file).write_text((source / file).read_text(encoding="utf-8"))
        port = str(stack_state.free_port())
        conf = source / "configsets" / "ckan" / "conf"
        first = [f"-Dbootstrap_confdir={conf}", "-Dcollection.configName=sd"]
        self.commands[port] = [
            *([] if self.nodes else first),
            f"-DzkHost=127.0.0.1:{self.keeper_port}",
            f"-DzkClientTimeout={self.session_ms}",
            "-Dhost=127.0.0.1",
            f"-Dsolr.port.advertise={port}",
            f"-Djetty.port={port}",
            f"-Dsolr.solr.home={home}",
            f"-Dsolr.install.dir={home}",
            f"-Dsolr.log.dir={home}",
            f"-Dlog4j2.configurationFile={home / 'log4j2.xml'}",
            "sdopen.SolrLauncher",
        ]
        self.start(port)
        return port

    def start(self, port: str) -> None:
        """Start a node, the first time or again.

        Raises:
            Trouble: it does not answer.
        """
        log = self.folder / f"{port}.log"
        self.nodes[port] = _java(*self.commands[port], heap="384m", log=log)
        status = f"http://127.0.0.1:{port}/solr/admin/collections?action=CLUSTERSTATUS"
        node = self.nodes[port]
        answers = ready.until(
            lambda: ready.http_status(status) == 200,
            _SECONDS,
            lambda: node.poll() is None,
            lambda: processes.life(log, node.pid),
        )
        if not answers:
            raise Trouble("not_answering", what=text("service_solr"), log=log)

    def create(self) -> None:
        """Make the collection: one shard, a replica on each node."""
        self.admin(
            next(iter(self.nodes)),
            action="CREATE",
            name=COLLECTION,
            numShards=1,
            replicationFactor=len(self.nodes),
            **{"collection.configName": "sd"},
        )

    def leader(self) -> str:
        """The port of the leader."""
        for port, node in self.nodes.items():
            if node.poll() is None:
                found = self.admin(port, action="CLUSTERSTATUS")["cluster"]["collections"]
                replicas = found[COLLECTION]["shards"]["shard1"]["replicas"].values()
                led = [r["base_url"] for r in replicas if r.get("leader") == "true"]
                if led:
                    return str(led[0]).rpartition(":")[2].split("/")[0]
        raise LookupError("no leader")

    def all_active(self) -> bool:
        """Whether every replica serves."""
        port = next(port for port, node in self.nodes.items() if node.poll() is None)
        found = self.admin(port, action="CLUSTERSTATUS")["cluster"]
        replicas = found["collections"][COLLECTION]["shards"]["shard1"]["replicas"].values()
        live = {name.split("_")[0] for name in found["live_nodes"]}
        return all(
            r["state"] == "active" and r["base_url"].split("//")[1].split("/")[0] in live
            for r in replicas
        )

    def kill(self, port: str) -> None:
        """SIGKILL a node."""
        self.nodes[port].kill()
        self.nodes[port].wait()


@contextmanager
def cloud(folder: Path, session_ms: int = 30_000) -> Iterator[Cloud]:
    """Two nodes that run; `session_ms` is how long a dead one is taken for alive."""
    port = stack_state.free_port()
    keeper = _java(
        "org.apache.zookeeper.server.ZooKeeperServerMain",
        str(port),
        str(folder / "zk"),
        heap="128m",
        log=folder / "zk.log",
    )
    found = Cloud(folder, keeper, port, session_ms)

    def goes_on() -> bool:
        return keeper.poll() is None

    try:
        if not ready.until(lambda: ready.knocks("127.0.0.1", port), _SECONDS, goes_on):
            raise Trouble("not_answering", what="ZooKeeper", log=folder / "zk.log")
        found.add("one")
        found.add("two")
        yield found
    finally:
        for process in [*found.nodes.values(), keeper]:
            process.kill()
            process.wait()


def wait_for_all(found: Cloud, seconds: float = 120.0, most: float = 900.0) -> None:
    """Wait until every replica serves.

    Args:
        found: the cloud.
        seconds: how long it is waited while no node writes into its log.
        most: how long at most; a replica that recovers in vain writes for ever.

    Raises:
        TimeoutError: one does not.
    """
    end = time.monotonic() + most

    def written() -> int:
        return sum(log.stat().st_size for log in found.folder.glob("*.log"))

    if not ready.until(found.all_active, seconds, lambda: time.monotonic() < end, written):
        raise TimeoutError("a replica does not come back")
