"""A statement, a connection or a place in the pool that fails inside an action or a page: 503."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg2
import pytest

from ckanext.sdopen.access import visibility
from ckanext.sdopen.bench.faults.fault import Fault, Mode
from ckanext.sdopen.services.running import ready
from ckanext.sdopen.tests.breaker.corpus.stand import PATIENCE, Answer, Stand, standing

pytestmark = [pytest.mark.slow]

SETTINGS = {
    # so long, that on a busy machine, too, some wait at the same time
    "ckanext.sdopen.breaker.statement_seconds": "8",
    "sqlalchemy.pool_size": "3",
    "sqlalchemy.max_overflow": "0",
    "sqlalchemy.pool_timeout": "1",
    "ckan.datastore.sqlalchemy.pool_size": "2",
    "ckan.datastore.sqlalchemy.max_overflow": "0",
    "ckan.datastore.sqlalchemy.pool_timeout": "1",
}
# who waits for a lock of ours
WAITING = """
    FROM (
        SELECT DISTINCT pid FROM pg_locks JOIN pg_database d ON d.oid = database
        WHERE NOT granted AND datname = current_database()
    ) waiting
"""


@pytest.fixture(scope="module")
def tight(world, tmp_path_factory) -> Iterator[Stand]:
    """A server with three connections, two for tables, and eight seconds a statement."""
    with standing(tmp_path_factory.mktemp("tight"), SETTINGS) as made:
        made.wait_until(known="up")
        yield made


@pytest.fixture
def entry(world):
    return next(
        e for e in world.catalogs if (e.class_name, e.state) == ("open", visibility.PUBLISHED)
    )


def sql(statement: str) -> list[tuple[object, ...]]:
    """The rows of a statement beside the server."""
    with psycopg2.connect(os.environ["CKAN_SQLALCHEMY_URL"]) as link, link.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@contextmanager
def locked(table: str, mode: str = "ACCESS EXCLUSIVE", url: str = "CKAN_SQLALCHEMY_URL"):
    """Hold a lock that lets others wait."""
    with psycopg2.connect(os.environ[url]) as link, link.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{table}" IN {mode} MODE')
        yield
        link.rollback()


@contextmanager
def visitors() -> Iterator[list[threading.Thread]]:
    """Those who ask meanwhile; at the end, when nobody is locked out any more, all have asked."""
    found: list[threading.Thread] = []
    yield found
    for one in found:
        one.join(PATIENCE)


def waiting(
    asking: list[threading.Thread],
    stand: Stand,
    path: str,
    count: int = 1,
    url: str = "CKAN_SQLALCHEMY_URL",
) -> list[Answer]:
    """Have so many ask a page and wait for a lock; the list that takes their answers."""
    answers: list[Answer] = []
    for _ in range(count):
        asking.append(threading.Thread(target=lambda: answers.append(stand.ask(path))))
        asking[-1].start()
    with psycopg2.connect(os.environ[url]) as link, link.cursor() as cursor:

        def all_wait() -> bool:
            cursor.execute(f"SELECT count(*) {WAITING}")
            return cursor.fetchall() == [(count,)]

        assert ready.until(all_wait, PATIENCE, lambda: not answers), answers
    return answers


def is_refusal(answer: Answer) -> bool:
    """Whether a program is told to come again."""
    assert answer.status == 503, answer
    error = answer.json["error"]
    assert answer.json["success"] is False
    assert error["__type"] == "Service Unavailable", error
    return int(answer.headers["Retry-After"]) > 0


def test_a_statement_that_takes_too_long_is_503_in_an_action_and_on_a_page(tight, entry):
    with locked("package"), ThreadPoolExecutor(1) as pool:
        asked = pool.submit(tight.action, "package_show", id=entry.id)
        page = tight.ask(f"/dataset/{entry.name}")
        shown = asked.result()
    assert is_refusal(shown)
    assert page.status == 503
    assert int(page.headers["Retry-After"]) > 0
    assert "平台的数据库暂时没有响应" in page.text
    assert tight.action("package_show", id=entry.id).status == 200


def test_a_write_whose_statement_takes_too_long_changes_nothing(tight, world, entry):
    token = world.tokens[visibility.SYSADMIN]
    before = tight.action("package_show", token, id=entry.id).json["result"]
    activities = sql("SELECT count(*) FROM activity")
    with locked("package", "EXCLUSIVE"):
        refused = tight.action("package_patch", token, id=entry.id, notes="不会写入")
    assert is_refusal(refused)
    assert tight.action("package_show", token, id=entry.id).json["result"] == before
    assert sql("SELECT count(*) FROM activity") == activities


@pytest.mark.parametrize("path", ["/api/3/action/package_show?id={}", "/dataset/{}"])
def test_a_session_that_the_server_ends_is_503(tight, entry, path):
    with visitors() as asking, locked("package"):
        answers = waiting(asking, tight, path.format(entry.name))
        assert sql(f"SELECT pg_terminate_backend(pid) {WAITING}") == [(True,)]
    assert [answer.status for answer in answers] == [503]
    assert tight.ask(path.format(entry.name)).status == 200


@pytest.mark.parametrize("path", ["/api/3/action/package_show?id={}", "/dataset/{}"])
def test_who_finds_no_connection_free_in_time_gets_503(tight, entry, path):
    with visitors() as asking, locked("package"):
        waiting(asking, tight, path.format(entry.name), 3)
        answer = tight.ask(path.format(entry.name))
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_an_action_that_finds_no_connection_for_tables_gets_503(tight, entry):
    path = f"/api/3/action/datastore_search?resource_id={entry.resource_id}"
    url = "CKAN_DATASTORE_WRITE_URL"
    assert tight.ask(path).status == 200
    with visitors() as asking, locked(entry.resource_id, url=url):
        waiting(asking, tight, path, 2, url)
        answer = tight.action("datastore_search", resource_id=entry.resource_id)
    assert is_refusal(answer)


def test_a_search_in_a_table_whose_connection_breaks_is_503_and_shows_no_statement(tight, entry):
    path = f"/api/3/action/datastore_search?resource_id={entry.resource_id}"
    url = "CKAN_DATASTORE_WRITE_URL"
    with visitors() as asking, locked(entry.resource_id, url=url):
        answers = waiting(asking, tight, path, url=url)
        tight.postgres.become(Fault(Mode.RESET))
        tight.postgres.become(Fault())
    tight.wait_until(known="up")
    assert is_refusal(answers[0])
    assert "SELECT" not in answers[0].text
