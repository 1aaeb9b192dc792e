"""How near a subject comes to a question."""

import pytest

from ckanext.sdopen.chinese import synonyms
from ckanext.sdopen.search import ladder
from ckanext.sdopen.search.sounds import Sounds
from ckanext.sdopen.search.tiers.admission import Counted, admitted
from ckanext.sdopen.search.tiers.nearness import meaning, nearest, nearness

TABLE = synonyms.compiled(
    synonyms.parse(
        "主题\t关系\t官方词\t说法\n交通\t相同\t公共停车场\t停车的地方\n交通\t下位\t停车场\t车库\n"
    )
)


def near(question, subject):
    return nearness([meaning(word, TABLE) for word in question], subject)


def test_the_words_themselves_are_nearest_and_what_is_said_beside_counts_against():
    assert near(["停车场"], "停车场") == pytest.approx(1.0)
    assert near(["停车场"], "停车场") > near(["停车场"], "公共停车场收费标准") > 0.5


def test_a_synonym_a_wider_word_and_a_part_are_nearer_than_nothing():
    subject = "公共停车场"
    worths = [near([word], subject) for word in ("停车的地方", "车库", "停车位", "医院")]
    assert worths == sorted(worths, reverse=True)
    assert worths[-1] == 0


def test_pieces_may_stand_in_any_order():
    assert near(["不动产登记"], "登记不动产") > 0.8


def test_the_nearest_are_few_and_near_enough():
    question = [meaning("停车场", TABLE)]
    subjects = ["医院", "停车场", "停车场收费", "公共停车场"]
    assert list(nearest(question, subjects, 0.5, 2)) == ["停车场", "停车场收费"]


def test_one_hit_above_does_not_hide_what_is_near_below():
    built = ladder.build("停车场 收费", TABLE, Sounds(TABLE.words))
    found = [Counted(1, {"停车场收费": 1})] * len(built.steps)
    alone = admitted(built, found, 1)
    assert (alone.step, alone.exact, alone.near) == ("named", 1, 0)
    found[-1] = Counted(9, {"停车场收费": 1, "收费停车场名录": 3, "公路收费": 2, "公园": 3})
    more = admitted(built, found, 1)
    assert (more.step, more.exact) == ("named", 1)
    assert "收费停车场名录" in more.query
    assert "公园" not in more.query
