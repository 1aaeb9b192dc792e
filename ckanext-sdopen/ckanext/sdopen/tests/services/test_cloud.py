"""SolrCloud from the same jars and the same config set: two nodes, one of them killed."""

import json
import os
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ckan.lib import search
from ckan.tests import helpers as ckan_helpers

from ckanext.sdopen.services import kept, ready
from ckanext.sdopen.services import solr as solr_service
from ckanext.sdopen.services.layout import TEST

pytestmark = pytest.mark.slow
COLLECTION = "sd"


def ask(url: str, body: object = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with ready.DIRECT.open(request, timeout=60) as response:
        return json.load(response)


@dataclass
class Cloud:
    nodes: dict[str, "subprocess.Popen[bytes]"]
    keeper: "subprocess.Popen[bytes]"

    def url(self, port: str) -> str:
        return f"http://127.0.0.1:{port}/solr/{COLLECTION}"


def java(*arguments: str, heap: str, log: Path) -> "subprocess.Popen[bytes]":
    classes = solr_service.environment(TEST)["SDOPEN_SOLR_CLASSES"]
    with log.open("ab") as out:
        return subprocess.Popen(
            ["java", f"-Xmx{heap}", "-cp", classes, *arguments],
            stdout=out,
            stderr=subprocess.STDOUT,
        )


@pytest.fixture(scope="module")
def cloud(tmp_path_factory) -> Iterator[Cloud]:
    folder = tmp_path_factory.mktemp("cloud")
    conf = TEST.config / "solr" / "home" / "configsets" / "ckan" / "conf"
    keeper_port = kept.free_port()
    zookeeper = "org.apache.zookeeper.server.ZooKeeperServerMain"
    keeper = java(
        zookeeper, str(keeper_port), str(folder / "zk"), heap="128m", log=folder / "zk.log"
    )
    assert ready.until(lambda: ready.knocks("127.0.0.1", keeper_port), 30, lambda: True)
    nodes: dict[str, subprocess.Popen[bytes]] = {}
    for name in ("one", "two"):
        home = folder / name
        home.mkdir()
        for file in ("solr.xml", "log4j2.xml"):
            (home / file).write_text((TEST.config / "solr" / "home" / file).read_text())
        port = str(kept.free_port())
        first = [f"-Dbootstrap_confdir={conf}", "-Dcollection.configName=sd"] if not nodes else []
        nodes[port] = java(
            *first,
            f"-DzkHost=127.0.0.1:{keeper_port}",
            "-Dhost=127.0.0.1",
            f"-Dsolr.port.advertise={port}",
            f"-Djetty.port={port}",
            f"-Dsolr.solr.home={home}",
            f"-Dsolr.install.dir={home}",
            f"-Dsolr.log.dir={home}",
            f"-Dlog4j2.configurationFile={home / 'log4j2.xml'}",
            "sdopen.SolrLauncher",
            heap="384m",
            log=folder / f"{name}.log",
        )
        status = f"http://127.0.0.1:{port}/solr/admin/collections?action=CLUSTERSTATUS"
        answers = ready.until(lambda s=status: ready.http_status(s) == 200, 60, lambda: True)
        assert answers, (folder / f"{name}.log").read_text()[-2000:]
    yield Cloud(nodes, keeper)
    for process in [*nodes.values(), keeper]:
        process.kill()
        process.wait()


def document(number: int) -> dict[str, Any]:
    site = os.environ.get("CKAN_SITE_ID", "sdopen")
    return {
        "index_id": f"cloud-{number}",
        "id": f"cloud-{number}",
        "site_id": site,
        "entity_type": "package",
        "name": f"c-370000-{number}",
        "title": "行政许可信息",
    }


def test_a_killed_leader_leaves_a_node_that_answers_reads(cloud):
    first, second = cloud.nodes
    create = {
        "action": "CREATE",
        "name": COLLECTION,
        "numShards": 1,
        "replicationFactor": 2,
        "collection.configName": "sd",
    }
    admin = f"http://127.0.0.1:{first}/solr/admin/collections"
    ask(f"{admin}?{urllib.parse.urlencode(create)}")
    ask(f"{cloud.url(first)}/update?commit=true", [document(n) for n in range(10)])
    count = "/select?q=*:*&rows=0"
    for port in (first, second):
        assert ready.until(
            lambda p=port: ask(cloud.url(p) + count)["response"]["numFound"] == 10, 15, lambda: True
        )

    # CKAN itself takes the collection's address, its schema's name and its optimistic locking
    with ckan_helpers.changed_config("solr_url", cloud.url(first)):
        assert search.check_solr_schema_version()
        solr = search.common.make_connection()
        solr.add([document(10)], commit=True)
        solr.add([{**document(10), "title": "行政处罚信息"}], commit=True)
        assert solr.search("id:cloud-10").docs[0]["title"] == "行政处罚信息"

    status = ask(f"{admin}?action=CLUSTERSTATUS")["cluster"]["collections"][COLLECTION]
    replicas = status["shards"]["shard1"]["replicas"].values()
    leader = next(r for r in replicas if r.get("leader") == "true")["base_url"]
    port = leader.rpartition(":")[2].split("/")[0]
    cloud.nodes[port].kill()
    cloud.nodes[port].wait()
    other = second if port == first else first
    since = time.monotonic()
    one = f"{cloud.url(other)}/select?q=id:cloud-3&fl=title&distrib=false"
    found = ask(one)["response"]
    assert found["numFound"] == 1
    assert time.monotonic() - since < 5
    assert ask(cloud.url(other) + count)["response"]["numFound"] == 11
