"""The ladder's queries: within what Lucene takes, however long the question."""

import itertools
import random

import pytest

from ckanext.sdopen import paths
from ckanext.sdopen.chinese import analysis, synonyms
from ckanext.sdopen.search import ladder
from ckanext.sdopen.search.sounds import Sounds
from ckanext.sdopen.search.tiers import steps

# IndexSearcher's limit as config/solr/home/solr.xml sets it
LUCENE_TAKES = 4_096


@pytest.fixture(scope="module")
def table():
    text = (paths.CONFIG / "search" / "synonyms.tsv").read_text(encoding="utf-8")
    return synonyms.compiled(synonyms.parse(text))


@pytest.fixture(scope="module")
def built(table):
    sounds = Sounds(table.words)
    return lambda query: ladder.build(query, table, sounds)


def clauses(found):
    return max(found.query(step.name).count(":") for step in found.steps)


@pytest.mark.parametrize(
    "query",
    [
        "青岛市养老机构收费标准查询一览",
        "请问烟台市芝罘区有哪些可以接种新冠疫苗的社区医院",
        "我想知道济南市历下区2023年小学入学招生划片范围是什么",
        "养老 医院 学校 公交 低保 药店 疫苗 社保 就业 贷款",
        "yaodian" * 30,
        "电" * 300,
    ],
)
def test_a_long_question_is_asked_within_what_lucene_takes(built, query):
    assert 0 < clauses(built(query)) < LUCENE_TAKES


def test_any_words_of_the_table_and_places_are_asked_within_what_lucene_takes(built, table):
    chance = random.Random(370000)
    words = [*sorted(table.words), *sorted(analysis.places())]
    for count in range(1, 41):
        query = " ".join(chance.choices(words, k=count))
        assert clauses(built(query)) < LUCENE_TAKES, query


@pytest.mark.parametrize(("words", "count"), [(3, 2), (5, 3), (6, 3), (7, 4), (10, 5)])
def test_most_of_many_words_means_the_same_by_halves(words, count):
    names = [f"w{number}_" for number in range(words)]
    said = steps.at_least(names, count).replace(" AND ", " and ").replace(" OR ", " or ")
    for held in itertools.product((False, True), repeat=words):
        known = dict(zip(names, held, strict=True))
        assert eval(said, {}, known) == (sum(held) >= count)
