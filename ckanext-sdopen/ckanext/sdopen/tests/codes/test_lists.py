"""Code lists: complete, sourced, and found by any of their names."""

import pytest

from ckanext.sdopen import codes
from ckanext.sdopen.paths import CODES

LISTS = sorted(path.stem for path in CODES.glob("*.yaml"))


@pytest.mark.parametrize("name", LISTS)
def test_every_list_cites_its_source_and_labels_every_value_in_both_languages(name):
    code_list = codes.load(name)
    assert len(code_list) > 1
    assert len(code_list.source) > 5
    for code in code_list:
        assert isinstance(code.value, str), "a value that YAML took for something else"
        assert code.zh
        assert code.en
        assert code.en.isascii()


@pytest.mark.parametrize("name", [n for n in LISTS if n not in ("regions", "department_kind")])
def test_every_value_is_found_by_its_value_and_its_label(name):
    code_list = codes.load(name)
    for code in code_list:
        assert code_list.find(code.value) == code.value
        assert code_list.find(f" {code.zh} ") == code.value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("update_cycle", "每日", "daily"),
        ("update_cycle", "每季", "quarterly"),
        ("update_cycle", "不定时", "irregular"),
        ("update_cycle", "自定义", None),
        ("update_cycle", "3", None),
        ("sharing", "有条件共享", "conditional"),
        ("sharing", "２", "conditional"),
        ("opening", "否", "none"),
        ("data_type", "字符型C", "C"),
        ("data_type", "varchar", "C"),
        ("topics", "医疗卫生", "medical"),
        ("topics", "Social Security", "social_security"),
        ("regions", "佛山", "440600"),
        ("regions", "市中区", None),  # there are three in the province
        ("regions", "钢城区", None),
    ],
)
def test_find(name, text, value):
    assert codes.load(name).find(text) == value


def test_labels_come_in_both_languages_and_an_unknown_value_is_its_own():
    topics = codes.load("topics")
    assert topics.label("ocean", "zh_Hans_CN") == "海洋"
    assert topics.label("ocean", "en") == "Ocean"
    assert topics.label("weather", "en") == "weather"


def test_an_unknown_value_is_refused_by_name():
    with pytest.raises(codes.UnknownCode, match=r"weather.*topics"):
        codes.load("topics")["weather"]


def test_the_default_topics_are_the_twenty_and_other():
    values = [code.zh for code in codes.load("topics")]
    assert len(values) == 21
    assert values[0] == "信用"
    assert values[19] == "企业登记监管"
    assert values[20] == "其他"


@pytest.mark.parametrize("name", ["topics_2018", "topics_2024"])
def test_each_topic_of_the_other_sets_finds_its_place_in_the_default_set(name):
    topics = codes.load("topics")
    for code in codes.load(name):
        assert code.more["topic"] in topics
        assert topics.find(code.zh) == code.more["topic"], code.zh
