"""How near a subject comes to a question."""

import pytest

from ckanext.sdopen.chinese import analysis, synonyms
from ckanext.sdopen.search import ladder
from ckanext.sdopen.search.sounds import Sounds
from ckanext.sdopen.search.tiers import nearness as nearness_module
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


def test_a_word_is_sought_in_so_many_subjects_that_share_a_letter_with_it():
    question = [meaning("停车场", TABLE)]
    words = 1 + len(question[0].others)
    subjects = ["医院", "停车场甲", "停车场乙", "停车场"]
    assert set(nearest(question, subjects, 0.5, 9, 2 * words)) == {"停车场甲", "停车场乙"}
    assert not nearest([], subjects, 0.0, 9)


def test_a_word_is_cut_into_its_pieces_once(monkeypatch):
    class Counting:
        cuts = 0

        def cut_for_search(self, word):
            self.cuts += 1
            return [word[:2], word[2:]]

    counting = Counting()
    monkeypatch.setattr(analysis, "_segmenter", lambda: counting)
    question = [meaning("甲乙丙丁", TABLE)]
    nearest(question, [f"甲{number}" for number in range(50)], 0.0, 9)
    assert counting.cuts == 1
    analysis.pieces.cache_clear()


def test_alternatives_share_what_a_question_may_cost(monkeypatch):
    sought = []
    measured = nearness_module.nearness
    monkeypatch.setattr(
        nearness_module,
        "nearness",
        lambda q, subject: sought.append(subject) or measured(q, subject),
    )
    monkeypatch.setattr(nearness_module, "COMPARED", 40)
    found = Counted(0, {f"公共停车{number}": number for number in range(100)})
    for share in (1, 4):
        sought.clear()
        built = ladder.build("停车场", TABLE, Sounds(TABLE.words), share)
        words = sum(1 + len(meant.others) for meant in built.question)
        admitted(built, [Counted(0, {}), *[found] * (len(built.steps) - 1)], 1)
        assert len(sought) == 40 // share // words
        # those of most entries
        assert sought[0] == "公共停车99"


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
