"""Counts wait in Redis and are brought in once, whatever ends a process on the way."""

from datetime import date

import pytest
from ckan.lib import redis as ckan_redis
from ckan.lib.redis import connect_to_redis
from redis import ConnectionPool

from ckanext.sdopen.counting import kept, waiting
from ckanext.sdopen.counting.fields import Counted, of_field

DAY, NEXT = date(2026, 11, 30), date(2026, 12, 1)


@pytest.fixture(autouse=True)
def nothing_counted(clean_db):
    for portion in [*waiting.portions()]:
        waiting.forget(portion)


def test_counts_of_several_days_are_summed():
    for day in (DAY, DAY, NEXT):
        waiting.add("download", "a", day)
    waiting.add("download", "b|c", DAY)
    waiting.add("view", "a", DAY)
    assert kept.totals("download", ["a"]) == {}
    assert kept.bring_in() == 5
    waiting.add("download", "a", DAY)
    assert kept.bring_in() == 1
    assert kept.bring_in() == 0
    assert kept.totals("download", ["a", "b|c", "d"]) == {"a": 4, "b|c": 1}


def test_a_portion_that_was_brought_in_before_its_process_ended_is_not_added_again(monkeypatch):
    waiting.add("download", "a", DAY)
    with monkeypatch.context() as patched:
        patched.setattr(waiting, "forget", lambda portion: None)
        assert kept.bring_in() == 1
    waiting.add("download", "a", DAY)
    assert kept.bring_in() == 1
    assert kept.totals("download", ["a"]) == {"a": 2}
    assert list(waiting.portions()) == []


def test_what_was_not_committed_is_brought_in_by_the_next():
    waiting.add("download", "a", DAY)
    # a process that ends here leaves a portion
    assert len(list(waiting.portions())) == 1
    assert kept.bring_in() == 1
    assert kept.totals("download", ["a"]) == {"a": 1}


def test_a_strange_field_is_left_out():
    assert of_field("download|2026-11-30|a") == Counted("download", DAY, "a")
    assert [of_field(one) for one in ("", "a", "a|b|c", "a|2026-11-30|")] == [None] * 4
    connect_to_redis().hset(waiting._key(), "nonsense", 3)
    assert kept.bring_in() == 0


def test_without_redis_a_count_is_lost_and_nobody_minds(monkeypatch):
    away = ConnectionPool.from_url("redis://127.0.0.1:9")
    with monkeypatch.context() as patched:
        patched.setattr(ckan_redis, "_connection_pool", away)
        waiting.add("download", "a", DAY)
    assert kept.bring_in() == 0
