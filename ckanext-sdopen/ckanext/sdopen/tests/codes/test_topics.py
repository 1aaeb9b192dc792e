"""Sets of topics: whatever another portal calls 所属主题 finds its topic in the active set."""

import pytest

from ckanext.sdopen import codes
from ckanext.sdopen.codes import lists, topics
from ckanext.sdopen.errors import SdopenError


@pytest.fixture
def active():
    """Make a set active; the default one is again afterwards."""
    yield codes.use_topics
    codes.use_topics(topics.DEFAULT)


@pytest.mark.parametrize("chosen", topics.SETS)
def test_every_code_and_name_of_every_set_finds_its_topic(active, chosen):
    active(chosen)
    known = codes.load("topics")
    for listed in topics.SETS:
        for code in lists.read(listed):
            for name in (code.value, code.zh, code.en, *code.aliases):
                assert known.find(name) in known, f"{listed}: {name}"


@pytest.mark.parametrize("chosen", topics.SETS)
def test_a_topic_that_a_set_has_itself_keeps_its_own_meaning(active, chosen):
    active(chosen)
    for code in lists.read(chosen):
        assert {codes.load("topics").find(n) for n in (code.value, code.zh)} == {code.value}


@pytest.mark.parametrize("name", topics.SETS[1:])
def test_each_default_topic_has_one_place_in_another_set(name):
    covered = [one for code in lists.read(name) for one in code.more.get("covers", ())]
    assert sorted(covered) == sorted(code.value for code in lists.read(topics.DEFAULT))


@pytest.mark.parametrize(
    ("chosen", "name", "code"),
    [
        ("topics", "经贸工商", "business_registration"),
        ("topics", "credit_service", "credit"),
        ("topics_2018", "credit", "credit_service"),
        ("topics_2018", "经贸工商", "trade"),
        ("topics_2018", "文化休闲", "education_culture"),
        ("topics_2024", "统计", "general_affairs"),
        ("topics_2024", "法律服务", "other"),
        ("topics_2024", "城建住房", "housing"),
    ],
)
def test_examples(active, chosen, name, code):
    active(chosen)
    assert codes.topic_codes([name]) == [code]


def test_codes_of_two_sets_that_are_one_topic_stand_once(active):
    active("topics_2024")
    assert codes.topic_codes(["medical", "health", "卫生健康", "天书"]) == ["health", "天书"]


def test_an_unknown_set_is_refused():
    with pytest.raises(SdopenError, match="topics_2018"):
        codes.use_topics("topics_1999")
