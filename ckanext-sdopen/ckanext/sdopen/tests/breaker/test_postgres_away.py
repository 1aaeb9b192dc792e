"""PostgreSQL stopped or hung: 503 and when to come again; static files and health as always."""

import threading

import pytest

from ckanext.sdopen.access import visibility
from ckanext.sdopen.bench.faults.fault import Mode
from ckanext.sdopen.tests.breaker.corpus.stand import PATIENCE

pytestmark = [pytest.mark.slow]

FAULTS = (Mode.REFUSE, Mode.BLACK_HOLE)
PAGES = ("/", "/dataset/", "/about", "/user/login", "/feeds/dataset.atom")
STATIC = "/base/images/ckan.ico"


@pytest.mark.parametrize("mode", FAULTS)
def test_people_get_a_page_and_programs_json_each_with_503_and_when_to_come_again(well, mode):
    with well.postgres.fault(mode):
        pages = [well.ask(page) for page in PAGES]
        called = well.action("package_search")
        chinese, english = well.ask("/dataset/"), well.ask("/en/dataset/")
    assert {page.status for page in (*pages, called)} == {503}
    assert all(int(page.headers["Retry-After"]) > 0 for page in (*pages, called))
    assert called.json["success"] is False
    assert called.json["error"]["__type"] == "Service Unavailable"
    assert "平台的数据库暂时没有响应" in chinese.text
    assert "database does not answer" in english.text


@pytest.mark.parametrize("mode", FAULTS)
def test_static_files_and_health_need_no_database(well, mode):
    with well.postgres.fault(mode):
        # so that the processes know
        well.ask("/")
        well.wait_until("postgresql", known="down")
        static, health = well.ask(STATIC), well.ask("/health")
    assert static.status == 200
    assert health.status == 503
    assert health.json["status"] == "unavailable"
    assert health.json["parts"]["postgresql"] == "down"
    assert set(health.json["parts"]) == {"postgresql", "solr", "redis", "tables"}


def test_a_missing_file_is_the_portals_own_page(well):
    answer = well.ask("/base/images/there-is-none.png")
    assert answer.status == 404
    assert "error-content" in answer.text


@pytest.mark.parametrize("mode", FAULTS)
def test_it_heals_without_a_restart(well, mode):
    with well.postgres.fault(mode):
        assert well.ask("/").status == 503
        well.wait_until("postgresql", known="down")
    well.wait_until(known="up")
    assert {page: well.ask(page).status for page in PAGES} == dict.fromkeys(PAGES, 200)


def test_requests_that_wait_all_at_once_are_all_let_go(well):
    """Each thread of both processes waits for the database that hangs: none for ever."""
    statuses = []
    with well.postgres.fault(Mode.BLACK_HOLE):
        asking = [
            threading.Thread(target=lambda: statuses.append(well.ask("/dataset/").status))
            for _ in range(12)
        ]
        for one in asking:
            one.start()
        for one in asking:
            one.join(PATIENCE)
    assert statuses == [503] * 12


def test_a_write_that_meets_a_hung_database_changes_nothing(well, world):
    token = world.tokens[visibility.SYSADMIN]
    entry = world.catalogs[0]
    before = well.action("package_show", token, id=entry.id).json["result"]
    with well.postgres.fault(Mode.BLACK_HOLE):
        refused = well.action("package_patch", token, id=entry.id, notes="不会写入")
    well.wait_until(known="up")
    assert refused.status == 503
    assert well.action("package_show", token, id=entry.id).json["result"] == before


def test_a_table_is_given_away_by_copy(well, world):
    """COPY goes through the connections whose waits can be cut."""
    entry = next(
        e for e in world.catalogs if (e.class_name, e.state) == ("open", visibility.PUBLISHED)
    )
    answer = well.ask(f"/datastore/dump/{entry.resource_id}")
    assert answer.status == 200
    assert any(word in answer.text for word, part in entry.words.items() if part == "table")
