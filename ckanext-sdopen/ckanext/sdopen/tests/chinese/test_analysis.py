"""Chinese analysis: what is indexed and what is asked."""

import random

import pytest
from pypinyin import lazy_pinyin

from ckanext.sdopen import codes
from ckanext.sdopen.chinese import analysis, english, pinyin
from ckanext.sdopen.chinese.subjects import subject
from ckanext.sdopen.chinese.text import normal, pairs, runs, whole_runs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PM2.5 监测（日报）", ["pm2.5", "监测", "日报"]),
        ("５Ｇ基站", ["5g", "基站"]),
        ("Ａ级景区", ["a", "级景区"]),
        ("行政许可-2024", ["行政许可", "2024"]),
        ("第1章.5a", ["第", "1", "章", "5", "a"]),
        ("5G基站_v1.0", ["5g", "基站", "v1.0"]),
        ("a.5b", ["a.5", "b"]),
        ("Ａ１．２ 网", ["a1.2", "网"]),
        ("", []),
        ("！？", []),
    ],
)
def test_text_is_cut_into_runs_of_one_script(text, expected):
    assert runs(text) == expected


def test_a_run_becomes_overlapping_pairs():
    assert pairs("公积金") == ["公积", "积金"]
    assert pairs("水") == ["水"]
    assert pairs("5g") == ["5g"]
    assert normal("ＡＢＣ") == "abc"


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("圖書館", "图书馆"),
        ("ＫＴＶ\u200b歌舞", "ktv歌舞"),
        ("\ufeff環境\r\n影響", "环境\n影响"),
        ("乾隆", "干隆"),
    ],
)
def test_what_reads_alike_is_alike(text, same):
    assert normal(text) == normal(same) == same


def test_no_sign_parts_chinese_characters_in_the_index():
    assert whole_runs("部门预算及“三公”经费 预算（2017）") == ["部门预算及三公经费预算", "2017"]
    assert whole_runs("建设运行信 息\n情况表") == ["建设运行信息情况表"]


@pytest.mark.parametrize(
    ("title", "about"),
    [
        ("济南市历下区2023年公共厕所基本信息", "公共厕所"),
        ("烟台市公共厕所查询接口", "公共厕所"),
        ("全省年末常住人口", "年末常住人口"),
        ("信息", "信息"),
        ("", ""),
    ],
)
def test_a_subject_has_no_place_no_year_and_no_word_of_form(title, about):
    assert subject(title) == about


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("public libraries", "图书馆"),
        ("Bus stops in Jinan", "公交站点 济南"),
        ("kongqizhiliang", ""),
        ("hotel 济南", ""),
        ("library of alexandria", ""),
    ],
)
def test_everyday_english_words_lead_to_chinese_ones(text, chinese):
    assert english.translated(text) == chinese


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("哪里有公共厕所", ["公共厕所"]),
        ("网吧", ["网吧"]),
        ("低保怎么查呢", ["低保"]),
        ("烟台市空气质量", ["烟台市", "空气质量"]),
        ("怎么查", ["怎么"]),
        ("鲁海洋牧场", ["山东", "海洋", "牧场"]),
        ("鲁菜", ["鲁菜"]),
        ("标准GB/T4754-2017", ["标准", "gb/t4754-2017"]),
    ],
)
def test_a_query_keeps_what_it_is_about(query, words):
    assert analysis.query_words(query, frozenset(analysis.places())) == words


def test_a_word_of_the_table_is_not_torn_apart():
    vocabulary = frozenset({"公共厕所", "放管服"})
    assert analysis.query_words("放管服和公共厕所", vocabulary) == ["放管服", "公共厕所"]


def test_places_are_known_by_full_and_short_name_but_not_by_words_of_the_language():
    places = analysis.places()
    assert places["莒南"] == places["莒南县"] == "371327"
    assert places["贵州"] == places["贵州省"] == "520000"
    assert "平原" not in places
    assert places["平原县"] == "371426"


@pytest.mark.parametrize(
    ("name", "syllables"),
    [
        ("单县", ["shan", "xian"]),
        ("乐陵市", ["lao", "ling", "shi"]),
        ("长清区", ["chang", "qing", "qu"]),
        ("长岛", ["chang", "dao"]),
        ("长山", ["chang", "shan"]),
        ("朝阳市", ["chao", "yang", "shi"]),
        ("重庆市", ["chong", "qing", "shi"]),
    ],
)
def test_places_are_read_as_people_read_them(name, syllables):
    assert pinyin.syllables(name) == syllables


@pytest.mark.parametrize("region", codes.regions().values(), ids=lambda region: region.code)
def test_every_region_has_a_reading(region):
    read = pinyin.syllables(region.name)
    assert len(read) == len(region.name)
    assert all(syllable.isascii() and syllable.isalpha() for syllable in read)
    # the letters of the name, typed without spaces, can be cut again
    assert pinyin.cut("".join(read))


def test_titles_sort_by_pinyin():
    titles = ["住房", "安监", "公积金", "长清", "单县"]
    keys = {pinyin.sort_key_of(pinyin.syllables(title), title): title for title in titles}
    assert [keys[key] for key in sorted(keys)] == ["安监", "长清", "公积金", "单县", "住房"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hunyindegnji", ["hun", "yin", "deng", "ji"]),
        ("konqizhiliang", ["kong", "qi", "zhi", "liang"]),
        ("tingcechang", ["ting", "che", "chang"]),
    ],
)
def test_one_slip_in_typed_pinyin_is_mended(typed, meant):
    assert tuple(meant) in pinyin.mended(typed)


def test_letters_are_mended_once_for_all_breadths_of_a_question(monkeypatch):
    variants, asked = pinyin._variants, []
    monkeypatch.setattr(pinyin, "_variants", lambda letters: asked.append(1) or variants(letters))
    assert pinyin.mended("tingcechangdi") == pinyin.mended("tingcechangdi")
    assert len(asked) == 1


def test_words_inside_words_are_indexed():
    assert "公积金" in analysis.words("住房公积金")


def test_words_are_read_as_pypinyin_reads_the_whole_run():
    names = [region.name for region in codes.regions().values()]
    titles = [
        f"{name}{rest}" for name in names[::7] for rest in ("行政区划信息", "不动产登记重庆银行")
    ]
    odd = ["𠀁一二", "一𠀁𠀁二", "长", "長", "乐", "一丁不", "银", "差不", "〇一", "重重", "䶮地"]
    random.seed(3)
    characters = "重长行乐朝阳不一的了中国人民银会计都参差单薄畜"
    mixed = ["".join(random.choices(characters, k=6)) for _ in range(3_000)]
    for run in (*names, *titles, *odd, *mixed):
        assert list(pinyin._read(run)) == lazy_pinyin(run, errors="default"), run
