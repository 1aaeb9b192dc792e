"""SolrCloud from the same jars and the same config set: two nodes, one of them killed."""

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from ckan.lib import search
from ckan.tests import helpers as ckan_helpers

from ckanext.sdopen.services.running import ready
from ckanext.sdopen.services.servers import solr_cloud
from ckanext.sdopen.services.servers.solr_cloud import Cloud, ask

pytestmark = pytest.mark.slow
# seconds in which a dead node is taken for alive
SESSION = 30


@pytest.fixture(scope="module")
def cloud(tmp_path_factory) -> Iterator[Cloud]:
    with solr_cloud.cloud(tmp_path_factory.mktemp("cloud"), SESSION * 1000) as found:
        yield found


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
    cloud.create()
    ask(f"{cloud.url(first)}/update?commit=true", [document(n) for n in range(10)])
    count = "/select?q=*:*&rows=0"
    for port in (first, second):
        address = cloud.url(port) + count

        def is_whole(address: str = address) -> bool:
            return ask(address)["response"]["numFound"] == 10

        assert ready.until(is_whole, 300, lambda: True)

    # CKAN itself takes the collection's address, its schema's name and its optimistic locking
    with ckan_helpers.changed_config("solr_url", cloud.url(first)):
        assert search.check_solr_schema_version()
        solr = search.common.make_connection()
        solr.add([document(10)], commit=True)
        solr.add([{**document(10), "title": "行政处罚信息"}], commit=True)
        assert solr.search("id:cloud-10").docs[0]["title"] == "行政处罚信息"

    port = cloud.leader()
    cloud.kill(port)
    other = second if port == first else first
    since = time.monotonic()
    one = f"{cloud.url(other)}/select?q=id:cloud-3&fl=title&distrib=false"
    found = ask(one)["response"]
    assert found["numFound"] == 1
    # before anybody takes the killed one for dead
    assert time.monotonic() - since < SESSION
    assert ask(cloud.url(other) + count)["response"]["numFound"] == 11
