"""The sitemap: everything that everyone may read, in files of a bounded size, and nothing else."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from ckan.tests.helpers import call_action

from ckanext.sdopen.index.documents import send
from ckanext.sdopen.tests.corpus.examples import (
    as_site,
    created,
    department,
    editor_of,
    harvested,
    interface,
)

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "http://test.sdopen.example"


@pytest.fixture(scope="module")
def entries(clean_portal):
    bureau = department("济南市统计局", "370100")
    made = [created(harvested(bureau["id"], source_key=str(number))) for number in range(6)]
    made.append(created(interface(bureau["id"])))
    closed = [
        created(harvested(bureau["id"], source_key="closed", opening="none")),
        created(harvested(bureau["id"], source_key="draft")),
        created(harvested(bureau["id"], source_key="gone")),
    ]
    call_action("package_patch", as_site(), id=closed[1]["id"], state="draft")
    call_action("package_delete", as_site(), id=closed[2]["id"])
    send.make_visible()
    user = editor_of(bureau)
    token = call_action("api_token_create", as_site(), user=user["name"], name="test")["token"]
    return {"open": made, "closed": closed, "token": token}


@pytest.fixture
def locations(portal_app, entries):
    """Get a file of the sitemap; the addresses in it."""

    def get(address):
        headers = {"Authorization": entries["token"]}
        answer = portal_app.get(address.removeprefix(SITE), headers=headers, status=200)
        assert answer.headers["Content-Type"].startswith("application/xml")
        document = ElementTree.fromstring(answer.body)
        return [element.text for element in document.iter(f"{NAMESPACE}loc")]

    return get


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50_000])
def test_the_files_hold_every_public_entry_once(entries, locations, ckan_config, size):
    ckan_config["ckanext.sdopen.portal.sitemap_size"] = size
    pages, *files = locations("/sitemap.xml")
    assert pages == f"{SITE}/sitemap/pages.xml"
    found = [locations(file) for file in files]
    assert len(files) == -(-7 // size)
    assert all(len(one) <= size for one in found)
    assert sorted(location for one in found for location in one) == sorted(
        f"{SITE}/{entry['type']}/{entry['name']}" for entry in entries["open"]
    )


def test_each_address_of_the_sitemap_can_be_read_by_everyone(entries, locations, portal_app):
    for file in locations("/sitemap.xml"):
        for location in locations(file):
            portal_app.get(location.removeprefix(SITE), status=200)


def test_robots_are_told_of_the_sitemap(entries, portal_app):
    lines = portal_app.get("/robots.txt").body.splitlines()
    assert f"Sitemap: {SITE}/sitemap.xml" in lines


def test_harvesters_and_search_engines_may_read_the_api_without_a_pause(entries, portal_app):
    robots = RobotFileParser()
    robots.parse(portal_app.get("/robots.txt").body.splitlines())
    assert robots.crawl_delay("*") is None
    read = ("/api/3/action/package_search?q=x", "/catalog.ttl", "/dataset/", "/feeds/dataset.atom")
    assert all(robots.can_fetch("harvester", SITE + path) for path in read)
    assert not robots.can_fetch("harvester", f"{SITE}/user/login")


@pytest.mark.parametrize("after", ["A", '" OR state:draft', "x" * 200])
def test_a_strange_beginning_of_a_file_is_not_found(entries, portal_app, after):
    portal_app.get("/sitemap/entries.xml", query_string={"after": after}, status=404)


def test_a_file_is_written_search_by_search(entries, locations, monkeypatch):
    from ckanext.sdopen.portal import sitemap_pages

    monkeypatch.setattr(sitemap_pages, "_AT_ONCE", 2)
    assert len(locations("/sitemap/entries.xml")) == 7
