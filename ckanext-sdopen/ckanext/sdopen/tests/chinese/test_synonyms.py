"""The synonym table: the one shipped, and tables that are wrong."""

from collections import Counter

import pytest

from ckanext.sdopen import codes, paths
from ckanext.sdopen.chinese import synonyms

HEAD = "主题\t关系\t官方词\t说法\n"


@pytest.fixture(scope="module")
def groups():
    text = (paths.CONFIG / "search" / "synonyms.tsv").read_text(encoding="utf-8")
    return synonyms.parse(text)


def test_the_shipped_table_is_large_and_reaches_every_topic(groups):
    assert len(groups) >= 1_500
    by_topic = Counter(group.topic for group in groups)
    for topic in codes.load("topics"):
        if topic.value != "other":
            assert by_topic[topic.zh] >= 30, topic.zh


@pytest.mark.parametrize(
    ("said", "official"),
    [
        ("低保", "最低生活保障"),
        ("社保卡", "社会保障卡"),
        ("驾照", "机动车驾驶证"),
        ("房产证", "不动产登记"),
        ("环评", "环境影响评价"),
        ("危化品", "危险化学品"),
        ("非遗", "非物质文化遗产"),
        ("cpi", "居民消费价格指数"),
    ],
)
def test_what_citizens_say_leads_to_the_official_word(groups, said, official):
    table = synonyms.compiled(groups)
    assert any(official in word for word in table.same[said])


def test_same_words_stand_for_one_another_and_narrow_ones_lead_one_way():
    text = HEAD + "社保\t相同\t最低生活保障\t低保、低保金\n教育\t下位\t学校\t小学、初中\n"
    table = synonyms.compiled(synonyms.parse(text))
    assert table.same["低保"] == ("最低生活保障", "低保金")
    assert table.same["最低生活保障"] == ("低保", "低保金")
    assert table.wider["小学"] == ("学校",)
    assert "学校" not in table.wider


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("topic\tx\n", 1),
        (HEAD + "社保\t相同\t低保\n", 2),
        (HEAD + "社保\t等于\t低保\t低保金\n", 2),
        (HEAD + "社保\t相同\t\t低保金\n", 2),
        (HEAD + "社保\t相同\t低保\t低保金\n\n社保\t相同\t低保\t低保户\n", 4),
        (HEAD + "社保\t相同\t低保\t" + "长" * 31 + "\n", 2),
        (HEAD + "社保\t相同\t低保\t" + "、".join(map(str, range(50))) + "\n", 2),
    ],
)
def test_a_wrong_table_names_its_line(text, line):
    with pytest.raises(synonyms.SynonymError) as caught:
        synonyms.parse(text)
    assert caught.value.line == line


def test_a_table_saved_by_a_spreadsheet_with_a_byte_order_mark_is_read():
    assert len(synonyms.parse("\ufeff" + HEAD + "社保\t相同\t低保\t低保金\r\n")) == 1
