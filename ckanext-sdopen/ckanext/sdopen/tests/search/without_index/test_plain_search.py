"""Lists while the index is away: what they read of a directory of many entries."""

import json
from contextlib import contextmanager

import pytest
from ckan import model
from sqlalchemy import event, text

from ckanext.sdopen.search.without_index import plain_search

MANY = 40_000
ROWS = f"""
INSERT INTO sdopen_entry (id, kind, region, owner_org, title, title_key, state, private, sharing,
    opening, topics, modified)
SELECT 'order-' || n, CASE WHEN n % 5 = 0 THEN 'interface' ELSE 'catalog' END, '370102', 'bureau',
    repeat('历下区信息资源目录', 5) || n, md5(n::text),
    CASE WHEN n % 50 = 0 THEN 'deleted' ELSE 'active' END, n % 3 = 0,
    CASE WHEN n % 3 = 0 THEN 'conditional' ELSE 'unconditional' END,
    CASE WHEN n % 3 = 0 THEN 'none' ELSE 'unconditional' END, '{{}}',
    timestamp '2026-01-01' + n * interval '1 second'
FROM generate_series(1, {MANY}) AS n
"""
LIST = {"fq": "+dataset_type:dataset", "sort": "score desc, metadata_modified desc", "rows": 20}
PUBLIC = sum(1 for n in range(1, MANY + 1) if n % 5 and n % 50 and n % 3)


@pytest.fixture(scope="module")
def many(clean_portal, portal_app):
    """As many rows as the planner reads by their order, as autovacuum leaves them."""
    with portal_app.flask_app.test_request_context():
        model.Session.execute(text(ROWS))
        model.Session.commit()
        with model.meta.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.execute(text("VACUUM ANALYZE sdopen_entry"))
        yield
        model.Session.execute(text("DELETE FROM sdopen_entry WHERE id LIKE 'order-%'"))
        model.Session.commit()
    plain_search.forget()


@pytest.fixture(autouse=True)
def forgotten():
    plain_search.forget()


@contextmanager
def asked():
    """The statements about the narrow table that are sent meanwhile, with their values."""
    found = []

    def heard(connection, cursor, statement, values, context, many):
        if "FROM sdopen_entry" in statement and "EXPLAIN" not in statement:
            found.append((statement, values))

    event.listen(model.meta.engine, "before_cursor_execute", heard)
    try:
        yield found
    finally:
        event.remove(model.meta.engine, "before_cursor_execute", heard)


def plan(statement, values):
    """The nodes of a statement's plan, the outermost first."""
    cursor = model.Session.connection().connection.cursor()
    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values)
    told = cursor.fetchone()[0]
    waiting = [one["Plan"] for one in (json.loads(told) if isinstance(told, str) else told)]
    nodes = []
    for node in waiting:
        nodes.append(node)
        waiting += node.get("Plans", [])
    return nodes


def searched(**more):
    with asked() as statements:
        found = plain_search.search({"user": ""}, {**LIST, **more})
    return found, statements


@pytest.mark.parametrize("start", [0, 200, 2_000])
@pytest.mark.parametrize("sort", ["score desc, metadata_modified desc", "metadata_modified asc"])
def test_a_page_of_the_list_is_read_in_the_order_of_an_index(many, start, sort):
    found, statements = searched(start=start, sort=sort)
    assert found["count"] == PUBLIC
    (page,) = [one for one in statements if "LIMIT" in one[0]]
    nodes = plan(*page)
    (scan,) = [node for node in nodes if node.get("Relation Name") == "sdopen_entry"]
    assert scan["Index Name"] == "idx_sdopen_entry_modified"
    assert "Sort" not in {node["Node Type"] for node in nodes}


def test_the_pages_of_a_list_are_counted_once(many):
    _, first = searched()
    assert [("count(" in statement) for statement, _ in first].count(True) == 1
    for start in (20, 40, 10_000):
        found, statements = searched(start=start, sort="title_string asc")
        assert found["count"] == PUBLIC
        assert [statement for statement, _ in statements if "count(" in statement] == []


def test_a_page_behind_the_last_reads_no_row(many):
    searched()
    found, statements = searched(start=PUBLIC)
    assert (found["count"], found["results"], statements) == (PUBLIC, [], [])
